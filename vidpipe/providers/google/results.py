"""Put a delivered clip in its place: written beside it first, whole, then renamed."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import threading
import uuid
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from vidpipe.files import create, refuse_detour, write_draft
from vidpipe.providers.base import NotAcceptedError, NotThereError
from vidpipe.providers.google.alongside import alongside
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from google.auth.credentials import Credentials
    from requests import PreparedRequest

    from vidpipe.providers.google.line import Line

CHUNK = 1 << 16
LARGEST = 4 << 30
"""Bytes: no clip of a few seconds comes near."""
STORAGE = "https://storage.googleapis.com"
BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
"""Names of buckets (https://cloud.google.com/storage/docs/buckets#naming); a step upwards is none."""


class CutShortError(Exception):
    """A download ended before all of it was there."""


def place(path: Path, data: bytes) -> None:
    """Write a clip's bytes."""
    part = part_of(path)
    try:
        write_draft(part, data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    """Return where a clip is written until it is whole; each attempt has a place of its own."""
    return path.with_name(f"{path.name}.{uuid.uuid4().hex[:12]}.part")


@asynccontextmanager
async def whole(path: Path) -> AsyncIterator[Path]:
    """Give a path to download to, which becomes `path` at the end, or nothing if the download fails."""
    folder = await asyncio.to_thread(_folder_of, path)
    part = folder / path.name
    try:
        yield part
        if not await asyncio.to_thread(_size, part):
            raise NotAcceptedError("the download is empty", retry=True)
        await asyncio.to_thread(_put, part, path)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _folder_of(path: Path) -> Path:
    """Make a folder to download to: where its parent is exchanged meanwhile, there is none of its name."""
    folder = part_of(path)
    refuse_detour(folder.parent)
    folder.mkdir()
    return folder


def _put(part: Path, path: Path) -> None:
    refuse_detour(part.parent)
    part.replace(path)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


async def place_object(line: Line, uri: str, path: Path) -> None:
    """Fetch an object of Cloud Storage with Google Cloud's credentials, which the SDK cannot. Raises NotAcceptedError.

    Protocol: https://cloud.google.com/storage/docs/json_api/v1/objects/get
    """
    url = object_url(uri)
    login = await line.login()
    given_up = threading.Event()
    async with whole(path) as part:
        try:
            async with asyncio.timeout(line.timeouts.download):
                work = partial(_download, login.credentials, url, part, line.timeouts.poll, given_up)
                status = await alongside(work)
        except Exception as error:
            raise line.free(error) from None
        finally:
            given_up.set()  # nobody can stop a thread: it looks for this after each piece
        if status != 200:
            raise _not_there(uri, status)


def object_url(uri: str) -> str:
    """Return the address of an object's bytes. Raises NotAcceptedError for anything but gs://bucket/name."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not BUCKET.fullmatch(bucket) or not name or name in {".", ".."}:
        raise NotAcceptedError(f"the clip lies at an address that vidpipe cannot read: {redacted(uri)[:200]}")
    host = os.environ.get("STORAGE_EMULATOR_HOST", "").rstrip("/") or STORAGE
    base = host if "://" in host else f"http://{host}"
    return f"{base}/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}?alt=media"


def _download(credentials: Credentials, url: str, path: Path, seconds: float, given_up: threading.Event) -> int:
    """Write an object's bytes to a path and return the HTTP status; nothing is written for another than 200.

    `seconds` may pass between two pieces. Who is `given_up` stops at the next one, and leaves nothing behind.
    """
    from requests import Session

    headers: dict[str, str] = {}
    credentials.apply(headers)  # type: ignore[no-untyped-call]

    def authorized(request: PreparedRequest) -> PreparedRequest:
        request.headers.update(headers)
        return request

    # google.auth's own session would also ask Google, wherever the server is, in which regions the account may work.
    with Session() as session, session.get(url, stream=True, timeout=seconds, auth=authorized) as response:
        if response.status_code != 200:
            return int(response.status_code)
        wanted, size = response.headers.get("Content-Length"), 0
        try:
            with create(path) as file:
                for chunk in response.iter_content(CHUNK):
                    if given_up.is_set():
                        break
                    size += file.write(chunk)
                    if size > LARGEST:
                        raise CutShortError(f"more than {LARGEST:,} bytes")
        finally:
            if given_up.is_set():
                path.unlink(missing_ok=True)
        if wanted is not None and "Content-Encoding" not in response.headers and size != int(wanted):
            raise CutShortError(f"{size:,} of {int(wanted):,} bytes")
    return 200


def _not_there(uri: str, status: int) -> NotAcceptedError:
    uri = redacted(uri)
    if status in {401, 403}:
        return NotAcceptedError(f"the credentials may not read {uri}: grant them the role Storage Object Viewer")
    if status == 404:
        return NotThereError(f"{uri} is not there any more")
    return NotAcceptedError(f"{uri}: answered {status}", retry=status in {408, 429} or status >= 500)
