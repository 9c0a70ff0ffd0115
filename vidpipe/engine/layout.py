"""Where everything lies in a job directory (docs/on-disk.md).

Visible files are the user's; what vidpipe keeps for itself is under `.vidpipe/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.errors import UsageError
from vidpipe.words import folded, shown_text

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
"""The number of the on-disk format; a directory with a higher one is refused."""

PRIVATE = ".vidpipe"

FOLDERS = ("narration", "keyframes", "clips")
LONGEST = 200
"""Bytes of a target's name: with what vidpipe adds to it for its own files, every file system takes it."""


def is_target_name(name: str) -> bool:
    """Whether a name is a path inside a job directory, and not among what vidpipe keeps there for itself.

    It is one that can be written, and shown, as it is; in letter case only, nothing differs from `.vidpipe`.
    """
    if "\\" in name or not name.isprintable() or len(name.encode()) > LONGEST:
        return False
    return not any(folded(part) in {"", ".", "..", PRIVATE} for part in name.split("/"))


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one job directory."""

    root: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the user's files."""
        return tuple(self.root / name for name in FOLDERS)

    @property
    def private(self) -> Path:
        """Everything that vidpipe keeps for itself."""
        return self.root / PRIVATE

    @property
    def lock(self) -> Path:
        """The kernel lock's file, never unlinked; it holds the pid and host of the holder, and nothing while free."""
        return self.private / "lock"

    @property
    def job(self) -> Path:
        """Which spec makes this directory, and the format number."""
        return self.private / "job.json"

    @property
    def ledger(self) -> Path:
        """The append-only journal of paid requests."""
        return self.private / "ledger.jsonl"

    @property
    def log(self) -> Path:
        """The events of every run that did something."""
        return self.private / "log.jsonl"

    @property
    def index(self) -> Path:
        """The fast path of a no-op, disposable."""
        return self.private / "index.json"

    @property
    def cache(self) -> Path:
        """What local targets are made of and took work to make; disposable."""
        return self.private / "cache"

    @property
    def scratch(self) -> Path:
        """Drafts and temporary files, emptied at the start of a run."""
        return self.private / "tmp"

    @property
    def records(self) -> Path:
        """One record per target."""
        return self.private / "records"

    @property
    def pendings(self) -> Path:
        """One pending record per target between "made" and "recorded"."""
        return self.private / "pending"

    @property
    def archive(self) -> Path:
        """Replaced outputs by content (`content/SHA256`), and their records (`records/TARGET/TAKE.json`)."""
        return self.private / "archive"

    @property
    def marks(self) -> Path:
        """What `redo` and `accept` asked for and a run has not settled yet."""
        return self.private / "marks"

    def target(self, name: str) -> Path:
        """The visible file of a target. Raises UsageError, as all that follow do, for what is no target's name."""
        return self.root / _checked(name)

    def record(self, name: str) -> Path:
        """The record of a target."""
        return self.records / f"{_checked(name)}.json"

    def pending(self, name: str) -> Path:
        """The pending record of a target."""
        return self.pendings / f"{_checked(name)}.json"

    def content(self, digest: str) -> Path:
        """The archived bytes of a digest."""
        return self.archive / "content" / digest

    def take(self, name: str, take: int) -> Path:
        """The record of an archived take."""
        return self.archive / "records" / _checked(name) / f"{take:06}.json"

    def mark(self, kind: str, name: str) -> Path:
        """The mark that `redo` or `accept` left on a target."""
        return self.marks / kind / f"{_checked(name)}.json"


def _checked(name: str) -> str:
    if not is_target_name(name):
        raise UsageError(f"{shown_text(name)} is not a target: a target is a path inside the job directory")
    return name
