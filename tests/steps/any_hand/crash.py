"""A process that is killed in the middle of its writing, without a process: the disk as it was is put back."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from tests.steps.any_hand.vendor import Books

CALLS = ("replace", "rename", "fsync", "unlink")


@dataclass(slots=True)
class Kill:
    """Kills at one of the calls that make writes durable or visible: what comes later has not happened.

    All these calls wait for each other, so what is on disk at that moment is what a killed process would have left. The
    vendor hears nothing from then on.
    """

    books: Books
    root: Path
    image: Path
    at: int | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def tick(self) -> None:
        """Count a call, and take the image if this is the moment."""
        with self.lock:
            if self.at is None or self.books.frozen:
                return
            self.at -= 1
            if self.at < 0:
                self.books.frozen = True
                shutil.copytree(self.root, self.image, symlinks=True)

    @contextmanager
    def after(self, calls: int) -> Iterator[None]:
        """Kill what is done here after so many calls, if it comes to that."""
        self.at = calls
        try:
            yield
        finally:
            self.at = None
            if self.books.frozen:
                shutil.rmtree(self.root)
                self.image.rename(self.root)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Count from now on; syncing itself is left out, for no test pulls the plug."""
        for name in CALLS:
            patch.setattr(os, name, self._counted(name))

    def _counted(self, name: str) -> object:
        real = getattr(os, name) if name != "fsync" else lambda _descriptor: None

        def call(*args: object, **keys: object) -> object:
            self.tick()
            with self.lock:
                return real(*args, **keys)

        return call
