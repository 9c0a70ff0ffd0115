"""Put a delivered clip in its place: written beside it first, whole, then renamed."""

from __future__ import annotations

import asyncio
import shutil
import threading
import uuid
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from vidpipe.files import create, named, refuse_detour, write_draft
from vidpipe.providers.base import NotAcceptedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path
    from typing import BinaryIO

LARGEST = 4 << 30
"""Bytes: no clip of a few seconds comes near."""


class CutShortError(Exception):
    """A download ended before all of it was there."""


class Part:
    """A file that a clip is downloaded to; it is made by the first piece.

    `fault` is what the disk said where it did not take everything: among the errors of a network it would be one more.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.fault: OSError | None = None
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._closed = False

    def write(self, data: bytes) -> int:
        """Write a piece. Raises OSError, also where the part has been closed, and CutShortError for too many bytes."""
        with self._lock:
            if self._closed:
                raise CutShortError("nobody waits for it any more")
            self.size += len(data)
            if self.size > LARGEST:
                raise CutShortError(f"more than {LARGEST:,} bytes")
            with self._blamed():
                self._file = self._file or create(self.path)
                return self._file.write(data)

    def close(self) -> None:
        """Close the file, after which nothing is written to it. Raises OSError."""
        with self._lock:
            self._closed = True
            with self._blamed():
                if self._file is not None:
                    self._file.close()

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        try:
            with named(self.path):
                yield
        except OSError as error:
            self.fault = self.fault or error
            raise


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
async def whole(path: Path) -> AsyncIterator[Part]:
    """Give a part to download to, which becomes `path` at the end, or nothing if the download fails.

    Raises OSError where the disk did not take it, whatever was made of that on the way.
    """
    folder = await asyncio.to_thread(_folder_of, path)
    part = Part(folder / path.name)
    try:
        try:
            yield part
        finally:
            await asyncio.to_thread(part.close)
        if not await asyncio.to_thread(_size, part.path):
            raise NotAcceptedError("the download is empty", retry=True)
        await asyncio.to_thread(_put, part.path, path)
    except Exception:
        if part.fault is not None:
            raise part.fault from None
        raise
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
