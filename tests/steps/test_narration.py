"""Narration: asked for only where it is wanted, paid for once, a person's own kept, and never in the film's way."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.toy import FIRST_PICTURE, NEXT_PICTURE, SPEECH, STORYBOARD, Toy, models, voice_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import takes
from vidpipe.commands.why import why
from vidpipe.engine.fingerprint import text_digest
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit, SpecError
from vidpipe.index import fresh_job
from vidpipe.providers import registry
from vidpipe.providers.base import (
    NotAcceptedError,
    NoVoiceError,
    RefusedError,
    ReplyLostError,
    Speech,
    TextReply,
)
from vidpipe.providers.registry import ProviderEntry
from vidpipe.spec.board import board_schema
from vidpipe.spec.load import as_draft
from vidpipe.steps import prompts

if TYPE_CHECKING:
    from tests.project import Project

VOICES = {"voice 0", "voice 1", "voice 2"}
HAND = voice_of("by hand", 0.3)


@pytest.fixture
def told(toy: Project) -> Project:
    """Return a project whose one job, pier, is finished: three scenes with sound and a voice."""
    toy.spec(narration=True, audio=True)
    toy.done()
    return toy


class Mute(Toy):
    """A provider that cannot speak on this machine until something is installed."""

    installed = False

    def speech(self, model: str) -> Toy:
        """Raises NoVoiceError where nothing is installed."""
        if not Mute.installed:
            raise NoVoiceError("no tongue is installed")
        return self


@pytest.fixture
def mute(toy: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose films are free, and spoken only once `Mute.installed` is set."""
    entry = ProviderEntry("free", models("free", paid=False), lambda _settings: Mute(toy.server))
    monkeypatch.setitem(registry.PROVIDERS, "free", entry)
    monkeypatch.setattr(Mute, "installed", False)
    toy.spec(provider="free", narration=True, audio=True)
    return toy


