"""A signal, wherever it finds a run: it ends in good order, nothing that was paid for is lost, the next one goes on."""

from __future__ import annotations

import signal
from signal import SIGHUP, SIGINT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.signals.begun import begin
from tests.signals.phases import DOWNLOADING, PHASES, POLLING, SUBMITTING, Phase, stopped_at
from tests.signals.soundness import all_is_written_down, is_sound, next_run_finishes, nothing_lies_about
from vidpipe.engine.layout import Layout
from vidpipe.lock import hold

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 143}
PAYING = (SUBMITTING, POLLING, DOWNLOADING)
"""Phases in which the vendor is filming, or has filmed, what is not there yet."""


@pytest.mark.parametrize(("number", "group"), [(SIGINT, True), (SIGTERM, False), (SIGHUP, True)])
@pytest.mark.parametrize("phase", PHASES, ids=str)
def test_a_signal_ends_a_run_in_good_order_and_the_next_run_pays_for_nothing_twice(
    studio: Studio, papers: Path, phase: Phase, number: signal.Signals, group: bool
) -> None:
    stopped = stopped_at(studio, phase, papers)
    run = stopped.run
    run.kill(number, group=group)
    if phase.settled:
        run.expect(b"s")
    stopped.go()
    assert run.ended() == CODES[number], run.out + run.err
    assert run.left() == set()
    assert studio.vendor.calls == phase.bought
    assert run.json["exit"] == CODES[number]
    all_is_written_down(studio)
    nothing_lies_about(studio)
    is_sound(studio)
    operations = [request.operation for request in studio.ledger().requests.values() if request.open]
    assert len(operations) == (phase in PAYING)
    for operation in operations:
        assert f"operation {operation} goes on at the provider and costs $" in run.told
    next_run_finishes(studio)


def tells_all(line: Line) -> None:
    line.report_signals()
    line.tell_when_waiting()


@pytest.mark.parametrize(("number", "group"), [(SIGINT, True), (SIGTERM, False), (SIGHUP, True)])
def test_a_signal_ends_a_run_that_waits_for_another_and_it_names_what_was_bought_before(
    studio: Studio, papers: Path, number: signal.Signals, group: bool
) -> None:
    first = stopped_at(studio, POLLING, papers)
    first.run.kill(SIGINT)
    first.run.expect(b"s")
    first.go()
    assert first.run.ended() == 130
    (operation,) = studio.vendor.operations
    with hold(Layout(studio.directory())):
        run = begin(papers, "run", "--json", "--wait", inside=tells_all)
        run.expect(b"w")
        run.kill(number, group=group)
        run.expect(b"s")
        assert run.ended() == CODES[number]
    assert run.left() == set()
    assert run.json["jobs"][0]["state"] == "interrupted"
    assert f"operation {operation} goes on at the provider and costs $1.60" in run.told
    is_sound(studio)
    next_run_finishes(studio)
