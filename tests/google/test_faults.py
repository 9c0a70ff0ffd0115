"""Limits, outages and broken replies: what may be repeated is, what was paid for is kept, nothing is paid twice."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.modes import BOTH
from tests.google.studio import PRICES
from tests.loopback.deeds import (
    Cut,
    Expire,
    Fail,
    Garble,
    Hang,
    Reject,
    Say,
    Spoil,
    Truncate,
    Working,
    busy,
    unavailable,
)
from tests.toy import board
from vidpipe.providers import google
from vidpipe.providers.google.client import Timeouts
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from tests.google.studio import Studio
    from tests.loopback.deeds import Deed, Kind

ALL: tuple[Kind, ...] = ("text", "image", "video", "poll")
FREE_OR_CENTS: tuple[Kind, ...] = ("text", "image", "poll")
"""What is sent again although a reply was lost."""


@BOTH
def test_a_storm_of_limits_is_sat_out_and_costs_nothing(studio: Studio) -> None:
    for kind in ALL:
        studio.vendor.on(kind, busy(retry_info=37), times=2)
        studio.vendor.on(kind, busy(retry_after=12))
        studio.vendor.on(kind, busy())
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.vendor.sent("video") == 5
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(
    ("deed", "seconds", "kinds"),
    [
        (busy(retry_info=37), 37, ALL),
        (busy(retry_after=12), 12, ALL),
        (Reject(503, "UNAVAILABLE", retry_info=37), 37, FREE_OR_CENTS),
        (Reject(503, "UNAVAILABLE", retry_after=12), 12, FREE_OR_CENTS),
    ],
)
@BOTH
def test_a_limit_is_given_the_time_that_it_asks_for(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, deed: Deed, seconds: float, kinds: tuple[Kind, ...]
) -> None:
    asked: list[float | None] = []

    def wait(_self: RetryPolicy, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked.append(getattr(error, "retry_after", None))
        return 0.0

    monkeypatch.setattr(RetryPolicy, "wait", wait)
    for kind in kinds:
        studio.vendor.on(kind, deed)
    studio.spec(scenes=1)
    studio.film()
    assert asked == [seconds] * len(kinds)


def test_a_limit_that_never_ends_fails_the_job_without_cost_and_the_next_run_makes_it(studio: Studio) -> None:
    studio.vendor.on("video", busy(), times=None)
    studio.spec(scenes=1)
    ran = studio.film(code=1)
    assert "429" in ran.told
    assert studio.vendor.calls == (1, 2, 0)
    assert studio.vendor.sent("video") == 5
    assert studio.spent() == studio.vendor.bill()
    studio.vendor.rules.clear()
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)


@BOTH
def test_every_third_call_is_answered_503_and_the_film_is_made_all_the_same(studio: Studio) -> None:
    studio.vendor.on("text", unavailable())
    studio.vendor.on("image", unavailable(), times=None, every=3)
    studio.vendor.on("poll", unavailable(), times=None, every=3)
    studio.vendor.on("poll", Working(), times=6)
    studio.spec()
    studio.film()
    assert studio.vendor.calls == (1, 3, 2)
    lost = [request for request in studio.ledger().requests.values() if request.status == "unknown"]
    assert {request.kind for request in lost} == {"text", "image"}
    assert studio.spent() == studio.vendor.bill() + sum((request.price for request in lost), Decimal(0))


@pytest.mark.parametrize("deed", [Cut(), Garble(), Truncate(), unavailable(500, accepted=True)], ids=repr)
def test_a_picture_whose_reply_is_lost_is_asked_for_again_and_both_count(studio: Studio, deed: Deed) -> None:
    studio.vendor.on("image", deed, holding="end 0.")
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.calls == (1, 3, 1)
    assert studio.statuses("image") == ["settled", "unknown", "settled"]
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(
    ("mode", "kind", "deed"),
    [
        ("vertex", "poll", Truncate()),
        ("vertex", "poll", Garble()),
        ("vertex", "poll", Cut(reset=True)),
        ("api-key", "poll", Garble()),
        ("api-key", "download", Truncate()),
        ("api-key", "download", Cut(reset=True)),
    ],
)
def test_a_clip_that_is_cut_off_three_times_is_fetched_the_fourth_time(studio: Studio, kind: Kind, deed: Deed) -> None:
    studio.vendor.on(kind, deed, times=3)
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.sent(kind) >= 4
    assert studio.path("clip 0").read_bytes() == next(iter(studio.vendor.operations.values())).film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


def test_a_clip_in_a_bucket_is_fetched_though_cut_off_three_times(studio: Studio) -> None:
    (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    for deed in (Truncate(), Truncate(0.1), Truncate(0.9)):
        studio.vendor.on("download", deed)
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.sent("download") == 4
    assert studio.path("clip 0").read_bytes() == next(iter(studio.vendor.operations.values())).film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


def test_a_download_that_never_succeeds_waits_for_the_next_run(studio: Studio) -> None:
    (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    studio.vendor.on("download", Truncate(), times=None)
    studio.spec(scenes=1)
    assert studio.film(code=3).job["state"] == "waiting"
    assert not studio.path("clip 0").exists()
    studio.vendor.rules.clear()
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)


@pytest.mark.parametrize(("mode", "kind"), [("vertex", "poll"), ("api-key", "download")])
@pytest.mark.parametrize("deed", [Spoil(), Garble()], ids=repr)
def test_a_clip_that_arrives_damaged_is_never_put_in_place(studio: Studio, kind: Kind, deed: Deed) -> None:
    studio.vendor.on(kind, deed, times=None)
    studio.spec(scenes=1)
    for _ in range(2):
        ran = studio.film(code=3)
        assert ran.job["state"] == "waiting"
        assert (isinstance(deed, Garble) and kind == "poll") or "its clip arrived damaged" in ran.told
        assert (isinstance(deed, Garble) and kind == "poll") or "vidpipe redo JOB clips/scene-000.mp4" in ran.told
        assert not studio.path("clip 0").exists()
        assert studio.vendor.calls == (1, 2, 1)
    studio.vendor.rules.clear()
    studio.film()
    assert studio.path("clip 0").read_bytes() == next(iter(studio.vendor.operations.values())).film()
    assert studio.vendor.calls == (1, 2, 1)


@BOTH
def test_a_malformed_storyboard_is_asked_for_again_at_a_lower_temperature(studio: Studio) -> None:
    whole = board("Waves", "plain", 2)
    studio.vendor.on("text", Say(json.dumps(whole)[:200], "MAX_TOKENS"))
    studio.vendor.on("text", Say(json.dumps(board("Waves", "plain", 3))))
    studio.spec()
    studio.film()
    assert studio.vendor.calls == (3, 3, 2)
    bodies: list[Any] = [body for kind, body in studio.vendor.bodies if kind == "text"]
    assert [body["generationConfig"]["temperature"] for body in bodies] == pytest.approx([0.7, 0.55, 0.4])
    assert studio.spent() == studio.vendor.bill()
    log = (studio.directory() / ".vidpipe" / "log.jsonl").read_text()
    assert log.count('"reply"') == 3


@pytest.mark.parametrize("text", ["I cannot do that.", "[]", '{"scenes": []}', ""], ids=repr)
def test_three_malformed_storyboards_fail_the_job_before_anything_else_is_bought(studio: Studio, text: str) -> None:
    studio.vendor.on("text", Say(text), times=None)
    studio.spec()
    ran = studio.film(code=1)
    assert studio.vendor.calls == (3, 0, 0)
    assert "3 replies in a row" in ran.told
    assert studio.spent() == studio.vendor.bill()


@BOTH
def test_an_operation_that_outlives_the_waiting_is_picked_up_by_the_next_run(studio: Studio) -> None:
    studio.monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    studio.vendor.on("poll", Working(), times=None)
    studio.spec(scenes=1)
    assert studio.film(code=3).job["state"] == "waiting"
    assert studio.film(code=3).job["state"] == "waiting"
    assert studio.vendor.sent("poll") == 2
    studio.vendor.rules.clear()
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(
    ("mode", "deed", "status"),
    [("vertex", Expire(), "gone"), ("vertex", Fail(), "failed"), ("api-key", Fail(), "failed")],
    ids=repr,
)
def test_an_operation_that_comes_to_nothing_says_what_a_new_attempt_costs(
    studio: Studio, deed: Deed, status: str
) -> None:
    studio.vendor.on("poll", deed)
    studio.spec(scenes=1)
    ran = studio.film(code=1)
    price = Decimal(PRICES[studio.mode])
    assert f"${price:.2f}" in ran.told
    assert studio.statuses("video") == [status]
    assert studio.vendor.calls == (1, 2, 1)
    studio.film()
    assert studio.vendor.calls == (1, 2, 2)
    assert studio.spent() == studio.vendor.bill()


def test_a_limit_that_asks_for_longer_than_a_run_lasts_is_left_to_the_next_run(studio: Studio) -> None:
    studio.vendor.on("video", busy(retry_info=4000))
    studio.spec(scenes=1)
    assert "4,000 s" in studio.film(code=1).told
    assert studio.vendor.sent("video") == 1
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


@BOTH
def test_no_request_hangs_for_ever(studio: Studio) -> None:
    short = Timeouts(buy=1.0, poll=0.5, download=0.5)
    studio.monkeypatch.setattr(google, "open_provider", lambda settings: google.Google(settings, short))
    kinds: tuple[Kind, ...] = ("image", "poll", "download") if studio.mode == "api-key" else ("image", "poll")
    for kind in kinds:
        studio.vendor.on(kind, Hang())
    studio.vendor.on("video", Hang(), holding="motion 1.")
    studio.spec()
    assert "timed out" in studio.film(code=3).told
    assert studio.vendor.calls == (1, 4, 2)
    assert sorted(studio.statuses("video")) == ["settled", "unknown"]
    assert studio.spent() == studio.vendor.bill()
