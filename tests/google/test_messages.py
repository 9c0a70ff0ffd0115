"""What cannot be called is said in one sentence that names what to set, and nothing is bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.google.modes import BOTH, KEYED
from tests.loopback import offers, routes
from tests.loopback.oauth import service_account

if TYPE_CHECKING:
    from tests.google.studio import Studio

VEO = {"video": "google:veo-3.1-fast-generate-001"}


def said(studio: Studio, code: int) -> str:
    """Run, and return the one sentence that is told, after a look at the run for people."""
    ran = studio("run", "--json")
    assert ran.code == code, ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err
    plain = studio("run")
    assert plain.code == code
    assert "bug" not in plain.out + plain.err
    return " ".join(ran.told.split())


def test_without_credentials_the_message_names_both_kinds(studio: Studio) -> None:
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"):
        studio.monkeypatch.delenv(name)
    studio.spec(scenes=1)
    told = said(studio, 2)
    assert "GEMINI_API_KEY" in told
    assert "gcloud auth application-default login" in told
    assert studio.vendor.arrived == []


@KEYED
def test_an_invalid_key_is_said_to_be_one(studio: Studio) -> None:
    studio.monkeypatch.setenv("GEMINI_API_KEY", "not-the-key-0123456789")
    studio.spec(scenes=1)
    assert "set GEMINI_API_KEY" in said(studio, 1)
    assert studio.vendor.calls == (0, 0, 0)
    assert studio.spent() == 0


def test_a_token_that_is_not_accepted_says_to_log_in(studio: Studio) -> None:
    studio.vendor.issues = "not-the-token-0123456789"
    studio.spec(scenes=1)
    assert "gcloud auth application-default login" in said(studio, 1)
    assert studio.vendor.calls == (0, 0, 0)


def test_without_a_project_the_message_says_where_to_name_one(studio: Studio) -> None:
    studio.monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
    account = studio.root.parent / "home" / "account.json"
    account.write_text(service_account(studio.loopback.base, project=""))
    studio.spec(scenes=1)
    told = said(studio, 1)
    assert "project in [google]" in told
    assert "GOOGLE_CLOUD_PROJECT" in told
    assert studio.vendor.calls == (0, 0, 0)


def test_a_project_that_is_closed_to_the_credentials_is_named(studio: Studio) -> None:
    studio.monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "somebody-elses")
    studio.spec(scenes=1)
    told = said(studio, 1)
    assert "somebody-elses" in told
    assert "project in [google]" in told


def test_a_model_that_nobody_knows_is_refused_before_anything_is_sent(studio: Studio) -> None:
    studio.spec(scenes=1, models={"video": "google:veo-9"})
    told = said(studio, 2)
    assert "veo-9" in told
    assert "veo-3.1" in told
    assert studio.vendor.arrived == []


@BOTH
def test_a_model_that_google_has_withdrawn_says_what_to_set_instead(studio: Studio) -> None:
    left = {name: offer for name, offer in offers.OFFERS.items() if name != "gemini-3-pro-image"}
    studio.monkeypatch.setattr(routes, "OFFERS", left)
    studio.spec(scenes=1)
    told = said(studio, 1)
    assert "models.image" in told
    assert "gemini-3.1-flash-image" in told
    assert studio.vendor.calls == (1, 0, 0)
    assert studio.spent() == studio.vendor.bill()


@pytest.mark.parametrize(
    ("settings", "calls"),
    [
        ('location = "europe-west9"', (1, 2, 0)),
        ('[google.locations]\n"gemini-3.8-flash" = "europe-west9"', (0, 0, 0)),
        ('[google.locations]\n"gemini-3-pro-image" = "europe-west9"', (1, 0, 0)),
        ('[google.locations]\n"veo-3.1-generate-001" = "europe-west9"', (1, 2, 0)),
    ],
)
def test_a_region_that_does_not_have_the_model_is_named(
    studio: Studio, settings: str, calls: tuple[int, int, int]
) -> None:
    (studio.root / "vidpipe.toml").write_text(f"[google]\n{settings}\n")
    studio.spec(scenes=1)
    told = said(studio, 1)
    assert "europe-west9" in told
    assert "location" in told
    assert studio.vendor.calls == calls
    assert studio.spent() == studio.vendor.bill()


@KEYED
def test_veo_with_an_api_key_says_what_to_set_instead(studio: Studio) -> None:
    studio.spec(scenes=1, models=VEO, audio=None)
    told = said(studio, 2)
    assert "gemini-omni" in told
    assert studio.vendor.arrived == []


@pytest.mark.parametrize(
    "keys",
    [
        {"seconds": 5},
        {"seconds": 4, "resolution": "1080p"},
        {"seconds": 8, "resolution": "4k", "models": {"video": "google:veo-3.1-lite-generate-001"}},
    ],
    ids=repr,
)
def test_what_a_model_does_not_take_is_refused_with_what_it_does_take(studio: Studio, keys: dict[str, Any]) -> None:
    studio.spec(**keys)
    planned = studio("plan", "--json")
    assert planned.code == 2
    assert "8 seconds" in planned.told or "1080p" in planned.told
    assert studio.vendor.arrived == []
