"""Operations that outlive a run, a crash or an edit: each is paid for once, and its result is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.steps.films import WHOLE, still_filming
from tests.toy import CLIP, Toy
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Running
from vidpipe.results import JobState
from vidpipe.steps import prompts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project


def test_an_operation_that_still_runs_is_waited_for_by_the_next_run(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.", times=2)
    for _ in range(2):
        ran = toy.run()
        assert (ran.exit, ran.job.state) == (Exit.DECISION, JobState.WAITING)
        assert ran.state("clip 1") is State.INTERRUPTED
        assert toy.plan().outcomes["clip 1"].price == 0
    ran = toy.done()
    assert ran.made == {"clip 1", "film"}
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_an_open_operation_is_waited_for_although_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.plan().state("clip 1") is State.INTERRUPTED
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()
    assert toy.plan().state("clip 1") is State.OUTDATED, "it was asked for in the old words, and nobody may claim else"


def test_upgrading_buys_what_an_open_operation_would_outdate_and_keeps_its_result(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.plan(upgrade=True).result.cost == 3 * CLIP
    assert toy.done(upgrade=True).made == {"clip 0", "clip 1", "clip 2", "film"}
    assert toy.spent() == WHOLE + 3 * CLIP
    assert all(request.status == "settled" for request in toy.ledger().requests.values())
    toy.rests()


def test_an_open_operation_is_waited_for_although_the_default_model_is_named_now(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    toy.spec(models={"video": "toy:film-1"})
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_an_operation_whose_prompt_changed_is_not_taken_for_the_new_clip_and_its_result_is_kept(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    toy.edit_scene(1, video_motion_prompt="faster.")
    assert toy.done().made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()
    toy.edit_scene(1, video_motion_prompt="motion 1.")
    ran = toy.done()
    assert "clip 1" in ran.restored
    assert toy.spent() == WHOLE + CLIP


@pytest.mark.parametrize("answer", [Failed("internal error", transient=True), Gone()])
def test_an_operation_without_a_result_fails_now_and_is_asked_anew_by_the_next_run(
    toy: Project, answer: Failed | Gone
) -> None:
    toy.spec()
    toy.server.on("poll", answer, holding="motion 1.", times=2 if isinstance(answer, Gone) else 1)
    ran = toy.run()
    assert (ran.exit, ran.outcomes["clip 1"].action) == (Exit.FAILED, Action.FAILED)
    assert "run again to ask anew, which costs $0.50" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 3
    assert toy.done().made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()


def test_a_result_that_cannot_be_fetched_now_is_fetched_by_the_next_run(toy: Project) -> None:
    toy.spec()
    toy.server.on("fetch", NotAcceptedError("503", retry=True), holding="motion 1.", times=5)
    assert toy.run().state("clip 1") is State.INTERRUPTED
    assert toy.done().made == {"clip 1", "film"}
    assert toy.server.sent("video") == 3


def test_a_result_that_arrives_damaged_is_fetched_again_by_the_next_run(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    whole = Toy.fetch

    async def cut_off(self: Toy, done: object, path: object) -> None:
        await whole(self, done, path)  # type: ignore[arg-type]
        os.truncate(path, 2000)  # type: ignore[arg-type]

    monkeypatch.setattr(Toy, "fetch", cut_off)
    for _ in range(2):
        ran = toy.run()
        assert (ran.exit, ran.job.state, toy.path("clip 0").exists()) == (Exit.DECISION, JobState.WAITING, False)
        assert "its clip arrived damaged: " in ran.reasons("clip 0")
        assert "put it at clips/scene-000.mp4 and vidpipe adopts it" in ran.reasons("clip 0")
        assert "`vidpipe redo JOB clips/scene-000.mp4` asks for a new take, which costs $0.50" in ran.reasons("clip 0")
    monkeypatch.setattr(Toy, "fetch", whole)
    assert toy.done().made == {"clip 0", "film"}
    assert toy.server.sent("video") == 1


def test_a_clip_that_is_not_wanted_any_more_and_arrives_damaged_is_given_up_and_the_job_rests(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch, 0, scenes=1)
    whole = Toy.fetch

    async def cut_off(self: Toy, done: Done, path: Path) -> None:
        await whole(self, done, path)
        if done.result == "operations/1":
            os.truncate(path, 2000)

    monkeypatch.setattr(Toy, "fetch", cut_off)
    toy.edit_scene(0, video_motion_prompt="faster.")
    toy.done()
    statuses = {request.operation: request.status for request in toy.ledger().requests.values() if request.operation}
    assert statuses == {"operations/1": "abandoned", "operations/2": "settled"}
    assert any("its clip arrived damaged" in str(event) for event in toy.heard)
    toy.rests()


def test_a_clip_that_is_in_place_is_settled_although_a_crash_came_before_the_ledger_said_so(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_job: object) -> None:
        return

    toy.spec(scenes=1)
    with monkeypatch.context() as crash:
        crash.setattr("vidpipe.purchase.operation.settle", lambda _ledger, _entry: None)
        crash.setattr("vidpipe.conduct.salvage", nothing)
        toy.run()
    assert [request.status for request in toy.ledger().requests.values()][-1] == "submitted"
    polls = toy.server.sent("poll")
    toy.done()
    assert [request.status for request in toy.ledger().requests.values()][-1] == "settled"
    assert toy.server.sent("poll") == polls
    toy.rests()
