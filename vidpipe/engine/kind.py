"""What the engine must know of a kind of file: how to tell a damaged one and what its digest is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Disk
from vidpipe.errors import BrokenFileError
from vidpipe.files import NO_FILE, RACY_NS, named, sha256_file, stamp
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vidpipe.engine.record import Record
    from vidpipe.files import Stamp

ROT = (
    "its content is not what was recorded, though nobody has written to it since: the disk has damaged it; "
    "put a sound copy in its place, or delete it to have it made again"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target.

    `check` raises BrokenFileError for a file that is not a valid one of its kind. `digest` returns the hex sha256 that
    stands for a file's content, by default that of its bytes; it may raise BrokenFileError too.
    """

    step: str
    check: Callable[[Path], object]
    digest: Callable[[Path], str] = sha256_file

    def look(self, path: Path, record: Record | None, *, verify: bool = False, strict: bool = False) -> Disk:
        """Return what stands at a target's path, hashing it only where the record's stamp does not answer.

        A file that the system cannot read counts as damaged, or raises OSError if `strict`: what is about to be
        replaced, or dropped, is neither edited nor damaged because a disk fails.
        """
        try:
            found = stamp(path)
        except (FileNotFoundError, NotADirectoryError):
            return Disk()
        except OSError as error:
            return _unreadable(path, error, strict=strict)
        unchanged = record is not None and trusted(record.stamp, record.recorded_ns, found)
        if record is not None and unchanged and not verify:
            return Disk(record.digest, stamp=found)
        try:
            return Disk(self._proved(path, record, unchanged=unchanged), stamp=found)
        except BrokenFileError as error:
            return Disk(damage=str(error))
        except OSError as error:
            return _unreadable(path, error, strict=strict)

    def _proved(self, path: Path, record: Record | None, *, unchanged: bool) -> str:
        """Return a file's digest, once it is a valid one of its kind. Raises BrokenFileError or OSError."""
        digest = self.digest(path)
        if record is None or record.digest != digest:
            if unchanged:
                raise BrokenFileError(f"{shown_path(path)}: {ROT}")
            self.check(path)
        return digest

    def holds(self, path: Path, digest: str) -> bool:
        """Whether a file of that content stands there; damaged is as good as gone. Raises OSError that names it."""
        try:
            with named(path):
                return self.digest(path) == digest
        except BrokenFileError:
            return False
        except OSError as error:
            if error.errno in NO_FILE:
                return False
            raise


def _unreadable(path: Path, error: OSError, *, strict: bool) -> Disk:
    if strict and error.errno not in NO_FILE:
        raise OSError(error.errno, error.strerror, str(path)) from error  # in the middle of reading it names no file
    return Disk(damage=f"{shown_path(path)}: {error.strerror or error}")


def trusted(recorded: Stamp | None, recorded_ns: int, found: Stamp) -> bool:
    """Whether equal stamps prove equal content: only if the mtime is over two seconds older than the recording."""
    return recorded == found and found[1] + RACY_NS < recorded_ns
