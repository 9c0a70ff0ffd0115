"""A voice is remade for other words, another voice or model only, and a person's own recording is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.index.settled import let_code_settle, let_sources_settle
from tests.steps.films import VOICES
from tests.toy import voice_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import takes
from vidpipe.commands.why import why
from vidpipe.engine.fingerprint import text_digest
from vidpipe.engine.judge import State
from vidpipe.errors import Exit
from vidpipe.index import fresh_job
from vidpipe.steps import prompts

if TYPE_CHECKING:
    import pytest

    from tests.project import Project

HAND = voice_of("by hand", 0.3)


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


def test_the_template_that_asks_for_words_outdates_only_boards_that_have_some(
    told: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "NARRATION", prompts.NARRATION + "Softly.\n")
    assert told.plan().state("storyboard") is State.OUTDATED
    told.spec("quiet")
    told.done("quiet")
    own = told.record("storyboard", "quiet").fingerprint.own
    assert own["prompt_template"] == text_digest(prompts.STORYBOARD_SYSTEM + prompts.STORYBOARD)


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
    let_sources_settle(told.root / "specs/pier.yaml")
    let_code_settle(monkeypatch)
    told.path("film").unlink()
    told.done()
    assert fresh_job("pier", environ={}) is not None
    told.path("voice 1").write_bytes(HAND)
    assert fresh_job("pier", environ={}) is None
