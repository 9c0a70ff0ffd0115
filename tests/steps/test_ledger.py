"""Every request is in the ledger in time, and what was certainly not accepted is sent again and paid once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.steps.films import WHOLE
from tests.toy import CLIP, NEXT_PICTURE, STORYBOARD
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit
from vidpipe.providers.base import (
    NotAcceptedError,
    ReplyLostError,
)

if TYPE_CHECKING:
    from tests.project import Project


def test_the_plan_of_pictures_and_clips_is_what_the_ledger_settles_to_the_cent(toy: Project) -> None:
    toy.spec()
    toy.done(until="storyboard")
    planned = toy.plan()
    ran = toy.done()
    assert planned.result.cost == ran.result.cost == WHOLE - STORYBOARD
    assert toy.spent() == WHOLE
    assert all(request.status == "settled" for request in toy.ledger().requests.values())


def test_the_plan_of_a_storyboard_is_an_upper_bound(toy: Project) -> None:
    toy.spec()
    planned = toy.plan()
    assert WHOLE < planned.result.cost < WHOLE + Decimal("0.05")
    assert toy.done().result.cost == WHOLE


def test_every_request_is_in_the_ledger_before_it_is_sent(toy: Project) -> None:
    toy.spec()
    seen: list[tuple[str, str]] = []

    def look() -> None:
        newest = [*toy.ledger().requests.values()]
        seen.extend((request.target, request.status) for request in newest if request.status == "intent")

    toy.server.on("video", look, times=None)
    toy.done()
    assert {("clips/scene-000.mp4", "intent"), ("clips/scene-001.mp4", "intent")} <= set(seen)


def test_an_operation_is_in_the_ledger_before_it_is_polled(toy: Project) -> None:
    toy.spec(scenes=1)
    seen: list[str] = []
    toy.server.on("poll", lambda: seen.extend(r.status for r in toy.ledger().requests.values() if r.kind == "video"))
    toy.done()
    assert seen == ["submitted"]


@pytest.mark.parametrize("port", ["text", "image", "video"])
def test_a_request_that_was_not_accepted_is_sent_again_and_paid_once(toy: Project, port: str) -> None:
    toy.spec()
    toy.server.on(port, NotAcceptedError("429", retry=True), times=2)  # type: ignore[arg-type]
    assert toy.done().result.cost == WHOLE
    assert toy.server.calls == (1, 4, 3)
    statuses = [request.status for request in toy.ledger().requests.values()]
    assert sorted(statuses) == ["rejected"] * 2 + ["settled"] * 8


def test_a_request_that_will_never_be_accepted_fails_its_target_and_costs_nothing(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", NotAcceptedError("400 bad prompt"), holding="motion 1.")
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert ran.outcomes["clip 1"].action is Action.FAILED
    assert "400 bad prompt" in ran.reasons("clip 1")
    assert ran.made == {"storyboard", "start 0", "end 0", "end 1", "end 2", "clip 0", "clip 2"}
    assert ran.result.cost == WHOLE - CLIP
    assert toy.done().result.cost == CLIP
    toy.rests()


def test_a_picture_whose_reply_was_lost_is_asked_for_again_and_both_attempts_count(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", ReplyLostError("reset"), holding="end 1.")
    ran = toy.done()
    assert ran.result.cost == toy.spent() == WHOLE + NEXT_PICTURE
    assert toy.record("end 1").cost == 2 * NEXT_PICTURE
    toy.rests()
