"""What the verdict on a finished job rests on, in a form that is cheap to compare: stamps of files, digests of sources.

Paths are text here: a thousand finished jobs are 50,000 files, and a Path costs more than the question asked of it.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from vidpipe.engine.layout import Layout
from vidpipe.files import RACY_NS, sha256_file

_JOB = Layout(Path())
SINGLE = ("storyboard.json", "film.mp4", "film.json", "film.srt", "film.vtt", str(_JOB.job), str(_JOB.ledger))
FLAT = ("narration", "keyframes", "clips")
DEEP = (str(_JOB.records), str(_JOB.pendings), str(_JOB.marks))
UNFINISHED = (f"{_JOB.pendings}/", f"{_JOB.marks}/")
"""How the names of files begin that wait for the next run to settle them."""

StampList = list[int]
"""A stamp as JSON holds it (see `files.Stamp`)."""


def stamp_of(status: os.stat_result) -> StampList:
    """Return the stamp of a file."""
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def is_settled(stamp: StampList, now_ns: int) -> bool:
    """Whether any change from now on must show in the stamp (`files.backdate` says why that takes time)."""
    return stamp[1] + RACY_NS < now_ns


def snapshot(job: str) -> dict[str, StampList]:
    """Return the stamps of all files of a job directory that its state rests on, by name. Raises OSError.

    Everything in the folders counts, wanted or not: an added file may be an orphan, a mark or a record. A visible file
    whose name begins with a dot is nobody's target.
    """
    found = {}
    for name in SINGLE:
        try:
            found[name] = stamp_of(os.stat(f"{job}/{name}"))  # noqa: PTH116
        except FileNotFoundError:
            continue
    for folder in FLAT:
        _add(found, job, folder, deep=False)
    for folder in DEEP:
        _add(found, job, folder, deep=True)
    return found


def _add(found: dict[str, StampList], job: str, folder: str, *, deep: bool) -> None:
    if os.path.islink(f"{job}/{folder}"):  # noqa: PTH114
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), folder)
    try:
        entries = os.scandir(f"{job}/{folder}")
    except FileNotFoundError:
        return
    with entries:
        for entry in entries:
            if not entry.is_dir():
                if deep or not entry.name.startswith("."):
                    found[f"{folder}/{entry.name}"] = stamp_of(entry.stat())
            elif deep:
                _add(found, job, f"{folder}/{entry.name}", deep=True)


class Source(NamedTuple):
    """A source file: the digest of its bytes, its stamp, and whether an equal stamp proves equal bytes."""

    digest: str
    stamp: StampList
    settled: bool


@dataclass(slots=True)
class Sources:
    """Looks at source files; one that many jobs share is looked at once."""

    _stamps: dict[str, StampList] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _real: dict[str, bool] = field(default_factory=dict)

    def holds(self, path: str, source: Source) -> bool:
        """Whether a file is what it was, read only where its stamp does not tell. Raises OSError."""
        if not self.is_plain(path) or self._stamps[path][0] != source.stamp[0]:
            return False
        return (source.settled and self._stamps[path] == source.stamp) or self.digest(path) == source.digest

    def is_plain(self, path: str) -> bool:
        """Whether there is a regular file and no symbolic link on the way to it. Raises OSError."""
        if path not in self._stamps:
            folder = path[: path.rindex("/")]
            if folder not in self._real:
                self._real[folder] = os.path.realpath(folder) == folder
            status = os.lstat(path)
            if not self._real[folder] or not stat.S_ISREG(status.st_mode):
                return False
            self._stamps[path] = stamp_of(status)
        return True

    def stamp(self, path: str) -> StampList:
        """Return the stamp of a plain file. Raises ValueError where it is none, OSError where there is nothing."""
        if not self.is_plain(path):
            raise ValueError(f"{path}: no plain file")
        return self._stamps[path]

    def stamp_of_any(self, path: str) -> StampList | None:
        """Return the stamp of a plain file, None where there is nothing. Raises ValueError or OSError."""
        try:
            return self.stamp(path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def digest(self, path: str) -> str:
        """Return the digest of a file's bytes. Raises OSError."""
        if path not in self._digests:
            self._digests[path] = sha256_file(Path(path))
        return self._digests[path]
