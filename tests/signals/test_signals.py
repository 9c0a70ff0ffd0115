"""A signal, wherever it finds a run: it ends in good order, nothing that was paid for is lost, the next one goes on."""

from __future__ import annotations

import os
import signal
from signal import SIGHUP, SIGINT, SIGTERM
from typing import TYPE_CHECKING

import pytest

from tests.signals.begun import begin
from tests.signals.phases import DOWNLOADING, LOCKING, PHASES, POLLING, SUBMITTING, Phase, stopped_at
from tests.signals.processes import mark_of, marked
from tests.signals.soundness import all_is_written_down, is_sound, next_run_finishes, nothing_lies_about
from vidpipe.engine.layout import Layout
from vidpipe.lock import hold, holder
from vidpipe.media.worker.process import Worker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Line

CODES = {SIGINT: 130, SIGTERM: 143, SIGHUP: 143}
PAYING = (SUBMITTING, POLLING, DOWNLOADING)
"""Phases in which the vendor is filming, or has filmed, what is not there yet."""


@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
@pytest.mark.parametrize("phase", PHASES, ids=str)
def test_a_signal_ends_a_run_in_good_order_and_the_next_run_pays_for_nothing_twice(
    studio: Studio, papers: Path, phase: Phase, number: signal.Signals
) -> None:
    stopped = stopped_at(studio, phase, papers)
    run = stopped.run
    in_half = PHASES.index(phase) % 2 == 0  # every signal goes to the process, or to its group, in half of the phases
    run.kill(number, group=in_half is (number == SIGTERM))
    if phase.settled:
        run.expect(b"s")
    if phase.patient:
        run.expect(b"t")  # and not `e`
        assert phase is LOCKING or holder(Layout(studio.directory())) is not None
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


@pytest.mark.parametrize(("number", "group"), [(SIGINT, False), (SIGTERM, True), (SIGHUP, False)])
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


def test_a_run_that_is_stopped_does_not_wait_for_a_look_at_a_clip_that_does_not_end(
    studio: Studio, papers: Path
) -> None:
    studio.spec(scenes=1)
    studio.run()
    clip = studio.path("clip 0")
    clip.write_bytes(clip.read_bytes() + b"\0\0\0\x08free")  # another file of a person's, which is checked

    def inside(line: Line) -> None:
        line.report_signals()
        line.stop_at(Worker, "ask")

    run = begin(papers, "run", "--json", inside=inside)
    run.expect(b"h")
    workers = marked(mark_of(run.pid)) - {run.pid}
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    run.kill(SIGINT)
    run.expect(b"s")
    run.go()
    assert run.ended() == 130, run.out + run.err
    assert run.left() == set()
