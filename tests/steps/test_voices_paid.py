"""Every voice is planned, counted and paid for once; a lost one counts, and a refused one costs nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.steps.films import VOICES
from tests.toy import FIRST_PICTURE, NEXT_PICTURE, SPEECH, STORYBOARD, Toy
from vidpipe.engine.judge import State
from vidpipe.errors import Exit
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError, Speech

if TYPE_CHECKING:
    from tests.project import Project


def test_the_plan_of_a_narration_is_an_upper_bound_and_counted_before_there_are_words(toy: Project) -> None:
    toy.spec(narration=True, audio=True)
    planned = toy.plan(until="narration")
    assert planned.would == {"storyboard", *VOICES}
    prices = [planned.outcomes[name].price for name in sorted(VOICES)]
    assert min(prices) > SPEECH
    assert len(set(prices)) == 1
    assert toy.done(until="narration").result.cost == STORYBOARD + 3 * SPEECH == toy.spent()
    assert [request.kind for request in toy.ledger().requests.values()] == ["text", "speech", "speech", "speech"]


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
