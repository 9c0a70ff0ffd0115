"""Paths as they are shown: relative to the current folder where they lie below it, else absolute."""

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