def let_settle(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the spec old enough for an index to rest on it, and vidpipe's own code too, which may just be edited."""
    os.utime(project.root / "specs/pier.yaml", ns=(10**18, 10**18))
    monkeypatch.setattr("vidpipe.index.write.code_is_settled", lambda: True)
    for user in ("answer", "write"):
        monkeypatch.setattr(f"vidpipe.index.{user}.code_identity", lambda: "the code")


# Asked for or not


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


# What is remade, and what is kept


def test_other_words_for_one_scene_are_one_more_call_and_another_film(told: Project) -> None:
    before = len(told.server.requests)
    told.edit_scene(1, narration="A gull cries.")
    assert told.done().made == {"voice 1", "film"}
    assert told.server.accepted[-1] == ("speech", "A gull cries.")
    assert len(told.server.requests) == before + 1


def test_a_voice_is_remade_for_another_voice_or_model_and_for_nothing_else(told: Project) -> None:
    told.edit_scene(0, scene_description="Another day.", transition_notes="Slowly.")
    assert not VOICES & told.plan().would
    told.spec(narration=True, audio=True, voice="Ada")
    assert told.plan().would & VOICES == set(), "naming the default voice is no other voice"
    told.spec(narration=True, audio=True, voice="Bea")
    assert told.plan().reasons("voice 0").startswith("voice changed")
    told.done()
    assert [getattr(request, "voice") for port, request in told.server.requests if port == "speech"][3:] == [  # noqa: B009
        "Bea"
    ] * 3


def test_flipping_the_voice_back_costs_nothing(told: Project) -> None:
    told.spec(narration=True, audio=True, voice="Bea")
    told.done()
    spent = told.spent()
    told.spec(narration=True, audio=True)
    assert told.done().restored >= VOICES
    assert told.spent() == spent


def test_a_persons_own_recording_is_adopted_and_used(told: Project) -> None:
    told.path("voice 1").write_bytes(HAND)
    ran = told.done()
    assert (ran.adopted, ran.made) == ({"voice 1"}, {"film"})
    assert told.bytes("voice 1") == HAND
    told.edit_scene(1, narration="Other words.")
    blocked = told.run()
    assert (blocked.exit, blocked.state("voice 1")) == (Exit.DECISION, State.CONFLICT)
    accept(told.load()[0], ["narration/scene-001.wav"])
    assert told.done().outcomes["voice 1"].digest is not None
    assert told.bytes("voice 1") == HAND
    told.rests()


def test_a_recording_may_be_there_before_the_words_are_spoken(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    toy.done(until="storyboard")
    toy.path("voice 1").parent.mkdir()
    toy.path("voice 1").write_bytes(HAND)
    assert toy.done().adopted == {"voice 1"}
    assert toy.server.count("speech") == 2


def test_a_damaged_recording_is_broken_and_named(told: Project) -> None:
    told.path("voice 1").write_bytes(HAND[:100])
    ran = told.run()
    assert (ran.exit, ran.state("voice 1")) == (Exit.FAILED, State.BROKEN)
    assert "runs/pier/narration/scene-001.wav: is cut short" in ran.reasons("voice 1")


def test_redo_is_exactly_one_more_take(told: Project) -> None:
    redo(told.load()[0], ["narration/scene-001.wav"])
    assert told.done().made == {"voice 1", "film"}
    assert told.server.count("speech") == 4
    assert len(takes(told.load()[0], "narration/scene-001.wav")) == 2


def test_a_voice_whose_scene_is_gone_is_an_orphan(told: Project) -> None:
    board = told.board()
    del board["scenes"][2]
    told.write_board(board)
    ran = told.done()
    assert ran.state("voice 2") is State.ORPHAN
    assert why(told.load()[0], "narration/scene-002.wav")


def test_the_index_answers_for_a_film_with_a_voice_and_hears_of_a_changed_one(
    told: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_settle(told, monkeypatch)
    told.path("film").unlink()
    told.done()
    assert fresh_job("pier", environ={}) is not None
    told.path("voice 1").write_bytes(HAND)
    assert fresh_job("pier", environ={}) is None


# Money


def test_the_plan_of_a_narration_is_an_upper_bound_and_counted_before_there_are_words(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    planned = toy.plan(until="narration")
    assert planned.would == {"storyboard", *VOICES}
    prices = [planned.outcomes[name].price for name in sorted(VOICES)]
    assert min(prices) > SPEECH
    assert len(set(prices)) == 1
    assert toy.done(until="narration").result.cost == STORYBOARD + 3 * SPEECH == toy.spent()
    assert [request.kind for request in toy.ledger().requests.values()] == ["text", "speech", "speech", "speech"]


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


def test_a_lost_reply_is_asked_for_again_and_every_attempt_is_counted(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    toy.server.on("speech", ReplyLostError("cut"), holding="words 1.", times=2)
    toy.done(until="narration")
    statuses = [request.status for request in toy.ledger().requests.values() if request.kind == "speech"]
    assert sorted(statuses) == ["settled", "settled", "settled", "unknown", "unknown"]
    assert toy.spent() > STORYBOARD + 3 * SPEECH
    assert toy.done(until="narration").did == set()


def test_what_was_delivered_and_is_no_sound_is_asked_for_again_as_if_it_were_lost(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(narration=True, audio=True, scenes=1)
    speak, said = Toy.speak, []

    async def garbled(self: Toy, request: Any) -> Speech:
        said.append(request)
        speech = await speak(self, request)
        return speech if len(said) > 1 else replace(speech, data=b"<html>")

    monkeypatch.setattr(Toy, "speak", garbled)
    toy.done(until="narration")
    assert [each.status for each in toy.ledger().requests.values()] == ["settled", "unknown", "settled"]


def test_a_rest_of_the_job_that_does_not_fit_the_budget_is_not_begun(toy: Project) -> None:
    toy.spec(narration=True, audio=True, budget=0.5)
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert toy.server.count("speech") == 0
    toy.spec(narration=True, audio=True, budget=float(STORYBOARD) + 0.05)
    toy.done(until="narration")


def test_a_key_that_is_not_accepted_fails_the_voice_and_is_told(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    toy.server.on("speech", NotAcceptedError("no such voice"), times=None)
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "toy:speak-1: no such voice" in ran.reasons("voice 0")
    assert not toy.path("film").exists()


# Refusals


@pytest.mark.parametrize("then", ["still", "skip"])
def test_a_refused_narration_leaves_its_scene_silent_and_the_film_incomplete(toy: Project, then: str) -> None:
    toy.server.on("speech", RefusedError("hate", ("58061214",)), holding="words 1.", times=None)
    toy.spec(narration=True, audio=True, on_refused={"retries": 1, "then": then})
    ran = toy.run()
    assert (ran.exit, ran.state("voice 1")) == (Exit.INCOMPLETE, State.REFUSED)
    assert "hate (support codes: 58061214)" in ran.reasons("voice 1")
    told = json.loads((toy.layout().root / "film.json").read_bytes())
    assert (told["complete"], told["gaps"]) == (
        False,
        [{"scene": 1, "shown": "silent", "reason": "hate (support codes: 58061214)"}],
    )
    assert toy.server.sent("speech") == 4
    again = toy.run()
    assert (again.exit, toy.server.sent("speech")) == (Exit.INCOMPLETE, 4)
    assert toy.spent() == STORYBOARD + FIRST_PICTURE + 3 * NEXT_PICTURE + 3 * Decimal("0.5") + 2 * SPEECH


def test_a_refused_narration_fails_the_job_where_the_spec_says_so(toy: Project) -> None:
    toy.server.on("speech", RefusedError("hate"), holding="words 1.", times=None)
    toy.spec(narration=True, audio=True, on_refused={"retries": 0, "then": "fail"})
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert not toy.path("film").exists()


# A machine without a voice


def test_a_machine_without_a_voice_makes_the_film_all_the_same_and_says_so_once(mute: Project) -> None:
    ran = mute.done()
    assert ran.job.messages == ("narration: no tongue is installed",)
    assert not VOICES & set(ran.outcomes)
    assert ran.exit is Exit.DONE
    assert mute.path("film").exists()
    assert mute.plan().would == set()
    assert mute.plan().job.messages == ("narration: no tongue is installed",)
    mute.rests()


def test_a_voice_that_is_installed_later_speaks_and_the_film_is_remade(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_settle(mute, monkeypatch)
    mute.done()
    assert fresh_job("pier", environ={}) is None, "an index would keep the voice from ever being heard"
    monkeypatch.setattr(Mute, "installed", True)
    assert mute.done().made == {*VOICES, "film"}
    assert fresh_job("pier", environ={}) is not None
    mute.rests()


def test_a_spoken_film_stays_spoken_on_a_machine_without_a_voice(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mute, "installed", True)
    mute.done()
    monkeypatch.setattr(Mute, "installed", False)
    ran = mute.done()
    assert (ran.did, ran.job.messages) == (set(), ())


def test_words_that_change_where_nobody_can_speak_leave_the_old_voice_alone_and_out_of_the_film(
    mute: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mute, "installed", True)
    mute.done()
    old = mute.bytes("voice 1")
    monkeypatch.setattr(Mute, "installed", False)
    mute.edit_scene(1, narration="Other words.")
    ran = mute.done()
    assert (ran.made, ran.state("voice 1")) == ({"film"}, State.STALE)
    assert ran.outcomes["voice 1"].action is Action.NONE
    assert mute.bytes("voice 1") == old
    mute.rests()


def test_a_provider_that_cannot_speak_lets_the_animatic_do_it(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    dumb = tuple(model for model in models("dumb", paid=False) if model.kind != "speech")
    monkeypatch.setitem(registry.PROVIDERS, "dumb", ProviderEntry("dumb", dumb, lambda _settings: Toy(toy.server)))
    monkeypatch.setenv("PATH", "/nowhere")
    toy.spec(provider="dumb", narration=True, audio=True)
    assert toy.load()[0].speech_model.name == "animatic:speak"
    assert "espeak-ng is not installed" in toy.done().said


# Specs


def test_a_draft_has_the_default_voice_of_the_animatic(toy: Project) -> None:
    toy.spec(narration=True, voice="Kore")
    draft = as_draft(toy.load()[0])
    assert (draft.spec.voice, draft.speech_model.name) == (None, "animatic:speak")


def test_a_model_for_something_else_cannot_speak(toy: Project) -> None:
    toy.spec(models={"speech": "toy:film-1"})
    with pytest.raises(SpecError, match=r"models\.speech: toy:film-1 is a model for clips, not for narration"):
        toy.load()


def test_the_template_that_asks_for_words_outdates_only_boards_that_have_some(
    told: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "NARRATION", prompts.NARRATION + "Softly.\n")
    assert told.plan().state("storyboard") is State.OUTDATED
    told.spec("quiet")
    told.done("quiet")
    own = told.record("storyboard", "quiet").fingerprint.own
    assert own["prompt_template"] == text_digest(prompts.STORYBOARD_SYSTEM + prompts.STORYBOARD)
