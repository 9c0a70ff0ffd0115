"""A ledger's file: one JSON object a line, appended and synced; damage is told, a torn last line is no damage."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.files import fsync_directory, make_directory, named, open_regular, refuse_link
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json

LARGEST = 256 << 20
LONGEST_LINE = 1 << 20
TORN = b'{"entry":"torn"}'
"""Ends a line that a crash, or a full disk, cut off: what stands before it never counted."""


def append_line(path: Path, entry: Mapping[str, Json], *, or_take_back: bool = False) -> None:
    """Append one line durably; a torn line that a crash left is ended first with a mark that says so.

    A file without a line may have been made by a run that was killed before its name was synced. A line that cannot be
    made durable may be read all the same; `or_take_back` removes it, as far as the disk still does that.
    """
    refuse_link(path.parent)
    make_directory(path.parent)
    # Half a surrogate pair, which a provider's message may hold, becomes the escape that JSON has for it.
    data = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size == 0:
            fsync_directory(path.parent)
        data = _ending(descriptor) + data
        with named(path), _taken_back(descriptor, size) if or_take_back else nullcontext():
            while data:
                data = data[os.write(descriptor, data) :]
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _taken_back(descriptor: int, size: int) -> Iterator[None]:
    try:
        yield
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _ending(descriptor: int) -> bytes:
    """Return what ends the last line, if it was cut off: only its line end may be missing, or it is not all there.

    The mark stands on the torn line itself, so that a crash that tears the mark as well leaves just a torn line again.
    """
    size = os.fstat(descriptor).st_size
    start = max(0, size - LONGEST_LINE)
    tail = os.pread(descriptor, LONGEST_LINE, start).rpartition(b"\n")[2]
    if not tail:
        return b""
    return b"\n" if _parsed(tail) is not None else TORN + b"\n"


def read_entries(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number and the object of each line that counts; none of a file that is not there.

    Raises BrokenFileError for a file that is too large, or that names a damaged line; OSError.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise BrokenFileError(f"{shown_path(path)}: larger than {LARGEST >> 20} MiB; this is no ledger of vidpipe")
        with open_regular(path) as file, named(path):
            lines = file.read(LARGEST).split(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return
    for number, line in enumerate(lines, 1):
        value = _parsed(line)
        if value is not None:
            yield number, value
        elif line and number < len(lines) and not line.endswith(TORN):
            raise damaged(path, number, "not a JSON object")


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def damaged(path: Path, number: int, what: str) -> BrokenFileError:
    """Return an error that names a damaged line."""
    return BrokenFileError(
        f"{shown_path(path)}:{number}: the ledger is damaged here ({what}); nothing is spent until it is whole again: "
        "restore it from a backup"
    )
