"""Paths that a spec names: inside the project, on disk as well as on paper."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vidpipe.spec.source import os_message, too_large
from vidpipe.words import folded, shown_text

LONGEST = 200
"""Bytes of a name in `output`: with what vidpipe adds to it while it writes, every file system takes it."""


def inside(folder: Path, named: str, boundary: Path) -> Path:
    """Return where a path leads that a file in `folder` names; both folders are resolved, symbolic links followed.

    Raises ValueError where it leaves `boundary`, by its words or through a symbolic link.
    """
    if "\0" in named:
        raise ValueError("contains a NUL character")
    if Path(named).is_absolute() or named.startswith("~"):
        raise ValueError(f"must be relative (got {shown_text(named)})")
    written = Path(os.path.normpath(folder / named))
    if not written.is_relative_to(boundary):
        raise ValueError(f"{shown_text(named)} lies outside the project")
    real = Path(os.path.realpath(written))
    if not real.is_relative_to(boundary):
        raise ValueError(f"{shown_text(named)} leads out of the project through a symbolic link")
    return real


def existing_file(path: Path, named: str, largest: int) -> Path:
    """Return a path if a regular file of at most `largest` bytes is there. Raises ValueError, naming it as the user."""
    name = shown_text(named)
    try:
        status = path.stat()
    except OSError as error:
        raise ValueError(f"{name}: {os_message(error)}") from error
    if stat.S_ISDIR(status.st_mode):
        raise ValueError(f"{name} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{name} is no regular file")
    if status.st_size > largest:
        raise ValueError(f"{name} {too_large(status.st_size, largest)}")
    return path


def check_output(path: Path, root: Path, jobs: Path) -> None:
    """Raise ValueError where no film can be placed, or none may: too long a name, a file's place, the job directories.

    `path` and `root`, which it lies below, are resolved. Letter case and Unicode's normal forms make no difference: on
    some file systems, `RUNS` is `runs`.
    """
    long = next((part for part in path.relative_to(root).parts if len(os.fsencode(part)) > LONGEST), None)
    if long is not None:
        raise ValueError(f"{shown_text(long)} is too long a name: at most {LONGEST} bytes are taken")
    for folder in (jobs, Path(os.path.realpath(jobs))):
        if _parts(path)[: len(folder.parts)] == _parts(folder):
            raise ValueError("lies among the job directories, where vidpipe keeps its own files")
    for folder in path.relative_to(root).parents:
        if os.path.exists(root / folder) and not os.path.isdir(root / folder):  # noqa: PTH110, PTH112 - of any length
            raise ValueError(f"lies below {shown_text(folder.as_posix())}, which is a file")


def _parts(path: Path) -> list[str]:
    return [folded(part) for part in path.parts]
