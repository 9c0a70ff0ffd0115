"""What the doctor says of credentials, models and the clock, over a loopback server; nothing of it is ever billed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.doctor.clinic import LITE, OMNI, Clinic, said
from tests.loopback.deeds import Cut, Hang, Reject, unavailable
from tests.loopback.oauth import EMAIL
from vidpipe.doctor.finding import State
from vidpipe.doctor.google import clock
from vidpipe.errors import Exit
from vidpipe.providers.google.access import PROJECT


def test_an_api_key_is_named_by_its_variable_and_every_model_is_asked_for(clinic: Clinic) -> None:
    clinic.with_key()
    found = clinic.ask()
    assert found.exit_code is Exit.DONE
    assert said(found, "credentials") == ["Gemini API: an API key from GEMINI_API_KEY"]
    assert len(said(found, "models", "ok")) == 3
    assert f"{OMNI} is listed for the API key" in said(found, "models", "ok")
    assert {text for kind, text in clinic.vendor.arrived if kind == "look"} == {
        "gemini-3.8-flash",
        "gemini-3-pro-image",
        "gemini-omni-1.1-flash",
    }
    assert said(found, "clock") == ["agrees with Google's"]


def test_a_service_account_is_named_by_its_file_and_the_project_by_its_origin(clinic: Clinic) -> None:
    clinic.with_login()
    found = clinic.ask()
    path = clinic.root / "account.json"
    login = f"a service account from {path} (GOOGLE_APPLICATION_CREDENTIALS)"
    assert said(found, "credentials") == [f"Vertex AI: {login}, project film-project from GOOGLE_CLOUD_PROJECT"]
    assert f"{LITE} is listed on Vertex AI in us-central1" in said(found, "models", "ok")
    assert "google:gemini-3.8-flash answers on Vertex AI in global" in said(found, "models", "ok")
    assert clinic.vendor.sent("token", EMAIL) >= 1
    assert found.exit_code is Exit.DONE


def test_no_credentials_fail_with_what_to_set_and_nothing_is_sent(clinic: Clinic) -> None:
    clinic.spec(provider="google")
    found = clinic.ask()
    assert found.exit_code is Exit.FAILED
    assert "set GEMINI_API_KEY" in said(found, "credentials", "fail")[0]
    assert clinic.vendor.arrived == []
    assert said(found, "clock") == ["not checked: Google's answer tells the time, and there was none"]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (None, "cannot be read"),
        ("private rubbish", "are no JSON"),
        ('{"type": "no such"}', "are of no type that is known"),
        ('["private"]', "are of no type that is known"),
    ],
)
def test_a_credentials_file_that_is_none_fails_without_being_quoted(
    clinic: Clinic, content: str | None, trouble: str
) -> None:
    clinic.with_login()
    path = clinic.root / "account.json"
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    found = clinic.ask()
    assert trouble in said(found, "credentials", "fail")[0]
    assert "gcloud auth application-default login" in said(found, "credentials", "fail")[0]
    assert "private" not in clinic.told[-1]
    assert clinic.vendor.arrived == []


def test_a_second_key_that_is_not_used_is_warned_of(clinic: Clinic) -> None:
    clinic.with_key()
    clinic.monkeypatch.setenv("GOOGLE_API_KEY", clinic.vendor.key)
    assert said(clinic.ask(), "credentials", "warn") == []
    clinic.monkeypatch.setenv("GEMINI_API_KEY", "canary-of-the-other-key")
    found = clinic.ask()
    assert said(found, "credentials", "warn")[0].startswith("GEMINI_API_KEY holds another one, which is not used | ")
    assert found.exit_code is Exit.DONE
    assert "canary-of-the-other-key" not in clinic.told[-1]


def test_an_invalid_key_is_told_once_for_all_models(clinic: Clinic) -> None:
    clinic.with_key("canary-that-opens-nothing")
    found = clinic.ask()
    assert len(said(found, "models", "fail")) == 1
    assert "does not accept the API key: set GEMINI_API_KEY" in said(found, "models", "fail")[0]
    assert "canary-that-opens-nothing" not in clinic.told[-1]


def test_a_login_that_is_not_accepted_fails(clinic: Clinic) -> None:
    clinic.with_login()
    clinic.vendor.on("token", Reject(400, "invalid_grant", "Invalid JWT Signature."), times=None)
    found = clinic.ask()
    assert "does not accept the credentials" in said(found, "models", "fail")[0]
    assert found.exit_code is Exit.FAILED


def test_a_project_that_the_login_may_not_use_fails_though_the_models_are_listed(clinic: Clinic) -> None:
    clinic.with_login()
    clinic.monkeypatch.setenv(PROJECT, "somebody-elses")
    (trouble,) = said(clinic.ask(), "models", "fail")
    assert "google:gemini-3.8-flash" in trouble
    assert "may not use gemini-3.8-flash in project somebody-elses" in trouble


def test_a_model_that_is_not_there_names_those_that_could_take_its_place(clinic: Clinic) -> None:
    own = '[[models]]\nprovider = "google"\nkind = "image"\nid = "gone-image"\n'
    own += 'prices = { 2K = "0.1" }\nimage_sizes = ["2K"]\naspect_ratios = ["16:9"]\nmodes = ["vertex", "api-key"]\n'
    (clinic.root / "vidpipe.toml").write_text("", encoding="utf-8")
    (clinic.root / "models.toml").write_text(f"as_of = 2026-11-22\n{own}", encoding="utf-8")
    clinic.with_key()
    clinic.spec(provider="google", models={"video": OMNI, "image": "google:gone-image"})
    found = clinic.ask()
    (trouble,) = said(found, "models", "fail")
    gone, _, fix = trouble.partition(" | ")
    assert gone == "google:gone-image is not known for the API key"
    assert fix == "set models.image to google:gemini-3-pro-image or google:gemini-3.1-flash-image"
    assert len(said(found, "models", "ok")) == 2


def test_a_model_that_the_credentials_do_not_reach_hides_none_of_the_others(clinic: Clinic) -> None:
    clinic.with_key()
    clinic.spec(provider="google", models={"video": LITE})
    found = clinic.ask()
    assert len(said(found, "models", "ok")) == 2
    assert f"{LITE} is served by Vertex AI only" in said(found, "models", "fail")[0]
    assert f"set models.video: {OMNI}" in said(found, "models", "fail")[0]


def test_what_a_third_party_calls_retired_only_warns_and_what_the_vendor_does_fails(clinic: Clinic) -> None:
    clinic.with_login()
    models = {"video": "google:veo-3.1-generate-001", "image": "google:gemini-3-pro-image-preview"}
    clinic.spec(provider="google", models=models)
    found = clinic.ask()
    (warning,) = said(found, "models", "warn")
    assert warning.startswith("google:veo-3.1-generate-001 may be gone: a third party says")
    assert LITE in warning
    assert OMNI not in warning  # which these credentials do not reach
    assert said(found, "models", "fail")[0] == (
        "google:gemini-3-pro-image-preview was retired by its vendor on 2026-11-22 | "
        "set models.image to google:gemini-3-pro-image or google:gemini-3.1-flash-image"
    )


def test_a_service_that_fails_or_cuts_the_line_is_asked_once_and_told_of(clinic: Clinic) -> None:
    clinic.with_key()
    clinic.vendor.on("look", unavailable(), holding="flash", times=1)
    clinic.vendor.on("look", Cut(), holding="image")
    found = clinic.ask()
    assert len(said(found, "models", "fail")) == 2
    assert any("503" in trouble for trouble in said(found, "models", "fail"))
    assert clinic.vendor.sent("look") == 3
    assert found.exit_code is Exit.FAILED


def test_a_service_that_says_nothing_is_given_up(clinic: Clinic) -> None:
    clinic.with_key()
    clinic.monkeypatch.setattr("vidpipe.doctor.google.SECONDS", 0.2)
    clinic.vendor.on("look", Hang(), times=None)
    assert "timed out" in said(clinic.ask(), "models", "fail")[0]


def test_a_service_that_cannot_be_reached_fails(clinic: Clinic) -> None:
    clinic.with_key()
    clinic.monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1")
    assert "check the network" in said(clinic.ask(), "models", "fail")[0]


@pytest.mark.parametrize("refused", [False, True])
def test_a_clock_that_is_off_is_warned_of_whatever_the_answer_was(clinic: Clinic, refused: bool) -> None:
    clinic.with_key("canary-that-opens-nothing" if refused else None)
    late = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    clinic.monkeypatch.setattr("http.server.BaseHTTPRequestHandler.date_time_string", lambda _self, *_time: late)
    (warning,) = said(clinic.ask(), "clock", "warn")
    assert "s behind Google's | let this machine set its clock" in warning
    assert 590 < int(warning.split()[1]) < 601


def test_a_clock_is_judged_by_the_seconds_it_is_off() -> None:
    states = [clock(skew).state for skew in (None, 0.0, -59.0, 60.0, -4000.0)]
    assert states == [State.OK, State.OK, State.OK, State.WARN, State.WARN]
    assert clock(4000).said == "is 4,000 s ahead of Google's"


def test_a_date_that_lies_ahead_is_told(clinic: Clinic) -> None:
    from vidpipe.doctor.retirement import retirements
    from vidpipe.providers.registry import all_models

    known = all_models("google")
    veo = next(model for model in known if model.id == "veo-3.1-generate-001")
    (found,) = retirements([veo], known, date(2026, 11, 1))
    assert found.state is State.WARN
    assert found.said == "google:veo-3.1-generate-001 will be retired on 2026-11-17, says a third party"


def test_a_speech_model_is_asked_for_where_there_is_something_to_say(clinic: Clinic) -> None:
    clinic.with_key()
    assert not any("tts" in line for line in said(clinic.ask(), "models"))
    clinic.spec(provider="google", models={"video": OMNI}, narration=True)
    assert "google:gemini-3.8-flash-tts is listed for the API key" in said(clinic.ask(), "models", "ok")
