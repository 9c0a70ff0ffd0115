"""A disk that fails, as the system tells of it."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

SAID = os.strerror(errno.EIO)


def disk_error(*given: object, **_named: object) -> NoReturn:
    """Fail in place of any function of files, as a disk that neither reads nor writes; the first path is named."""
    paths = [str(each) for each in given if isinstance(each, Path)]
    raise OSError(errno.EIO, SAID, *paths[:1])


def unreadable(monkeypatch: pytest.MonkeyPatch, *paths: Path, when: Callable[[], bool] = lambda: True) -> None:
    """Let the disk fail to read files."""
    usual = os.open

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if when() and not flags & (os.O_WRONLY | os.O_RDWR | os.O_DIRECTORY) and path in paths:
            disk_error(path)
        return usual(path, flags, *given, **named)

    monkeypatch.setattr("os.open", opened)
