"""Fetch a clip from a bucket of Cloud Storage, which the SDK cannot."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from vidpipe.providers.base import NotAcceptedError, NotThereError
from vidpipe.providers.google.alongside import alongside
from vidpipe.providers.google.results import CutShortError, whole
from vidpipe.redact import redacted
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from pathlib import Path

    from google.auth.credentials import Credentials
    from requests import PreparedRequest, Response

    from vidpipe.providers.google.line import Line
    from vidpipe.providers.google.results import Part

CHUNK = 1 << 16
STORAGE = "https://storage.googleapis.com"
BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
"""Names of buckets (https://cloud.google.com/storage/docs/buckets#naming); a step upwards is none."""
SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of pairs: no name can be written with one."""


async def place_object(line: Line, uri: str, path: Path) -> None:
    """Fetch an object of Cloud Storage with Google Cloud's credentials, which the SDK cannot. Raises NotAcceptedError.

    Protocol: https://cloud.google.com/storage/docs/json_api/v1/objects/get
    """
    url = object_url(uri)
    login = await line.login()
    async with whole(path) as part:
        attempt = Attempt(login.credentials, url, part, line.timeouts.poll)
        try:
            async with asyncio.timeout(line.timeouts.download):
                status = await alongside(attempt.download)
        except Exception as error:
            raise line.free(error) from None
        finally:
            attempt.give_up()
        if status != 200:
            raise _not_there(uri, status)


def object_url(uri: str) -> str:
    """Return the address of an object's bytes. Raises NotAcceptedError for anything but gs://bucket/name."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    is_name = name not in {"", ".", ".."} and not SURROGATES.search(name)
    if not uri.startswith("gs://") or not BUCKET.fullmatch(bucket) or not is_name:
        raise NotAcceptedError(f"the clip lies at an address that vidpipe cannot read: {shown_text(redacted(uri))}")
    host = os.environ.get("STORAGE_EMULATOR_HOST", "").rstrip("/") or STORAGE
    base = host if "://" in host else f"http://{host}"
    return f"{base}/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}?alt=media"


class Attempt:
    """A download in a thread, which nobody can stop: who is given up is cut off from his server, or stops by himself.

    `seconds` may pass between two pieces of what comes.
    """

    def __init__(self, credentials: Credentials, url: str, part: Part, seconds: float) -> None:
        self._credentials = credentials
        self._url = url
        self._part = part
        self._seconds = seconds
        self._given_up = threading.Event()
        self._response: Response | None = None

    def give_up(self) -> None:
        """Let nobody wait for a server that sends a byte now and then: reading from it ends at once."""
        self._given_up.set()
        cut = getattr(getattr(self._response, "raw", None), "shutdown", None)
        with suppress(Exception):  # it is over already
            if cut is not None:
                cut()

    def download(self) -> int:
        """Write an object's bytes and return the HTTP status; nothing is written for another than 200."""
        from requests import Session

        headers: dict[str, str] = {}
        self._credentials.apply(headers)  # type: ignore[no-untyped-call]

        def authorized(request: PreparedRequest) -> PreparedRequest:
            request.headers.update(headers)
            return request

        # google.auth's own session would also ask Google, wherever the server is, where the account may work.
        with (
            Session() as session,
            session.get(self._url, stream=True, timeout=self._seconds, auth=authorized) as response,
        ):
            self._response = response
            if response.status_code == 200 and not self._given_up.is_set():
                self._receive(response)
            return int(response.status_code)

    def _receive(self, response: Response) -> None:
        wanted = response.headers.get("Content-Length")
        for chunk in response.iter_content(CHUNK):
            if self._given_up.is_set():
                return
            self._part.write(chunk)
        if wanted is not None and "Content-Encoding" not in response.headers and self._part.size != int(wanted):
            raise CutShortError(f"{self._part.size:,} of {int(wanted):,} bytes")


def _not_there(uri: str, status: int) -> NotAcceptedError:
    uri = redacted(uri)
    if status in {401, 403}:
        return NotAcceptedError(f"the credentials may not read {uri}: grant them the role Storage Object Viewer")
    if status == 404:
        return NotThereError(f"{uri} is not there any more")
    return NotAcceptedError(f"{uri}: answered {status}", retry=status in {408, 429} or status >= 500)
