"""A gate at which the vendor's answers wait."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.loopback.deeds import Do

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor

SECONDS = 120.0
"""Far more than what a crowd of processes needs to get there on a machine that is busy."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Keeps answers until a test opens it; one that a test forgets fails that test, and does not open by itself."""

    vendor: Vendor
    _opened: threading.Event = field(default_factory=threading.Event)

    @property
    def deed(self) -> Do:
        """What the vendor does: he waits, then answers as usual."""
        return Do(self._wait)

    def open(self) -> None:
        """Let all answers go, from now on."""
        self._opened.set()

    def _wait(self) -> None:
        if not self._opened.wait(SECONDS):
            self.vendor.complain(f"a gate was not opened within {SECONDS:g} s")
