"""Paths as they are shown, relative to the current folder where they lie below it, else absolute, and as they lead."""

from __future__ import annotations

import os
from pathlib import Path


def shown_path(path: Path) -> str:
    """Return a path as one would name it from here."""
    absolute = os.path.normpath(Path.cwd() / path)
    try:
        return Path(absolute).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute


def real_path(path: Path) -> Path:
    """Return a path with its symbolic links followed; those in a circle, which resolve() refuses, as they stand."""
    return Path(os.path.realpath(path))


def refusal_of_disk(error: OSError, otherwise: Path) -> str:
    """Return what the system said, after the path that it was about: `runs/pier: No space left on device`."""
    about = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else otherwise
    return f"{shown_path(about)}: {error.strerror or error}"
