"""Worker processes in a run: a file that crashes the decoder costs one target, and a finished job needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.media.worker import shared
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def refuse() -> Workers:
    raise AssertionError("a worker is wanted")


def test_a_run_with_nothing_to_do_starts_no_worker(pier: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "shared_workers", refuse)
    pier.rests()


def test_a_clip_that_crashes_the_decoder_costs_that_clip_and_is_not_paid_for_twice(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    with Workers(registry="tests.media.worker.deeds") as crashing, monkeypatch.context() as patch:
        patch.setattr(shared, "_pool", crashing)
        ran = toy.run()
    assert ran.exit == Exit.DECISION
    assert "the decoder crashed (signal 11, SIGSEGV)" in ran.said
    assert ran.made >= {"storyboard", "start 0"}
    assert toy.server.calls == (1, 4, 3)
    assert toy.done().did >= {"clip 0", "clip 1", "clip 2", "film"}
    assert toy.server.calls == (1, 4, 3)


def test_a_clip_that_crashes_the_decoder_costs_exactly_that_target_and_the_rest_of_the_run_goes_on(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    toy.spec("mole")
    with Workers(registry="tests.media.worker.one_bad_clip") as workers, monkeypatch.context() as patch:
        patch.setattr(shared, "_pool", workers)
        ran = toy.run("pier", "mole")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.DECISION, Exit.DONE]
    assert ran.acted(Action.BLOCKED) == {"clip 1", "film"}
    assert ran.state("clip 1") is State.INTERRUPTED
    assert "the decoder crashed (signal 11, SIGSEGV)" in ran.reasons("clip 1")
    assert ran.made == {"storyboard", "start 0", "end 0", "end 1", "end 2", "clip 0", "clip 2"}
    assert toy.path("film", "mole").exists()
    assert toy.done().made == {"clip 1", "film"}
    assert toy.server.calls == (2, 8, 6)
