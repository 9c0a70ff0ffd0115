"""What a safety filter refuses: asked for again as often as the spec says, then held, left out, or a failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.steps.films import WHOLE, refuse_clip
from tests.toy import CLIP
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.providers.base import (
    Refused,
    RefusedError,
    VideoRequest,
)
from vidpipe.results import JobState
from vidpipe.steps import prompts

if TYPE_CHECKING:
    from tests.project import Project


def test_a_refused_clip_is_tried_again_once_then_held_as_a_still_and_the_film_is_incomplete(toy: Project) -> None:
    refuse_clip(toy)
    ran = toy.run()
    assert (ran.exit, ran.job.state) == (Exit.INCOMPLETE, JobState.INCOMPLETE)
    assert (ran.state("clip 1"), ran.acted(Action.HELD)) == (State.REFUSED, {"still 1"})
    assert "violence (support codes: 58061214)" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 4
    assert ran.result.cost == WHOLE - CLIP
    told = json.loads((toy.layout().root / "film.json").read_text())
    assert (told["complete"], told["gaps"][0]["scene"], told["gaps"][0]["shown"]) == (False, 1, "still")
    shown = toy.record("still 1").fingerprint.user
    assert (shown["first frame"], shown["last frame"]) == (toy.record("end 0").digest, toy.record("end 1").digest)


@pytest.mark.parametrize(("then", "code"), [("still", 4), ("skip", 4), ("fail", 1)])
def test_a_refused_scene_stays_refused_and_nothing_is_sent_again(toy: Project, then: str, code: int) -> None:
    refuse_clip(toy, on_refused=then)
    assert toy.run().exit == code
    assert toy.path("film").exists() == (then != "fail")
    assert toy.path("still 1").exists() == (then == "still")
    before, sent = toy.snapshot(), len(toy.server.requests)
    again = toy.run()
    assert (again.exit, again.did) == (code, set())
    assert len(toy.server.requests) == sent
    assert toy.changes(before) == set()


def test_a_refused_scene_is_sent_again_when_told_so(toy: Project) -> None:
    refuse_clip(toy)
    toy.run()
    ran = toy.run(retry_refused=True)
    assert ran.exit is Exit.INCOMPLETE
    assert toy.server.sent("video") == 6
    toy.server.rules.clear()
    assert toy.plan(retry_refused=True).result.cost == CLIP
    ran = toy.done(retry_refused=True)
    assert ran.made == {"clip 1", "film"}
    assert toy.spent() == WHOLE
    toy.rests()


def test_a_refused_scene_is_sent_again_when_its_prompt_changed(toy: Project) -> None:
    refuse_clip(toy)
    toy.run()
    toy.edit_scene(1, video_motion_prompt="gently.")
    assert toy.done().made == {"clip 1", "film"}


def test_a_refusal_is_not_forgotten_because_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_clip(toy)
    toy.run()
    sent = len(toy.server.requests)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.run().exit is Exit.INCOMPLETE
    assert len(toy.server.requests) == sent


def test_an_operation_that_ends_refused_is_tried_once_more(toy: Project) -> None:
    toy.spec()
    toy.server.on("poll", Refused("violence"), holding="motion 1.")
    assert toy.done().result.cost == WHOLE
    assert toy.server.sent("video") == 4
    toy.rests()


def test_a_refused_end_frame_holds_the_start_frame_and_the_next_scene_goes_on_from_there(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", RefusedError("a face"), holding="end 1.", times=None)
    ran = toy.run()
    assert ran.exit is Exit.INCOMPLETE
    assert ran.state("end 1") is State.REFUSED
    assert ran.acted(Action.HELD) == {"still 1"}
    assert "clip 2" in ran.made
    sent = {request.motion_prompt: request for _, request in toy.server.requests if isinstance(request, VideoRequest)}
    assert sent["motion 2."].first.data == toy.bytes("end 0")
    assert sorted(sent) == ["motion 0.", "motion 2."]
    shown = toy.record("still 1").fingerprint.user
    assert shown["first frame"] == shown["last frame"] == toy.record("end 0").digest
    before = toy.snapshot()
    assert toy.run().exit is Exit.INCOMPLETE
    assert toy.changes(before) == set()


def test_what_is_remade_after_a_refusal_leaves_no_neighbour_on_the_old_picture(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", RefusedError("a face"), holding="end 1.", times=2)
    toy.run()
    ran = toy.done(retry_refused=True)
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    sent = [request for _, request in toy.server.requests if isinstance(request, VideoRequest)][-2:]
    assert {request.first.data for request in sent} == {toy.bytes("end 0"), toy.bytes("end 1")}
    toy.rests()


@pytest.mark.parametrize(("port", "holding", "target"), [("text", "", "storyboard"), ("image", "start 0.", "start 0")])
def test_a_refused_storyboard_or_first_frame_fails_the_job(toy: Project, port: str, holding: str, target: str) -> None:
    toy.spec()
    toy.server.on(port, RefusedError("no"), holding=holding, times=None)  # type: ignore[arg-type]
    ran = toy.run()
    assert (ran.exit, ran.state(target)) == (Exit.FAILED, State.REFUSED)
    sent = len(toy.server.requests)
    assert toy.run().exit is Exit.FAILED
    assert len(toy.server.requests) == sent


def test_a_film_of_which_every_scene_was_refused_fails(toy: Project) -> None:
    toy.spec(on_refused="skip")
    toy.server.on("video", RefusedError("no"), times=None)
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "every scene was refused" in ran.said
