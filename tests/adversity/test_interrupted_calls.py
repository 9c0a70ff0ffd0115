"""A run under a storm of signals whose handlers do not restart system calls: each that is interrupted is taken up."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.signals.begun import begin

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

EVERY = 0.002
"""Seconds between two signals."""


def in_a_storm(line: Line) -> None:
    def count(_number: int, _frame: object) -> None:
        counted.append(None)
        if len(counted) == 50:
            line.tell(b"h")

    counted: list[None] = []
    signal.signal(signal.SIGALRM, count)
    signal.siginterrupt(signal.SIGALRM, True)
    signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)


def test_interrupted_calls_to_files_and_sockets_are_taken_up_again(studio: Studio, papers: Path) -> None:
    studio.spec(scenes=1)
    run = begin(papers, "run", "--json", inside=in_a_storm)
    run.expect(b"h")
    assert run.ended() == 0, run.out + run.err
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()
