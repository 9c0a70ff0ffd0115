"""A run under a storm of signals whose handlers do not restart system calls: each that is interrupted is taken up."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.signals.begun import begin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

EVERY = 0.002
"""Seconds between two signals."""


def in_a_storm(line: Line) -> None:
    """Send signals to every thread: the kernel gives those of a timer to the main one, which makes few calls."""
    counted: list[None] = []

    def count(_number: int, _frame: object) -> None:
        counted.append(None)
        if len(counted) == 50:
            line.tell(b"h")

    def blow() -> None:
        while not calm.wait(EVERY):
            for thread in threading.enumerate():
                if thread.ident is not None and thread is not threading.current_thread():
                    with suppress(ProcessLookupError):
                        signal.pthread_kill(thread.ident, signal.SIGALRM)

    calm = threading.Event()
    signal.signal(signal.SIGALRM, count)
    signal.siginterrupt(signal.SIGALRM, True)
    threading.Thread(target=blow, daemon=True).start()


def test_interrupted_calls_to_files_and_sockets_are_taken_up_again(studio: Studio, papers: Path) -> None:
    studio.spec(scenes=1)
    run = begin(papers, "run", "--json", inside=in_a_storm)
    run.expect(b"h")
    assert run.ended() == 0, run.out + run.err
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()
