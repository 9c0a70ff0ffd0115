"""A login that hangs comes before the request: nothing was sent, so nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.loopback.deeds import Hang
from vidpipe.providers import google
from vidpipe.providers.google import login
from vidpipe.providers.google.client import Timeouts

if TYPE_CHECKING:
    from tests.google.studio import Studio

SHORT, LONGER = (Timeouts(buy=3.0, poll=3.0, login=seconds) for seconds in (0.3, 1.0))


def test_a_token_endpoint_that_hangs_buys_nothing_and_loses_nothing(studio: Studio) -> None:
    studio.spec(scenes=1)
    studio.run("--until", "keyframes")
    studio.vendor.on("token", Hang(), times=None)
    with studio.monkeypatch.context() as patient:
        patient.setattr(google, "open_provider", lambda settings: google.Google(settings, SHORT))
        ran = studio.film(code=1)
    assert f"{studio.loopback.base}/token" in ran.told
    assert "login" in ran.told
    assert studio.vendor.sent("video") == 0
    assert set(studio.statuses("video")) == {"rejected"}
    assert studio.spent() == studio.vendor.bill()
    studio.vendor.rules.clear()
    studio.film()
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()


def test_a_token_that_hangs_when_it_is_renewed_in_the_middle_of_a_run_loses_nothing_either(studio: Studio) -> None:
    studio.spec(scenes=1)
    studio.run("--until", "keyframes")
    renewals = 2  # before the submission, and before the poll
    studio.monkeypatch.setattr(login, "MARGIN", timedelta(hours=2))
    studio.monkeypatch.setattr(google, "open_provider", lambda settings: google.Google(settings, LONGER))
    studio.vendor.on("token", Hang())
    before = studio.vendor.sent("token")
    studio.film()
    assert studio.vendor.sent("token") >= before + renewals + 1
    assert studio.vendor.calls == (1, 2, 1)
    *before_it, bought = studio.statuses("video")
    assert (set(before_it), bought) == ({"rejected"}, "settled")
    assert studio.spent() == studio.vendor.bill()


def test_a_token_is_asked_for_once_while_it_lasts(studio: Studio) -> None:
    studio.spec()
    studio.film()
    assert studio.vendor.sent("token") == 1
