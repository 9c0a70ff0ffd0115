"""What goes wrong, in one sentence each, without a secret in it."""

from __future__ import annotations

import logging
import re
import socket
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

import vidpipe
from tests.loopback.deeds import Reject, busy, unavailable
from tests.loopback.oauth import service_account
from tests.providers.google.conftest import GEMINI, OMNI, VEO
from tests.providers.google.requests import TEXT, video_request
from vidpipe.errors import UsageError
from vidpipe.providers.base import NotAcceptedError, ReplyLostError
from vidpipe.providers.google.answers import is_unsent, read_answer
from vidpipe.providers.google.errors import CERTAIN
from vidpipe.providers.google.reach import _Clock
from vidpipe.providers.google.received import described
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google


FAR = "Mon, 01 Jan 2024 00:00:00 +99999999999999"
"""A date that no clock can show."""


async def write(google: Google) -> object:
    return await google.text(GEMINI).write(TEXT)


async def film(google: Google) -> object:
    return await google.video(VEO).submit(video_request())


def told(rig: Rig, deed: object = write, **settings: object) -> NotAcceptedError:
    with pytest.raises(NotAcceptedError) as caught:
        rig.run(deed, **settings)  # type: ignore[arg-type]
    return caught.value


def test_without_credentials_a_port_is_not_even_handed_out(rig: Rig) -> None:
    with pytest.raises(UsageError, match="there are no credentials for google: set GEMINI_API_KEY"):
        rig.run(write)


def test_an_invalid_key_says_what_to_set(rig: Rig) -> None:
    rig.with_key("AIzaNotTheRightOne-0123456789abcdefghij")
    error = told(rig)
    assert str(error).startswith("Google does not accept the API key: set GEMINI_API_KEY (or GOOGLE_API_KEY)")
    assert not error.retry


def test_an_invalid_key_says_what_to_set_for_omni_too(rig: Rig) -> None:
    rig.with_key("wrong")

    async def submit(google: Google) -> object:
        return await google.video(OMNI).submit(video_request())

    assert str(told(rig, submit)).startswith("Google does not accept the API key: set GEMINI_API_KEY")


def test_a_file_of_credentials_that_is_not_there_says_what_to_set(rig: Rig, tmp_path: Path) -> None:
    rig.monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    assert "set GOOGLE_APPLICATION_CREDENTIALS to a service account's file" in str(told(rig))


def test_credentials_that_are_not_accepted_say_so(vertex: Rig) -> None:
    vertex.vendor.on("token", Reject(400, "INVALID_GRANT", "Invalid grant: account not found"))
    error = told(vertex)
    assert "log in anew with `gcloud auth application-default login`" in str(error)
    assert not error.retry


def test_no_project_says_what_to_set(vertex: Rig, tmp_path: Path) -> None:
    (tmp_path / "account.json").write_text(service_account(vertex.base).replace("project_id", "some_id"), "utf-8")
    assert str(told(vertex)) == "no Google Cloud project is named: set project in [google], or GOOGLE_CLOUD_PROJECT"


def test_another_project_says_what_to_grant(vertex: Rig) -> None:
    error = told(vertex, project="not-mine")
    assert "in project not-mine: enable Vertex AI there" in str(error)


def test_a_model_that_is_gone_names_its_alternatives(vertex: Rig) -> None:
    error = told(vertex, film, locations={VEO: "us-nowhere1"})
    assert str(error) == (
        "us-nowhere1 does not serve model veo-3.1-generate-001, or not any more: set in [google.locations] a "
        "location that serves it, or location in [google], or models.video to google:veo-3.1-lite-generate-001 or "
        "google:veo-3.1-fast-generate-001"
    )
    assert not error.retry


def test_a_region_that_vertex_does_not_have_says_what_to_set(vertex: Rig) -> None:
    message = "Unsupported location: us-nowhere1 for publisher models."
    vertex.vendor.on("text", Reject(400, "FAILED_PRECONDITION", message))
    assert f"Vertex AI has no {GEMINI} in global: set location in [google]" in str(told(vertex))


def test_an_unreachable_service_was_certainly_not_asked_and_may_be_tried_again(rig: Rig) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        rig.with_key()
        rig.monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", f"http://127.0.0.1:{held.getsockname()[1]}")
        errors = [told(rig), told(rig, lambda google: google.video(OMNI).submit(video_request()))]
    assert [error.retry for error in errors] == [True, True]
    assert all("cannot be reached" in str(error) for error in errors)


def test_a_token_endpoint_that_stumbles_may_be_tried_again(vertex: Rig) -> None:
    vertex.monkeypatch.setattr("google.auth._exponential_backoff.time", SimpleNamespace(sleep=lambda _seconds: None))
    vertex.vendor.on("token", unavailable(503), times=None)
    assert told(vertex).retry


def test_who_asks_to_wait_for_hours_is_asked_again_by_the_next_run(keyed: Rig) -> None:
    keyed.vendor.on("text", busy(retry_after=7200))
    error = told(keyed)
    assert not error.retry
    assert "asks to wait 7,200 s" in str(error)


