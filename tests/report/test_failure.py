"""Errors become messages and exit codes in one place."""

from __future__ import annotations

import json

import pytest

from vidpipe.errors import DecisionError, Exit, Problem, SpecError, UsageError
from vidpipe.redact import redacted
from vidpipe.report.crash import crash_report
from vidpipe.report.failure import failed

KEY = "AIza" + "x" * 35


def bug(text: str) -> ValueError:
    """Return an error that was raised and so has a traceback."""
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (UsageError("no job\nsecond line"), Exit.USAGE, "vidpipe: no job\nsecond line\n"),
        (DecisionError("decide \033[2J"), Exit.DECISION, "vidpipe: decide \\x1b[2J\n"),
        (SpecError([Problem("a.yaml", 1, 2, "name", "bad")]), Exit.USAGE, "a.yaml:1:2: name: bad\n"),
        (OSError(28, "No space left on device", "runs/x"), Exit.FAILED, "vidpipe: runs/x: No space left on device\n"),
        (OSError("odd"), Exit.FAILED, "vidpipe: odd\n"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "vidpipe: interrupted\n"),
    ],
)
def test_each_kind_of_error_has_its_message_and_exit_code(
    error: Exception | KeyboardInterrupt, code: Exit, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failed(error, ["run"]) is code
    assert capsys.readouterr() == ("", text)


def test_with_json_a_failure_is_the_one_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(UsageError("no such job"), ["why", "--json", "x", "y"]) is Exit.USAGE
    out, err = capsys.readouterr()
    message = {"file": "", "line": 0, "column": 0, "key": "", "message": "no such job"}
    assert json.loads(out) == {"schema": 1, "exit": 2, "errors": [message]}
    assert not err


def test_after_a_double_dash_json_is_the_name_of_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    failed(UsageError("no such job"), ["run", "--", "--json"])
    assert not capsys.readouterr().out


def test_a_bug_gives_one_report_that_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(bug("odd"), ["run", "specs/my film.yaml", "--json"]) is Exit.FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["errors"][0]["message"].startswith("a bug in vidpipe: ValueError")
    assert "version: vidpipe " in err
    assert "command: vidpipe run 'specs/my film.yaml' --json" in err
    assert "raise ValueError(text)\nValueError: odd" in err


def test_no_secret_gets_into_a_report() -> None:
    environ = {"GEMINI_API_KEY": "swordfish-1", "MY_TOKEN": "swordfish", "SHORT_KEY": "a", "HOME": "/home/mara"}
    error = bug(f"swordfish-1 swordfish {KEY} Authorization: Bearer ya29.abc-def https://x/?key=abcdef&a=1 banana")
    report = crash_report(error, ["run", KEY], environ)
    assert not any(secret in report for secret in ("swordfish", KEY, "ya29", "abcdef"))
    assert "banana" in report


def test_the_longest_secret_is_taken_out_first() -> None:
    assert redacted("password-and-more", environ={"A_KEY": "password", "B_KEY": "password-and-more"}) == "(secret)"


def test_a_key_of_a_letter_or_two_does_not_spoil_every_sentence() -> None:
    known = ("e", "pasted", "abcdefgh")
    assert redacted("the key was pasted", known=known, environ={}) == "the key was pasted"
    assert redacted("abcdefgh was pasted", known=known, environ={}) == "(secret) was pasted"


def test_a_report_cannot_steer_the_terminal() -> None:
    assert "\033" not in crash_report(bug("\033[2J"), [], {})
