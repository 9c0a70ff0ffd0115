"""`vidpipe doctor`, over a loopback server that speaks Google's protocols: nothing it does is ever billed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.loopback.deeds import Cut, Hang, Reject, unavailable
from tests.loopback.oauth import EMAIL, private_key, service_account
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from vidpipe import __version__
from vidpipe.__main__ import main
from vidpipe.commands.doctor import doctor
from vidpipe.doctor.finding import Diagnosis, State
from vidpipe.doctor.google import clock
from vidpipe.errors import Exit, SpecError
from vidpipe.providers.google.access import CREDENTIALS_FILE, KEYS, LOCATION, PROJECT, SWITCHES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OMNI = "google:gemini-omni-1.1-flash"
LITE = "google:veo-3.1-lite-generate-001"
SERVERS = ("GOOGLE_VERTEX_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
UNWANTED = (*KEYS, *SWITCHES, *SERVERS, CREDENTIALS_FILE, PROJECT, LOCATION, "CLOUDSDK_CONFIG", "STORAGE_EMULATOR_HOST")
WAYS = ("VIDPIPE_DIR", "VIDPIPE_JOBS", "VIDPIPE_POLL_SECONDS", "VIDPIPE_WAIT_SECONDS", "VIDPIPE_IN_FLIGHT")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@dataclass(slots=True)
class Clinic:
    """A project, the vendor who is asked, and everything that was told."""

    root: Path
    vendor: Vendor
    base: str
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    told: list[str] = field(default_factory=list)

    def spec(self, name: str = "pier", **keys: object) -> None:
        """Write specs/NAME.yaml."""
        text = yaml.safe_dump({"script": "Waves beat on the old pier.", "scenes": 1, "seconds": 4} | keys)
        (self.root / "specs" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def with_key(self, key: str | None = None) -> None:
        """Use an API key, and film with Omni."""
        self.monkeypatch.setenv("GEMINI_API_KEY", key or self.vendor.key)
        self.monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", self.base)
        self.spec(provider="google", models={"video": OMNI})

    def with_login(self) -> None:
        """Use a service account on Vertex AI, and film with Veo."""
        path = self.root / "account.json"
        path.write_text(service_account(self.base), encoding="utf-8")
        self.monkeypatch.setenv(CREDENTIALS_FILE, str(path))
        self.monkeypatch.setenv(PROJECT, self.vendor.project)
        self.monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", self.base)
        self.spec(provider="google", models={"video": LITE})

    def ask(self, **asked: Any) -> Diagnosis:
        """Run the command's function."""
        found = doctor([], **asked)
        self.told.append(repr(found))
        return found

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Run the command line; return its exit code and what it printed on stdout."""
        self.capsys.readouterr()
        code = main(["doctor", *arguments])
        out, err = self.capsys.readouterr()
        self.told += [out, err]
        return code, out


def said(found: Diagnosis, topic: str, *states: str) -> list[str]:
    """Return what was said on a topic, with what to do, in some states (none given: in all)."""
    return [
        f"{one.said} | {one.fix}" if one.fix else one.said
        for one in found.findings
        if one.topic == topic and (not states or one.state in states)
    ]


def origins(found: Diagnosis) -> dict[str, tuple[str, str]]:
    return {one.key: (one.value, one.origin) for one in found.settings}


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Clinic]:
    """Return a project without credentials; a billed call, a breach of the protocol and a told secret fail the test."""
    for name in (*UNWANTED, *WAYS, *PROXIES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda _self, *_given, **_named: None)
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path)
    vendor = Vendor()
    with Loopback(vendor) as server:
        clinic = Clinic(tmp_path, vendor, server.base, monkeypatch, capsys)
        yield clinic
    assert vendor.problems == []
    assert vendor.accepted == []
    secrets = (vendor.key, vendor.token, *private_key().splitlines()[1:3])
    assert [secret for secret in secrets if any(secret in text for text in clinic.told)] == []


def test_without_google_nothing_is_sent_and_the_network_is_said_not_to_be_needed(clinic: Clinic) -> None:
    clinic.monkeypatch.setattr("socket.socket.connect", lambda *_given: pytest.fail("something was sent"))
    clinic.monkeypatch.setenv("GEMINI_API_KEY", clinic.vendor.key)
    clinic.spec()
    code, out = clinic()
    assert code == Exit.DONE
    assert "network: not needed: no spec uses google" in out
    assert "credentials" not in out
    assert out.endswith("all is well\n")


def test_nothing_is_left_behind(clinic: Clinic) -> None:
    clinic.spec()
    (clinic.root / "runs").mkdir()
    before = sorted(clinic.root.rglob("*"))
    clinic.ask()
    assert sorted(clinic.root.rglob("*")) == before


def test_a_voice_is_looked_for_where_the_animatic_is_to_speak(clinic: Clinic) -> None:
    clinic.spec()
    assert said(clinic.ask(), "voice") == []
    clinic.spec(narration=True)
    bin_folder = clinic.root / "bin"
    bin_folder.mkdir()
    clinic.monkeypatch.setenv("PATH", str(bin_folder))
    assert said(clinic.ask(), "voice", "warn")[0].startswith("espeak-ng is not installed, so the film has no voice")
    (bin_folder / "espeak-ng").touch(0o755)
    assert said(clinic.ask(), "voice", "ok") == ["espeak-ng speaks the narration"]


def test_a_speech_model_is_asked_for_where_there_is_something_to_say(clinic: Clinic) -> None:
    clinic.with_key()
    assert not any("tts" in line for line in said(clinic.ask(), "models"))
    clinic.spec(provider="google", models={"video": OMNI}, narration=True)
    assert "google:gemini-3.8-flash-tts is listed for the API key" in said(clinic.ask(), "models", "ok")


def test_versions_and_codecs_are_told(clinic: Clinic) -> None:
    clinic.spec()
    found = clinic.ask()
    assert all(
        name in said(found, "versions")[0] for name in (f"vidpipe {__version__}", "Python 3", "FFmpeg", "pillow")
    )
    clinic.monkeypatch.setattr("vidpipe.media.encode.check_codecs", lambda: ["AAC encoder"])
    lacking = clinic.ask()
    assert said(lacking, "codecs", "fail")[0].startswith("the installed PyAV lacks AAC encoder | install PyAV")
    assert lacking.exit_code is Exit.FAILED


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
    assert said(found, "clock") == ["not checked: no answer told its date"]


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


def test_each_setting_in_force_is_told_with_its_origin_and_none_that_another_overrides(clinic: Clinic) -> None:
    table = '[google]\nproject = "tide"\npoll_seconds = 5\n[run]\njobs = 2\n'
    table += '[limits."google:gemini-3.8-flash"]\nin_flight = 9\n'
    (clinic.root / "vidpipe.toml").write_text(table, encoding="utf-8")
    clinic.with_key()
    for name, value in ((PROJECT, "other"), (LOCATION, "europe-west4"), ("VIDPIPE_POLL_SECONDS", "0")):
        clinic.monkeypatch.setenv(name, value)
    clinic.monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "false")
    clinic.monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://me:hunter2@127.0.0.1:9")
    found = origins(clinic.ask(directory=clinic.root / "elsewhere"))
    assert found["run.dir"] == (str(clinic.root / "elsewhere"), "command line")
    assert found["run.jobs"] == ("2", "vidpipe.toml")
    assert found["google.project"] == ("tide", "vidpipe.toml")
    assert found["google.location"] == ("europe-west4", LOCATION)
    assert found["GOOGLE_GENAI_USE_VERTEXAI"] == ("false", "GOOGLE_GENAI_USE_VERTEXAI")
    assert found["every poll_seconds"] == ("0.0", "VIDPIPE_POLL_SECONDS")
    assert "google.poll_seconds" not in found
    assert found["google.wait_seconds"] == ("900", "built in")
    assert found["limits.google:gemini-3.8-flash.in_flight"] == ("9", "vidpipe.toml")
    assert found["limits.google:gemini-3-pro-image.in_flight"] == ("4", "model data")
    assert found["STORAGE_EMULATOR_HOST"][0] == "http://(secret)@127.0.0.1:9"
    assert "hunter2" not in clinic.told[-1]


def test_a_key_that_was_copied_into_a_setting_is_not_told(clinic: Clinic) -> None:
    clinic.with_key()
    (clinic.root / "vidpipe.toml").write_text(f'[google]\nproject = "{clinic.vendor.key}"\n', encoding="utf-8")
    assert origins(clinic.ask())["google.project"] == ("(secret)", "vidpipe.toml")


def test_a_spec_that_cannot_be_read_is_a_finding_and_hides_nothing_of_the_others(clinic: Clinic) -> None:
    clinic.with_key()
    (clinic.root / "specs" / "torn.yaml").write_text("scrpt: x\n", encoding="utf-8")
    found = clinic.ask()
    assert said(found, "specs", "ok") == ["1 of 2 can be read"]
    assert any("did you mean script?" in one for one in said(found, "specs", "fail"))
    assert len(said(found, "models", "ok")) == 3
    assert found.exit_code is Exit.FAILED


def test_settings_that_cannot_be_read_are_a_finding(clinic: Clinic) -> None:
    (clinic.root / "vidpipe.toml").write_text("[rum]\n", encoding="utf-8")
    assert any("rum" in one for one in said(clinic.ask(), "specs", "fail"))


def test_no_specs_are_warned_of_and_an_argument_that_stands_for_nothing_is_refused(clinic: Clinic) -> None:
    (clinic.root / "specs").rmdir()
    found = clinic.ask()
    assert said(found, "specs", "warn")
    assert found.exit_code is Exit.DONE
    with pytest.raises(SpecError, match="no such file"):
        doctor([clinic.root / "nothing.yaml"])


def test_as_json_it_is_one_object_with_findings_and_settings(clinic: Clinic) -> None:
    clinic.spec(provider="google")
    code, out = clinic("--json")
    value = json.loads(out)
    assert code == value["exit"] == 1
    assert value["schema"] == 1
    assert {"topic", "state", "said", "fix"} == set(value["findings"][0])
    assert [one["topic"] for one in value["findings"] if one["state"] == "fail"] == ["credentials"]
    assert {"key": "run.jobs", "value": "4", "origin": "built in"} in value["settings"]


def test_for_a_person_each_failure_stands_with_its_fix_and_the_last_line_counts(clinic: Clinic) -> None:
    clinic.with_login()
    clinic.spec(provider="google", models={"image": "google:gemini-3-pro-image-preview"})
    code, out = clinic()
    lines = out.splitlines()
    retired = next(place for place, line in enumerate(lines) if "was retired by its vendor" in line)
    assert lines[retired].startswith("fail  models: ")
    assert lines[retired + 1].startswith("      set models.image to ")
    assert "      run.jobs = 4  (built in)" in lines
    assert lines[-1] == "2 checks failed, 1 warning"
    assert code == Exit.FAILED
    quiet = clinic("--quiet")[1].splitlines()
    assert quiet[-1] == lines[-1]
    assert lines[retired + 1] in quiet
    assert [line for line in quiet if line.startswith("ok") or "run.jobs" in line] == []


def test_a_date_that_lies_ahead_is_told(clinic: Clinic) -> None:
    from vidpipe.doctor.retirement import retirements
    from vidpipe.providers.registry import all_models

    known = all_models("google")
    veo = next(model for model in known if model.id == "veo-3.1-generate-001")
    (found,) = retirements([veo], known, date(2026, 11, 1))
    assert found.state is State.WARN
    assert found.said == "google:veo-3.1-generate-001 will be retired on 2026-11-17, says a third party"
