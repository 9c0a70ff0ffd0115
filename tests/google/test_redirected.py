"""Servers that take a request in and then send the client on elsewhere: nothing follows, nothing is paid twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.google.studio import PRICES
from tests.loopback.deeds import Redirect
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.google.studio import Studio

BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])


@pytest.fixture
def other() -> Iterator[Loopback]:
    """Return a second server, to which nothing may come."""
    with Loopback(Vendor()) as server:
        yield server
    assert server.vendor.arrived == []
    assert server.vendor.problems == []


@BOTH
@pytest.mark.parametrize("code", [303, 307])
def test_a_clip_is_ordered_once_and_what_costs_cents_is_asked_for_again_and_all_counts(
    studio: Studio, other: Loopback, code: int
) -> None:
    for kind in ("text", "image", "video"):
        studio.vendor.on(kind, Redirect(code, f"{other.base}/v1/elsewhere"))
    studio.spec(scenes=1)
    for _ in range(2):
        ran = studio.film(code=3)
        assert ran.targets["clip 0"]["state"] == "lost"
        assert "--on-lost" in ran.told
        assert studio.vendor.calls == (2, 3, 1)
        assert (studio.vendor.sent("text"), studio.vendor.sent("image"), studio.vendor.sent("video")) == (2, 3, 1)
        assert studio.statuses("video") == ["unknown"]
        lost = {one.kind: one.price for one in studio.ledger().requests.values() if one.status == "unknown"}
        assert lost.keys() == {"text", "image", "video"}
        assert lost["video"] == Decimal(PRICES[studio.mode])
        # Of the storyboard that was lost nobody knows the tokens, so it counts at its price.
        assert studio.spent() == studio.vendor.bill() - studio.vendor.bill("text") / 2 + lost["text"]


@BOTH
def test_a_voice_is_asked_for_again(studio: Studio, other: Loopback) -> None:
    studio.vendor.on("speech", Redirect(308, f"{other.base}/v1/elsewhere"))
    studio.spec(scenes=1, narration=True, audio=True)
    studio.run("--until", "narration")
    assert studio.vendor.count("speech") == 2
    assert sorted(studio.statuses("speech")) == ["settled", "unknown"]


@BOTH
def test_the_doctor_asks_no_other_server(studio: Studio, other: Loopback) -> None:
    studio.vendor.on("look", Redirect(307, f"{other.base}/v1/elsewhere"), holding="gemini-3.8-flash", times=None)
    studio.spec(scenes=1)
    assert "redirected with 307 to 127.0.0.1" in " ".join(studio("doctor", "specs/pier.yaml").out.split())
