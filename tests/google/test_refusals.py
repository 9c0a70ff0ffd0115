"""What a safety filter refuses: asked again as often as the spec says, then held, left out or the end; never billed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH
from tests.loopback.deeds import Block, forbidden_words

if TYPE_CHECKING:
    from tests.google.studio import Studio


@pytest.mark.parametrize(
    ("then", "code", "state", "frames"),
    [("still", 4, "incomplete", 192), ("skip", 4, "incomplete", 96), ("fail", 1, "failed", 0)],
)
@BOTH
def test_a_refused_scene_is_asked_for_once_more_and_then_treated_as_the_spec_says(
    studio: Studio, then: str, code: int, state: str, frames: int
) -> None:
    studio.vendor.on("video", Block(), holding="motion 1.", times=None)
    studio.spec(on_refused={"retries": 1, "then": then})
    ran = studio.run(code=code)
    assert ran.job["state"] == state
    assert "upport codes: " in ran.told
    assert len(studio.vendor.blocked) == 2
    assert studio.vendor.calls == (1, 3, 1)
    assert studio.spent() == studio.vendor.bill()
    assert studio.path("film").exists() == bool(frames)
    if frames:
        from vidpipe.media.verify import check_film

        assert check_film(studio.path("film"), "film").frames == frames
    sent = len(studio.vendor.arrived)
    assert studio.run(code=code).job["state"] == state
    assert len(studio.vendor.arrived) == sent


def test_a_refusal_that_a_retry_gets_past_leaves_a_whole_film(studio: Studio) -> None:
    studio.vendor.on("video", Block(), holding="motion 0.")
    studio.spec(scenes=1)
    studio.film()
    assert studio.statuses("video") == ["refused", "settled"]
    assert studio.spent() == studio.vendor.bill()


def test_a_refused_scene_is_asked_for_again_only_when_told_to(studio: Studio) -> None:
    studio.vendor.on("video", Block(), times=2)
    studio.spec(scenes=1)
    studio.run(code=4)
    studio.run("--retry-refused")
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_a_prompt_that_vertex_does_not_even_take_in_is_a_refusal(studio: Studio) -> None:
    studio.vendor.on("video", forbidden_words(), times=None)
    studio.spec(scenes=1)
    assert "58061214" in studio.run(code=4).told
    assert studio.vendor.sent("video") == 2
    assert studio.statuses("video") == ["refused", "refused"]


@BOTH
@pytest.mark.parametrize("block", [Block("prompt", "PROHIBITED_CONTENT"), Block("reply")], ids=repr)
def test_a_refused_end_frame_holds_the_scene_and_the_next_one_goes_on_from_its_start(
    studio: Studio, block: Block
) -> None:
    studio.vendor.on("image", block, holding="end 0.", times=None)
    studio.spec()
    ran = studio.run(code=4)
    assert ran.targets["still 0"]["action"] == "held"
    assert ran.targets["clip 1"]["action"] == "made"
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(("kind", "made"), [("text", (0, 0, 0)), ("image", (1, 0, 0))])
def test_a_refused_storyboard_or_first_frame_fails_the_job(
    studio: Studio, kind: str, made: tuple[int, int, int]
) -> None:
    studio.vendor.on("text" if kind == "text" else "image", Block(), times=None)
    studio.spec(scenes=1)
    assert "SAFETY" in studio.run(code=1).told
    assert studio.vendor.calls == made
    assert studio.spent() == studio.vendor.bill()
