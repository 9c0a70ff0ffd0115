"""What tests begin ends with them, and hears every signal: the tests of signals rest on that."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.signals.begun import end_all
from tests.signals.gate import Gate
from tests.signals.phases import CHECKING, stopped_at
from tests.signals.processes import ENDING, heeded_signals, mark_of, marked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio


def test_a_process_that_a_failing_test_leaves_is_ended_with_all_that_it_has_begun(studio: Studio, papers: Path) -> None:
    run = stopped_at(studio, CHECKING, papers).run
    begun = {run.pid, *marked(mark_of(run.pid))}
    assert len(begun) > 1  # it checks the clip in a process of its own
    end_all()
    assert run.left() == set()
    with pytest.raises(ProcessLookupError):
        os.kill(run.pid, 0)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_that_was_ignored_is_heeded_in_a_test_and_ignored_again_after_it(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with heeded_signals(), suppress(KeyboardInterrupt):
            assert signal.getsignal(number) is not signal.SIG_IGN
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_a_gate_that_is_not_opened_fails_its_test(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.signals.gate.SECONDS", 0.0)
    Gate(studio.vendor).deed.act()
    assert studio.vendor.problems == ["a gate was not opened within 0 s"]
    studio.vendor.problems.clear()
