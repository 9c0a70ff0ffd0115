"""Paths that a spec names: inside the project, on disk as well as on paper."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vidpipe.spec.source import os_message, too_large
from vidpipe.words import shown_text


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
