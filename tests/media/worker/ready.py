"""How a test learns that a task has begun, and that its process is gone."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a test gives up; none of them takes so long if all is well."""


class Ready:
    """A named pipe that a task holds open for as long as it lives."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def pid(self) -> int:
        """Wait for the task to begin and return the number of its process."""
        return int(self._read())

    def assert_gone(self) -> None:
        """Wait until nobody holds the pipe any more."""
        assert self._read() == b""

    def _read(self) -> bytes:
        assert select.select([self._pipe], [], [], PATIENCE)[0], "nothing happened"
        return os.read(self._pipe, 100)

    def close(self) -> None:
        """Give the pipe up."""
        os.close(self._pipe)
