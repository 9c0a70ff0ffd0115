"""See what is made durable, and when: the calls of `os.fsync`, by path."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def watch(monkeypatch: pytest.MonkeyPatch, root: Path, before: Callable[[str], object] = lambda _: None) -> list[str]:
    """Return a list to which every sync below `root` adds its path (`.` is `root` itself, `..` the folder above it).

    `before` is told of each just before it is done, and may raise.
    """
    seen: list[str] = []

    def sync(descriptor: int) -> None:
        path = place_of(descriptor, root)
        before(path)
        seen.append(path)

    monkeypatch.setattr("os.fsync", sync)
    return seen


def place_of(descriptor: int, root: Path) -> str:
    """Return the path of an open file, relative to `root`; an empty text for one that lies elsewhere."""
    status = os.fstat(descriptor)
    paths = [root.parent, root, *root.rglob("*")]
    for path in paths:
        with suppress(FileNotFoundError):  # another thread has renamed it, or removed it, since it was listed
            if os.path.samestat(path.lstat(), status):
                return ".." if path == root.parent else path.relative_to(root).as_posix()
    return ""
