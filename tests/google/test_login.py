"""A login that hangs comes before the request: nothing was sent, so nothing is lost."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from google.auth.exceptions import DefaultCredentialsError

from tests.loopback.deeds import Hang
from vidpipe.providers import google
from vidpipe.providers.google import login
from vidpipe.providers.google.client import Timeouts

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_film_by_the_login_of_a_person_starts_no_gcloud_and_tells_no_secret(studio: Studio) -> None:
    studio.with_user_login()
    folder, started = studio.root.parent / "bin", studio.root.parent / "started"
    folder.mkdir()
    program = folder / "gcloud"
    program.write_text(f"#!/bin/sh\nenv >> {started}\necho film-project\n")
    program.chmod(0o755)
    studio.monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    studio.monkeypatch.setenv("UNUSED_API_KEY", "canary-of-another-service")
    studio.spec(scenes=1)
    studio("doctor")
    studio.run("-v")
    assert studio.vendor.sent("token") == 2
    assert studio.vendor.calls == (1, 2, 1)
    assert not started.exists(), started.read_text()


def test_a_login_without_a_project_says_what_to_set_and_sends_nothing(studio: Studio) -> None:
    studio.with_user_login()
    (studio.root / "vidpipe.toml").write_text('[google]\nmode = "vertex"\n')
    studio.spec(scenes=1)
    assert "no Google Cloud project is named: set project in [google]" in studio.run(code=1).told
    assert studio.vendor.calls == (0, 0, 0)


def test_a_service_accounts_own_project_will_do_unless_the_environment_names_another(
    studio: Studio, tmp_path: Path
) -> None:
    assert login.found(None).project == studio.vendor.project
    studio.monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
    assert login.found(None).project == "film-project"
    studio.monkeypatch.setenv("GCLOUD_PROJECT", "an-older-name")
    assert login.found(None).project == "an-older-name"
    studio.monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    with pytest.raises(DefaultCredentialsError):
        login.found(None)


@pytest.mark.parametrize("leave", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_a_program_that_credentials_name_is_started_only_with_the_users_leave(
    studio: Studio, named: bool, leave: bool
) -> None:
    started = studio.root.parent / "started"
    federation = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{studio.loopback.base}/token",
        "credential_source": {"executable": {"command": f"/bin/touch {started}", "timeout_millis": 5000}},
    }
    (studio.root.parent / "home" / "account.json").write_text(json.dumps(federation))
    if not named:
        studio.monkeypatch.delenv("GOOGLE_CLOUD_PROJECT")
        (studio.root / "vidpipe.toml").write_text(f'[google]\nproject = "{studio.vendor.project}"\n')
    studio.monkeypatch.setenv("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", str(int(leave)))
    studio.spec(scenes=1)
    studio.run(code=1)
    assert started.exists() is leave
    assert studio.vendor.arrived == []
