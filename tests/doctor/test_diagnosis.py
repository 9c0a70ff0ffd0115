"""What the doctor says of specs, settings and this machine, and how it is told."""

from __future__ import annotations

import json

import pytest

from tests.doctor.clinic import LITE, OMNI, Clinic, origins, said
from vidpipe import __version__
from vidpipe.commands.doctor import doctor
from vidpipe.doctor.in_force import SERVERS
from vidpipe.errors import Exit, SpecError
from vidpipe.providers.google.access import LOCATION, PROJECT


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


def test_without_specs_the_models_that_defaults_name_are_looked_at(clinic: Clinic) -> None:
    clinic.with_key()
    (clinic.root / "specs/pier.yaml").unlink()
    (clinic.root / "vidpipe.toml").write_text(
        f'[defaults]\nprovider = "google"\nmodels = {{ video = "{OMNI}" }}\n', encoding="utf-8"
    )
    found = clinic.ask()
    assert "only the models of [defaults]" in said(found, "specs", "warn")[0]
    assert said(found, "credentials", "ok") == ["Gemini API: an API key from GEMINI_API_KEY"]
    assert len(said(found, "models", "ok")) == 3


def test_specs_that_cannot_be_read_are_not_said_to_need_no_network(clinic: Clinic) -> None:
    clinic.spec(provider="google", scenes=0)
    assert said(clinic.ask(), "network") == ["not needed: no spec that can be read uses google"]


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


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("bob:canary-pw@127.0.0.1:9", "(secret)@127.0.0.1:9"),
        ("http://bob:canary-pw@127.0.0.1:9", "http://(secret)@127.0.0.1:9"),
        ("http://bob:canary/pw@127.0.0.1:9", "http://(secret)@127.0.0.1:9"),
        ("http://127.0.0.1:9/x?token=canary-pw", "http://127.0.0.1:9/x?(secret)"),
        ("http://bob:canary?pw@127.0.0.1:9", "http://(secret)"),
        ("http://h/?access_token=x@canary-pw", "http://(secret)"),
        ("h:9/x#canary-pw", "h:9/x#(secret)"),
        ("http://[::1", "http://[::1"),
        ("http://127.0.0.1:9/a/path", "http://127.0.0.1:9/a/path"),
    ],
)
@pytest.mark.parametrize("name", SERVERS)
def test_an_address_is_told_without_what_opens_it(clinic: Clinic, name: str, address: str, shown: str) -> None:
    clinic.spec(provider="google", models={"video": LITE})
    clinic.monkeypatch.setenv(name, address)
    assert origins(clinic.ask())[name][0] == shown
    _, out = clinic("--json")
    clinic()
    assert "canary" not in "".join(clinic.told)
    assert name in out


def test_a_bucket_is_told_without_what_follows_its_name(clinic: Clinic) -> None:
    clinic.spec(provider="google", models={"video": LITE})
    (clinic.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/a@b?token=canary-pw"\n')
    assert origins(clinic.ask())["google.output_gcs_uri"][0] == "gs://films/a@b?(secret)"
