"""What a shell offers while a command line is being typed: what lies on disk, looked up without reading any of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from vidpipe.spec.project import ENDINGS

DIRECTORY = "runs"
MADE = ("storyboard.json", "narration/*", "keyframes/*", "clips/*", "film.mp4")

PLAIN = re.compile(r"(?!-)[\w@+,./-]+")
"""What a shell takes as it is: letters, digits and marks that mean nothing to one."""


def plain(names: list[str]) -> list[str]:
    """Return the names that can be put on a command line as they are.

    A shell inserts what it is offered without quotes: of a stranger's file, `$(...)` would be carried out.
    """
    return [name for name in names if PLAIN.fullmatch(name)]


def specs(begun: str) -> list[str]:
    """Return the specs and folders beside what was begun, written like it."""
    folder, slash, _ = begun.rpartition("/")
    entries = sorted(Path(folder + slash or ".").iterdir())
    found = [path.name for path in entries if path.suffix in ENDINGS]
    found += [f"{path.name}/" for path in entries if path.is_dir() and not path.name.startswith(".")]
    return [f"{folder}{slash}{name}" for name in found]


def jobs(directory: Path | None) -> list[str]:
    """Return the names of the jobs under `--dir`, VIDPIPE_DIR or `runs`."""
    return sorted(path.parent.parent.name for path in _runs(directory).glob("*/.vidpipe/job.json"))


def targets(job: str, directory: Path | None) -> list[str]:
    """Return the targets that are made of a job, named by its directory, its name or its spec."""
    folder = Path(job)
    if not (folder / ".vidpipe").is_dir():
        folder = _runs(directory) / (folder.stem if folder.suffix in ENDINGS else folder.name)
    found = [path for pattern in MADE for path in sorted(folder.glob(pattern))]
    return [path.relative_to(folder).as_posix() for path in found]


def _runs(directory: Path | None) -> Path:
    return Path(directory or os.environ.get("VIDPIPE_DIR") or DIRECTORY)
