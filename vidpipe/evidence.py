"""What the verdict on a finished job rests on, in a form that costs little to compare: stamps, digests, vidpipe itself.

`index` reads it and `index_write` writes it down. Nothing here writes, and nothing here imports anything heavy.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from vidpipe.engine.layout import Layout
from vidpipe.files import RACY_NS, sha256_file

FORMAT = 1
IMPORTED_NS = time.time_ns()
"""When this process had hardly imported anything: code that is older is the code that runs."""

_JOB = Layout(Path())
INDEX = str(_JOB.index)
SINGLE = ("storyboard.json", "film.mp4", "film.json", str(_JOB.job), str(_JOB.ledger))
FLAT = ("keyframes", "clips")
DEEP = (str(_JOB.records), str(_JOB.pendings), str(_JOB.marks))
UNFINISHED = tuple(f"{folder}/" for folder in (_JOB.pendings, _JOB.marks))
"""How the names of files begin that wait for the next run to settle them."""

PACKAGE = Path(__file__).parent
CODE = (".py", ".toml")
LIBRARIES = ("av-", "pillow-", "pydantic-", "pydantic_core-", "pyyaml-")
"""What reads and judges the user's files with vidpipe, and shapes the reply schema, which stands in fingerprints."""

StampList = list[int]
"""A stamp as JSON holds it (see `files.Stamp`)."""


def stamp_of(status: os.stat_result) -> StampList:
    """Return the stamp of a file."""
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def settled(stamp: StampList, now_ns: int) -> bool:
    """Whether any later change must show in the stamp (`files.RACY_NS` says why that takes time)."""
    return stamp[1] + RACY_NS < now_ns


def snapshot(job: str) -> dict[str, StampList]:
    """Return the stamps of all files of a job directory that its state rests on, by name. Raises OSError.

    Everything in the folders counts, wanted or not: an added file may be an orphan, a mark or a record. Files whose
    names begin with a dot are nobody's target.
    """
    found = {}
    for name in SINGLE:
        try:
            found[name] = stamp_of(os.stat(f"{job}/{name}"))  # noqa: PTH116 - a Path each would cost more than the stat
        except FileNotFoundError:
            continue
    for folder in FLAT:
        _add(found, job, folder, deep=False)
    for folder in DEEP:
        _add(found, job, folder, deep=True)
    return found


def _add(found: dict[str, StampList], job: str, folder: str, *, deep: bool) -> None:
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
    """A source file: its digest, its stamp, and whether equal stamps prove equal content."""

    digest: str
    stamp: StampList
    settled: bool


@dataclass(slots=True)
class Digests:
    """Holds source files against their digests; one that many jobs share is looked at once."""

    _stamps: dict[str, StampList] = field(default_factory=dict)
    _digests: dict[str, str] = field(default_factory=dict)
    _real: dict[str, bool] = field(default_factory=dict)

    def holds(self, path: str, source: Source) -> bool:
        """Whether a source file is what it was, read only where its stamp does not tell. Raises OSError."""
        if not self.is_plain(path) or self._stamps[path][0] != source.stamp[0]:
            return False
        return (source.settled and self._stamps[path] == source.stamp) or self.of(path) == source.digest

    def of(self, path: str) -> str:
        """Return the digest of a file. Raises OSError."""
        if path not in self._digests:
            self._digests[path] = sha256_file(Path(path))
        return self._digests[path]

    def is_plain(self, path: str) -> bool:
        """Whether there is a regular file and no symbolic link on the way to it. Raises OSError."""
        if path not in self._stamps:
            status = os.lstat(path)
            folder = os.path.dirname(path)  # noqa: PTH120
            if folder not in self._real:
                self._real[folder] = os.path.realpath(folder) == folder
            if not self._real[folder] or not stat.S_ISREG(status.st_mode):
                return False
            self._stamps[path] = stamp_of(status)
        return True

    def stamp(self, path: str) -> StampList:
        """Return the stamp of a plain file. Raises ValueError where it is none, OSError where it is not there."""
        if not self.is_plain(path):
            raise ValueError(f"{path}: no plain file")
        return self._stamps[path]


def code_identity() -> str:
    """Return a digest of all that judges: vidpipe's own code and data, Python, the libraries that read files.

    It is made of content, not of stamps, so that installing the same version once more changes nothing. Raises OSError
    where vidpipe or its libraries do not lie in plain files.
    """
    digest = hashlib.sha256(sys.version.encode())
    versions = sorted(_library_versions())
    if not versions:
        raise FileNotFoundError("no library says its version")
    for name in versions:
        digest.update(name.encode())
    for path in _code_files():
        data = Path(path).read_bytes()
        digest.update(f"{os.path.relpath(path, PACKAGE)} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def code_is_settled() -> bool:
    """Whether the code on disk is surely the code that runs: nobody touched it since this process began."""
    newest = max(max(status.st_mtime_ns, status.st_ctime_ns) for status in map(os.stat, _code_files()))
    return newest + RACY_NS < IMPORTED_NS


def _code_files() -> list[str]:
    found: list[str] = []
    folders = [str(PACKAGE)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(CODE):
                    found.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    return sorted(found)


def _library_versions() -> set[str]:
    """Return the installed libraries as their metadata folders are called, without the cost of importlib.metadata."""
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        found |= {name.lower() for name in names if name.lower().startswith(LIBRARIES) and "-info" in name}
    return found