def test_a_server_may_give_a_date_to_wait_for() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    error = Exception("busy")
    error.code, error.response = 429, SimpleNamespace(headers={"retry-after": date})  # type: ignore[attr-defined]
    answer = read_answer(error)
    assert answer is not None
    assert answer.retry_after == pytest.approx(90, abs=5)


@pytest.mark.parametrize("value", ["soon", "-3", "Fri, 99 Foo 2026", FAR])
def test_a_wait_that_makes_no_sense_is_none(value: str) -> None:
    error = Exception("busy")
    error.code, error.response = 429, SimpleNamespace(headers={"retry-after": value})  # type: ignore[attr-defined]
    answer = read_answer(error)
    assert answer is not None
    assert answer.retry_after is None


def test_a_date_that_no_clock_can_show_is_told_by_nobody() -> None:
    clock = _Clock()
    clock.read({"date": FAR})
    assert clock.skew is None


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 429, 500, 503])
def test_no_message_traceback_or_log_holds_a_secret_that_the_server_echoes(
    either: Rig, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vendor = either.vendor
    echo = f"you sent {vendor.key} and Bearer {vendor.token}, ?key={vendor.key}"
    either.vendor.on("video", Reject(code, "SOME_STATUS", echo))
    model = either.film
    either.monkeypatch.setenv("GEMINI_API_KEY", vendor.key)
    try:
        either.run(lambda google: google.video(model).submit(video_request()))
    except Exception as error:
        text = "".join(traceback.format_exception(error)) + repr(error)
    else:
        text = "nothing was raised"
        pytest.fail(text)
    for secret in (vendor.key, vendor.token):
        assert secret not in text
        assert secret not in caplog.text


@pytest.mark.parametrize("padding", range(250, 310, 6))
def test_a_long_message_that_is_cut_in_the_middle_of_a_secret_tells_no_part_of_it(keyed: Rig, padding: int) -> None:
    keyed.vendor.on("text", Reject(400, "INVALID_ARGUMENT", "x" * padding + keyed.vendor.key))
    assert keyed.vendor.key[:4] not in str(told(keyed))


def test_what_looks_like_a_secret_is_hidden_even_if_nobody_knows_it() -> None:
    text = "AIzaSyA1234567890abcdefghijklmnopqrstuv ya29.a0Af_x Bearer abc.def?key=zzz&alt=media"
    assert redacted(text, environ={}) == "(secret) (secret) Bearer (secret)"


@pytest.mark.parametrize("code", sorted(CERTAIN))
def test_an_answer_that_comes_before_anything_is_bought_costs_nothing(either: Rig, code: int) -> None:
    either.vendor.on("video", Reject(code, "SOME_STATUS", "no"))
    told(either, lambda google: google.video(either.film).submit(video_request()))


def test_the_page_on_money_lists_the_answers_that_come_before_anything_is_bought() -> None:
    page = (Path(vidpipe.__file__).parents[1] / "docs" / "money.md").read_text("utf-8")
    listed = re.search(r"\*Certainly not accepted\* \(connection refused, or answered ([\d, and\n]+)\)", page)
    assert listed is not None
    assert {int(code) for code in re.findall(r"\d+", listed[1])} == CERTAIN


def test_a_lost_reply_tells_how_long_to_wait_before_anything_is_sent_again(either: Rig) -> None:
    either.vendor.on("text", Reject(503, "UNAVAILABLE", "busy", retry_after=4000))
    with pytest.raises(ReplyLostError, match="asks to wait 4,000 s") as caught:
        either.run(write)
    assert caught.value.retry_after == 4000


@pytest.mark.parametrize("code", [408, 409, 418, 499])
def test_an_answer_that_may_come_from_a_server_in_front_is_a_lost_reply_and_the_clip_is_not_sent_again(
    either: Rig, code: int
) -> None:
    either.vendor.on("video", Reject(code, "SOME_STATUS", "who knows"))
    with pytest.raises(ReplyLostError):
        either.run(lambda google: google.video(either.film).submit(video_request()))


@pytest.mark.parametrize(
    ("errors", "unsent"),
    [
        ([ConnectionRefusedError(), ConnectionRefusedError()], True),
        ([ConnectionRefusedError(), ConnectionResetError()], False),
        ([ConnectionRefusedError(), ExceptionGroup("more", [ConnectionRefusedError(), OSError()])], False),
        ([ExceptionGroup("more", [ConnectionRefusedError()])], True),
        ([OverflowError("port must be 0-65535.")], False),
    ],
)
def test_of_several_errors_at_once_every_one_must_say_that_nothing_was_sent(
    errors: list[Exception], unsent: bool
) -> None:
    assert is_unsent(ExceptionGroup("several", errors)) is unsent
    wrapped = RuntimeError("of the SDK")
    wrapped.__cause__ = ExceptionGroup("several", errors)
    assert is_unsent(wrapped) is unsent


def test_what_is_not_understood_is_described_without_secrets_in_values_and_names() -> None:
    answer = SimpleNamespace(metadata={"ya29.canary-0": [f"{'x' * 70} ya29.canary-1"]}, done=True)
    told = described(answer, redacted)
    assert "canary" not in told
    assert '"(secret)": ["' in told
