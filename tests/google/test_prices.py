"""What the plan says that a film will cost is what its ledger settles."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.google.modes import BOTH
from tests.loopback.deeds import Block, Say
from tests.loopback.media import picture
from tests.loopback.replies import TOKENS
from tests.project import short
from vidpipe.providers.registry import default_model

if TYPE_CHECKING:
    from tests.google.studio import Studio


def reply_price() -> Decimal:
    """Return what the vendor bills for one storyboard: its tokens, thoughts included, by vidpipe's model data."""
    prices = default_model("google", "text").prices_on()
    read, written, thought = TOKENS
    return (read * prices["in"] + (written + thought) * prices["out"]) / 1_000_000


def planned(studio: Studio) -> dict[str, Decimal]:
    """Return the planned price of every target that costs something, before there is anything."""
    prices = {name: Decimal(str(target["price_usd"])) for name, target in studio.plan().targets.items()}
    return {name: price for name, price in prices.items() if price}


def settled(studio: Studio) -> dict[str, Decimal]:
    """Return what the ledger settled for every target."""
    found: dict[str, Decimal] = {}
    for request in studio.ledger().requests.values():
        assert request.status == "settled"
        name = short(request.target)
        found[name] = found.get(name, Decimal(0)) + request.spent
    return found


@BOTH
def test_pictures_and_clips_cost_what_the_plan_says_and_a_storyboard_its_tokens(studio: Studio) -> None:
    for name in ("mara", "pier"):
        (studio.root / "specs" / f"{name}.jpg").write_bytes(picture(7, "9:16", "JPEG"))
    studio.spec(scenes=3, references=[{"name": name, "image": f"{name}.jpg"} for name in ("mara", "pier")])
    told = planned(studio)
    studio.film()
    cost = settled(studio)
    assert told.keys() == cost.keys()
    assert cost.pop("storyboard") == reply_price() <= told.pop("storyboard")
    assert cost == told
    assert told["end 2"] - told["start 0"] == default_model("google", "image").prices_on()["input"]
    assert studio.spent() == studio.vendor.bill()


def test_every_reply_that_is_no_storyboard_is_settled_at_its_tokens_too(studio: Studio) -> None:
    studio.vendor.on("text", Say("I cannot do that."), times=2)
    studio.spec(scenes=1)
    studio.run("--until", "storyboard")
    assert settled(studio) == {"storyboard": 3 * reply_price()}
    assert studio.spent() == studio.vendor.bill()


@BOTH
def test_a_run_whose_replies_all_arrive_costs_no_more_than_the_worst_case_that_was_planned(studio: Studio) -> None:
    studio.vendor.on("text", Say("I cannot do that."), times=2)
    studio.vendor.on("video", Block(), holding="motion 0.")
    studio.spec(scenes=1)
    plan = studio.plan()
    job = {key: Decimal(str(plan.job[key])) for key in ("planned_usd", "worst_case_usd")}
    assert job["worst_case_usd"] == job["planned_usd"] + 2 * planned(studio)["storyboard"]
    studio.run("--until", "clips")
    assert len(studio.vendor.blocked) == 1
    assert studio.vendor.calls == (3, 2, 1)
    assert studio.spent() == studio.vendor.bill() <= job["worst_case_usd"]
    assert studio.plan().job["worst_case_usd"] == 0


@pytest.mark.parametrize(
    "script", ["潮が満ちる。" * 5000, "🌊🌧️⚓" * 5000, '{"a":[1,2]},' * 5000], ids=["kanji", "emoji", "JSON"]
)
def test_a_storyboard_is_priced_as_if_its_script_fell_into_many_tokens(studio: Studio, script: str) -> None:
    studio.spec(scenes=1, script=script)
    most = len(script.encode())  # no token is shorter than a byte
    prices = default_model("google", "text").prices_on()
    assert planned(studio)["storyboard"] >= most * prices["in"] / 1_000_000 + 8_000 * prices["out"] / 1_000_000
