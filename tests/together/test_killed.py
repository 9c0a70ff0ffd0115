"""A run that is killed while it holds a job, and runs that wait for each other's jobs: nothing is left to clean up."""

from __future__ import annotations

import threading
from signal import SIGCONT, SIGKILL, SIGSTOP
from typing import TYPE_CHECKING

from tests.loopback.deeds import Do, Working
from tests.signals.begun import PATIENCE, Line, begin
from tests.together.crowd import crowd, made, specs
from vidpipe.engine.layout import Layout
from vidpipe.lock import hold, holder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.signals.begun import Begun

WAITING = 5


def still_filming(studio: Studio, papers: Path) -> tuple[str, Begun]:
    """Begin a run whose clip is never done, and return its spec and the run once it asks about the clip."""
    (spec,) = specs(studio, "pier")
    studio.vendor.on("poll", Working(), times=None)
    run = begin(papers, "run", spec)
    studio.vendor.wait(lambda: studio.vendor.sent("poll") > 0)
    return spec, run


def is_taken_over(studio: Studio, waiting: Sequence[Begun]) -> None:
    """Prove that all who wait end well, and that one of them finishes the film without paying anything again."""
    assert {other.ended() for other in waiting} == {0}
    assert len(made(waiting, "pier")) == 1
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_a_run_that_is_killed_while_it_holds_a_job_leaves_nothing_to_clean_up(studio: Studio, papers: Path) -> None:
    _, run = still_filming(studio, papers)
    run.kill(SIGKILL)
    assert run.ended() == -SIGKILL
    assert holder(Layout(studio.directory())) is None
    studio.vendor.rules.clear()
    studio.run()
    assert studio.vendor.calls == (1, 2, 1)
    studio.rests()


def test_one_of_those_who_wait_for_a_run_that_is_killed_takes_its_work_over(studio: Studio, papers: Path) -> None:
    spec, run = still_filming(studio, papers)
    waiting = crowd(papers, [["run", "--json", "--wait", spec]] * WAITING)
    run.kill(SIGKILL)
    run.ended()
    studio.vendor.rules.clear()
    is_taken_over(studio, waiting)


def test_those_who_have_planned_before_anything_was_bought_do_not_buy_what_a_killed_run_has_bought(
    studio: Studio, papers: Path
) -> None:
    (spec,) = specs(studio, "pier")
    gate = threading.Event()
    studio.vendor.on("text", Do(lambda: gate.wait(PATIENCE)))
    studio.vendor.on("poll", Working(), times=None)
    run = begin(papers, "run", spec)
    studio.vendor.wait(lambda: studio.vendor.sent("text") > 0)
    waiting = [begin(papers, "run", "--json", "--wait", spec, inside=Line.tell_when_waiting) for _ in range(WAITING)]
    for other in waiting:
        other.expect(b"w")
    gate.set()
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
