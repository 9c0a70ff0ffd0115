"""A clip whose reply was lost: nothing is sent again by itself, and each way out finishes the film."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH
from tests.google.studio import PRICES
from tests.loopback.deeds import Cut, Garble, Hang, Working, unavailable

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.loopback.deeds import Deed


def lose(studio: Studio, deed: Deed) -> None:
    """Make a film of two scenes, of which the second's reply gets lost."""
    studio.vendor.on("video", deed, holding="motion 1.")
    studio.spec()
    ran = studio.run(code=3)
    assert ran.job["state"] == "blocked"
    assert studio.vendor.sent("video") == 2
    assert sorted(studio.statuses("video")) == ["settled", "unknown"]
    studio.run(code=3)
    assert studio.vendor.sent("video") == 2
    assert studio.plan().targets["clip 1"]["state"] == "lost"


@BOTH
@pytest.mark.parametrize("deed", [Cut(), Cut(reset=True), Garble(), unavailable(504, accepted=True)], ids=repr)
def test_nothing_is_sent_again_after_a_reply_was_lost(studio: Studio, deed: Deed) -> None:
    lose(studio, deed)
    assert studio.vendor.calls == (1, 3, 2)
    assert studio.spent() == studio.vendor.bill()


def test_a_lost_request_is_sent_again_when_told_to_and_its_price_stays_spent(studio: Studio) -> None:
    lose(studio, Cut())
    studio.run("--on-lost", "resubmit")
    assert studio.vendor.calls == (1, 3, 3)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_a_lost_request_that_is_given_up_leaves_a_still(studio: Studio) -> None:
    lose(studio, Cut())
    ran = studio.run("--on-lost", "abandon", code=4)
    assert ran.targets["still 1"]["action"] == "held"
    assert studio.path("film").exists()
    assert studio.vendor.calls == (1, 3, 2)
    assert studio.spent() == studio.vendor.bill()
    studio.run(code=4)
    assert studio.vendor.sent("video") == 2


@BOTH
def test_a_lost_request_that_is_adopted_is_fetched(studio: Studio) -> None:
    lose(studio, Cut())
    operation = next(one for one in studio.vendor.operations.values() if "motion 1." in one.prompt)
    assert studio("adopt", "pier", "clips/scene-001.mp4", operation.name).code == 0
    assert studio.run().acted() == {"clip 1", "film"}
    assert studio.path("clip 1").read_bytes() == operation.film()
    assert studio.vendor.calls == (1, 3, 2)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


@BOTH
def test_a_mistyped_name_makes_the_request_lost_again_and_the_right_one_is_fetched(studio: Studio) -> None:
    lose(studio, Cut())
    operation = next(one for one in studio.vendor.operations.values() if "motion 1." in one.prompt)
    assert studio("adopt", "pier", "clips/scene-001.mp4", f"{operation.name}0").code == 0
    for _ in range(2):
        assert studio.run(code=3).targets["clip 1"]["state"] == "lost"
        assert sorted(studio.statuses("video")) == ["settled", "unknown"]
    other = next(one for one in studio.vendor.operations.values() if "motion 0." in one.prompt)
    assert studio("adopt", "pier", "clips/scene-001.mp4", other.name).code == 2
    assert studio("adopt", "pier", "clips/scene-001.mp4", operation.name).code == 0
    assert studio.run().acted() == {"clip 1", "film"}
    assert studio.path("clip 1").read_bytes() == operation.film()
    assert studio.vendor.calls == (1, 3, 2)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()


def test_one_word_about_lost_clips_sends_one_request_where_two_scenes_are_alike(studio: Studio) -> None:
    studio.spec()
    studio.run("--until", "storyboard")
    board = json.loads(studio.path("storyboard").read_bytes())
    first = board["scenes"][0]
    board["scenes"] = [{**first, "scene_index": number, "continuity": "cut"} for number in range(2)]
    studio.path("storyboard").write_text(json.dumps(board), encoding="utf-8")
    studio.vendor.on("video", Cut(), times=None)
    studio.film(code=3)
    assert studio.vendor.sent("video") == 1
    studio.run("--until", "clips", "--on-lost", "resubmit", code=3)
    assert studio.vendor.sent("video") == 2
    assert studio.statuses("video") == ["abandoned", "unknown"]
    assert studio.spent() == studio.vendor.bill()


def test_a_request_that_may_not_have_been_taken_in_is_lost_just_the_same(studio: Studio) -> None:
    lose(studio, unavailable())
    assert studio.vendor.calls == (1, 3, 1)
    assert studio.spent() == studio.vendor.bill() + Decimal(PRICES[studio.mode])


@BOTH
def test_a_run_that_is_killed_before_the_reply_stops_the_next_one(studio: Studio) -> None:
    vendor = studio.vendor
    vendor.on("video", Hang())
    studio.spec(scenes=1)
    studio.kill(lambda: vendor.count("video") == 1)
    assert studio.run(code=3).targets["clip 0"]["state"] == "lost"
    assert vendor.sent("video") == 1
    studio.run("--on-lost", "resubmit")
    assert vendor.calls == (1, 2, 2)
    assert studio.spent() == vendor.bill()


@BOTH
def test_an_operation_is_not_used_for_a_clip_whose_prompt_was_edited_meanwhile(studio: Studio) -> None:
    vendor = studio.vendor
    vendor.on("poll", Working(), times=None)
    studio.spec(scenes=1)
    studio.kill(lambda: vendor.sent("poll") >= 1)
    vendor.rules.clear()
    studio.edit_scene(0, video_motion_prompt="A storm comes up.")
    studio.run()
    assert vendor.calls == (1, 2, 2)
    old, new = vendor.operations.values()
    assert "A storm comes up." in new.prompt
    assert studio.path("clip 0").read_bytes() == new.film()
    archived = [path.read_bytes() for path in studio.directory().rglob("*") if path.is_file()]
    assert old.film() in archived, "what was paid for is not in the archive"
    assert studio.spent() == vendor.bill()
    studio.rests()


def test_an_operation_that_ran_when_its_run_was_killed_is_gone_on_with(studio: Studio) -> None:
    vendor = studio.vendor
    vendor.on("poll", Working(), times=None)
    studio.spec(scenes=1)
    studio.kill(lambda: vendor.sent("poll") >= 1)
    vendor.rules.clear()
    assert studio.plan().targets["clip 0"]["state"] == "interrupted"
    studio.run()
    assert vendor.calls == (1, 2, 1)
    assert studio.spent() == vendor.bill()
