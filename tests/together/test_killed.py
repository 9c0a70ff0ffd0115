"""A run that is killed while it holds a job, and runs that wait for each other's jobs: nothing is left to clean up."""

from __future__ import annotations

from signal import SIGCONT, SIGKILL, SIGSTOP
from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Working
from tests.signals.begun import Line, begin
from tests.signals.gate import Gate
from tests.signals.phases import COMMITTING, POLLING, STITCHING, SUBMITTING, Phase, stopped_at
from tests.together.crowd import made, specs
from vidpipe.engine.layout import Layout
from vidpipe.lock import hold, holder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Begun

WAITING = 5


def is_taken_over(studio: Studio, waiting: Sequence[Begun]) -> None:
    """Prove that all who wait end well, and that one of them finishes the film without paying anything again."""
    assert {other.ended() for other in waiting} == {0}
    assert len(made(waiting, "pier")) == 1
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


@pytest.mark.parametrize("phase", [SUBMITTING, POLLING, COMMITTING, STITCHING], ids=str)
def test_a_run_that_is_killed_while_it_holds_a_job_leaves_nothing_to_clean_up(
    studio: Studio, papers: Path, phase: Phase
) -> None:
    stopped = stopped_at(studio, phase, papers)
    assert holder(Layout(studio.directory())) is not None
    stopped.run.kill(SIGKILL)
    assert stopped.run.ended() == -SIGKILL
    stopped.gate.open()
    assert holder(Layout(studio.directory())) is None
    studio.vendor.rules.clear()
    lost = phase is SUBMITTING
    if lost:
        studio.vendor.wait(lambda: studio.vendor.calls == phase.bought)
        assert "--on-lost" in studio.run(code=3).told
    studio.run(*(("--on-lost", "resubmit") if lost else ()))
    assert studio.vendor.calls == (1, 2, 1 + lost)
    studio.rests()


@pytest.mark.parametrize("phase", [POLLING, COMMITTING, STITCHING], ids=str)
def test_one_of_those_who_wait_for_a_run_that_is_killed_takes_its_work_over(
    studio: Studio, papers: Path, phase: Phase
) -> None:
    stopped = stopped_at(studio, phase, papers)
    waiting = [begin(papers, "run", "--json", "--wait", inside=Line.tell_when_waiting) for _ in range(WAITING)]
    for other in waiting:
        other.expect(b"w")
    stopped.run.kill(SIGKILL)
    stopped.run.ended()
    stopped.gate.open()
    studio.vendor.rules.clear()
    is_taken_over(studio, waiting)


def test_those_who_have_planned_before_anything_was_bought_do_not_buy_what_a_killed_run_has_bought(
    studio: Studio, papers: Path
) -> None:
    (spec,) = specs(studio, "pier")
    gate = Gate(studio.vendor)
    studio.vendor.on("text", gate.deed)
    studio.vendor.on("poll", Working(), times=None)
    run = begin(papers, "run", spec)
    studio.vendor.wait(lambda: studio.vendor.sent("text") > 0)
    waiting = [begin(papers, "run", "--json", "--wait", spec, inside=Line.tell_when_waiting) for _ in range(WAITING)]
    for other in waiting:
        other.expect(b"w")
    gate.open()
    studio.vendor.wait(lambda: studio.vendor.sent("poll") > 0)
    run.kill(SIGKILL)
    run.ended()
    studio.vendor.rules.clear()
    is_taken_over(studio, waiting)


def test_two_batches_that_wait_for_each_others_jobs_both_end(studio: Studio, papers: Path) -> None:
    """Each has the job that it names last, and waits for the one that it names first."""
    ash, birch = specs(studio, "ash", "birch")
    vendor = studio.vendor
    with hold(Layout(studio.directory("ash"))):
        one = begin(papers, "run", "--json", "--wait", ash, birch)
        vendor.wait(lambda: vendor.sent("text", "Birch") == 1)
        other = begin(papers, "run", "--json", "--wait", birch, ash)
        one.kill(SIGSTOP)
    vendor.wait(lambda: vendor.sent("text", "Ash") == 1)
    one.kill(SIGCONT)
    assert (one.ended(), other.ended()) == (0, 0)
    assert vendor.calls == (2, 4, 2)
    assert studio.vendor.most_alike == 1
    studio.rests()
