"""Wait for what the event loop does next, instead of for a time that may be too short."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING

from vidpipe.workshop import Run

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

    import pytest

    from vidpipe.errors import Exit

TURNS = 50
"""How often the loop goes round until news has reached whoever awaits it, through tasks that await tasks."""
PATIENCE = 10.0
"""Seconds after which a test gives up waiting for something that never comes."""


async def turns() -> None:
    """Let the event loop go round until all is done that waits for nothing but its turn."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class Interruption:
    """Signals to this very process, and the moment when the run has heard of one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._heard = threading.Event()
        stop = Run.stop

        def hear(run: Run, code: Exit) -> None:
            stop(run, code)
            self._tell(TURNS)

        monkeypatch.setattr(Run, "stop", hear)

    def _tell(self, turns_left: int) -> None:  # no task, for those are cancelled when the run comes to its end
        if turns_left:
            asyncio.get_running_loop().call_soon(self._tell, turns_left - 1)
        else:
            self._heard.set()

    def send(self, number: signal.Signals) -> None:
        """Send a signal from a worker thread, and return once everything that can be cancelled is."""
        os.kill(os.getpid(), number)
        assert self._heard.wait(PATIENCE)

    def deed(self, number: signal.Signals) -> Callable[[], object]:
        """Return what a vendor does who takes a request in, and answers only once the run has heard of a signal."""

        async def act() -> None:
            await asyncio.to_thread(self.send, number)

        return act
