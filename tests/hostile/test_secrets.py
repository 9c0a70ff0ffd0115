"""Keys and tokens where tests/google/test_secrets.py does not look: representations, bugs, a pull request's doings."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from tests.google.modes import BOTH
from tests.hostile.watch import watched
from vidpipe.providers.google import open_provider
from vidpipe.providers.google.access import Access, Route
from vidpipe.providers.google.client import Clients, Timeouts
from vidpipe.providers.google.line import Line
from vidpipe.providers.google.login import Account
from vidpipe.providers.google.text import Writer
from vidpipe.providers.registry import ProviderSettings
from vidpipe.redact import HIDDEN, redacted
from vidpipe.report.crash import crash_report

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.hostile.conftest import Yard

KEY = "canary-key-0123456789abcdef"


def test_nothing_that_holds_a_key_shows_it_in_its_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    provider = open_provider(ProviderSettings(mode="api-key"))
    writer = provider.text("gemini-3.8-flash")
    clients = Clients(Timeouts(), (KEY,))
    holders = [provider, writer, clients, Access(ProviderSettings()), Account(1.0), Route(key=KEY), ProviderSettings()]
    assert isinstance(writer, Writer)
    holders += [writer._line, writer._line._route, Line(clients, writer._line.model, Route(key=KEY))]
    for holder in holders:
        for text in (repr(holder), str(holder), f"{holder!r}"):
            assert KEY not in text, type(holder)


@pytest.mark.parametrize("value", [KEY, f" {KEY}", f"{KEY}\n", f"\t{KEY} \n"])
@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY", "MY_TOKEN", "DB_PASSWORD"])
def test_a_bug_report_hides_what_the_environment_holds_however_it_was_pasted_there(name: str, value: str) -> None:
    try:
        raise ZeroDivisionError(f"headers: {{'x-goog-api-key': {value.strip()!r}}}", value)
    except ZeroDivisionError as error:
        report = crash_report(error, ["run", f"--x={value.strip()}"], {name: value})
    assert KEY not in report
    assert HIDDEN in report


@pytest.mark.parametrize(
    "text", ["?key=abc.def", "&key=x-y_z", "Bearer abc.def-ghi", "bearer abc", "AIza" + "x" * 35, "ya29.a0-b"]
)
def test_what_looks_like_a_secret_is_hidden_though_nobody_knows_it(text: str) -> None:
    assert HIDDEN in redacted(f"GET https://x/{text}", environ={})


@pytest.mark.parametrize("secret", ["p/q+r=s&t u-12345", 'it\'s \\ "quoted"-1', "naïve-pass-wörd"])
def test_a_secret_is_hidden_in_an_address_in_json_and_between_quotes_too(secret: str) -> None:
    forms = (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret))
    for form in forms:
        assert redacted(f"a {form} b", environ={"MY_TOKEN": secret}) == f"a {HIDDEN} b"


@BOTH
def test_a_bug_anywhere_tells_no_secret_in_any_form(studio: Studio) -> None:
    secret = studio.vendor.key if studio.mode == "api-key" else studio.vendor.token
    studio.spec(scenes=1)

    def fail(*given: object, **named: object) -> None:
        token = secret  # a local of the frame that fails
        raise KeyError(token, given, named, {"authorization": f"Bearer {token}"})

    places = (
        "vidpipe.steps.keyframe._request",
        "vidpipe.engine.placing.commit",
        "vidpipe.conduct.walk",
        "vidpipe.batch.open_run",
    )
    for place in places:
        with studio.monkeypatch.context() as patch:
            patch.setattr(place, fail)
            for form in ((), ("--json",), ("-v",)):
                ran = studio("run", *form)
                assert ran.code == 1, place
                if studio.mode == "api-key":
                    assert "KeyError" in ran.out + ran.err
        assert studio.leaks() == [], place


def test_a_bug_tells_no_token_that_does_not_look_like_one(studio: Studio) -> None:
    studio.vendor.token = "canary-of-a-federation-0123456789"
    studio.spec(scenes=1)

    def fail(*_given: object, **_named: object) -> None:
        raise KeyError(studio.vendor.token)

    studio.run("--until", "keyframes")
    for place in ("vidpipe.steps.clip.film", "vidpipe.conduct.walk", "vidpipe.batch.open_run"):
        with studio.monkeypatch.context() as patch:
            patch.setattr(place, fail)
            for form in ("--json", "-v"):
                ran = studio("run", form)
                assert ran.code == 1, place
                assert HIDDEN in ran.out + ran.err
        assert studio.leaks() == [], place


@BOTH
def test_a_crash_of_the_interpreter_leaves_no_core_file(studio: Studio) -> None:
    studio.spec(scenes=1)
    child = (
        "import resource, sys\n"
        "from vidpipe.__main__ import main\n"
        "main(sys.argv[1:])\n"
        "sys.exit(resource.getrlimit(resource.RLIMIT_CORE)[0])\n"
    )
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    ran = subprocess.run(
        [sys.executable, "-c", child, "status"],
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
    )
    assert most != 0, "this machine allows no core file anyway: the test proves nothing"
    assert ran.returncode == 0


@BOTH
def test_the_doctor_and_every_verbose_report_tell_no_secret(studio: Studio) -> None:
    studio.spec(scenes=1)
    studio.film()
    for command in ("doctor", "status", "plan", "models", "check", "clean"):
        for form in ((), ("--json",)):
            assert studio(command, *form).code in {0, 1, 2}
    studio("plan", "-v")
    studio("status", "-v")
    for name in ("pier", "specs/pier.yaml"):
        studio("why", "--json", name, "*")
    assert studio.leaks() == []
    assert len(studio.printed) > 20


def test_a_bug_report_starts_no_other_program(yard: Yard) -> None:
    def main(_arguments: list[str]) -> int:
        sys.stdout.write(crash_report(ZeroDivisionError("x"), ["run"], {}))
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.hostile.watch.main", main)
        done = watched([], yard.root, yard.notes)
    assert "ZeroDivisionError" in done.out
    assert done.trespasses == ()


def test_what_a_pull_request_may_run_opens_no_connection_though_there_is_a_key(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    yard.project.spec(
        provider="google", seconds=4, scenes=1, models={"video": "google:gemini-omni-1.1-flash"}, audio=True
    )
    for command in (
        ("check",),
        ("plan",),
        ("status",),
        ("why", "specs/pier.yaml", "*"),
        ("run", "--draft"),
        ("preview",),
        ("probe", "runs/pier@draft/film.mp4"),
    ):
        done = yard(*command, patience=120.0)  # films are really made
        assert done.code == 0, done.told
        assert KEY not in done.told
