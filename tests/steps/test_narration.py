"""A scene is spoken only where that is wanted, in the words of its storyboard, by a model that can speak."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.steps.films import VOICES
from tests.toy import STORYBOARD, Toy
from vidpipe.errors import SpecError
from vidpipe.spec.board import board_schema
from vidpipe.spec.load import as_draft

if TYPE_CHECKING:
    from tests.project import Project
    from vidpipe.providers.base import TextReply


def test_without_narration_nothing_that_is_asked_for_or_compared_has_changed(toy: Project) -> None:
    toy.spec(audio=True)
    toy.done()
    ((_, request),) = [each for each in toy.server.requests if each[0] == "text"]
    assert toy.server.count("speech") == 0
    assert getattr(request, "schema") == board_schema(3)  # noqa: B009 - of any type
    assert "narrat" not in toy.server.accepted[0][1]
    record = toy.record("storyboard").fingerprint
    assert "narration" not in record.user
    assert record.own["prompt_template"] == "1daf994c60d57a3c77f812e2a35ac33fae542d44f14f0963df0d3609fae00d93"
    assert record.own["reply_schema"] == "c4387f1db269a44dea566614f61e5aece13f2ed1af718111ec9269b4b6bb94c9"
    assert b"narration" not in toy.bytes("storyboard")


def test_with_narration_the_model_is_asked_for_words_and_every_scene_is_spoken(told: Project) -> None:
    prompt = told.server.accepted[0][1]
    assert "at most 2 words a scene" in prompt
    assert [scene["narration"] for scene in told.board()["scenes"]] == ["words 0.", "words 1.", "words 2."]
    assert sorted(text for port, text in told.server.accepted if port == "speech") == [
        "words 0.",
        "words 1.",
        "words 2.",
    ]
    record = told.record("storyboard").fingerprint
    assert record.user["narration"] is True
    provenance = json.loads((told.layout().root / "film.json").read_bytes())
    (voice,) = [each for each in provenance["targets"] if each["name"] == "narration/scene-001.wav"]
    assert (voice["prompt"], voice["voice"], voice["model"]) == ("words 1.", "Ada", "toy:speak-1")
    told.rests()


def test_a_reply_without_the_wanted_words_is_asked_for_again(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    write, replies = Toy.write, []

    async def forgetful(self: Toy, request: Any) -> TextReply:
        replies.append(request)
        return await write(self, request if len(replies) > 1 else replace(request, narration=False))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Toy, "write", forgetful)
        toy.done(until="storyboard")
    assert len(replies) == 2
    assert toy.spent() == 2 * STORYBOARD


def test_words_that_a_person_writes_are_spoken_whatever_the_spec_says(toy: Project) -> None:
    toy.spec(audio=True)
    toy.done()
    toy.edit_scene(1, narration="  A gull cries.  ")
    planned = toy.plan()
    assert planned.would - {"storyboard"} == {"voice 1", "film"}
    assert toy.done().made == {"voice 1", "film"}
    assert toy.server.accepted[-1] == ("speech", "A gull cries.")
    toy.rests()


@pytest.mark.parametrize("words", ["", "   ", "…", "- ?!"])
def test_a_scene_whose_words_say_nothing_is_silent(toy: Project, words: str) -> None:
    toy.spec(narration=True, audio=True)
    toy.done(until="storyboard")
    toy.edit_scene(1, narration=words)
    assert toy.done(until="narration").made == {"voice 0", "voice 2"}


def test_a_film_without_sound_is_not_spoken(toy: Project) -> None:
    toy.spec(narration=True, audio=False)
    assert "voice 0" not in toy.plan().outcomes
    assert not VOICES & set(toy.done().outcomes)
    assert toy.server.count("speech") == 0


def test_narration_comes_after_the_storyboard_and_before_the_clips(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    assert toy.done(until="keyframes").made == {"storyboard", "start 0", "end 0", "end 1", "end 2"}
    assert toy.done(until="narration").made == VOICES
    ran = toy.done(until="clips")
    assert ran.made == {"clip 0", "clip 1", "clip 2"}
    names = [outcome.name for outcome in ran.job.targets]
    assert names.index("narration/scene-002.wav") < names.index("keyframes/scene-000-start.png")
    assert toy.done().made == {"film"}


def test_single_voices_can_be_wanted(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    assert toy.done(targets=("narration/scene-001.wav",)).made == {"storyboard", "voice 1"}


def test_a_draft_has_the_default_voice_of_the_animatic(toy: Project) -> None:
    toy.spec(narration=True, voice="Kore")
    draft = as_draft(toy.load()[0])
    assert (draft.spec.voice, draft.speech_model.name) == (None, "animatic:speak")


def test_a_model_for_something_else_cannot_speak(toy: Project) -> None:
    toy.spec(models={"speech": "toy:film-1"})
    with pytest.raises(SpecError, match=r"models\.speech: toy:film-1 is a model for clips, not for narration"):
        toy.load()
