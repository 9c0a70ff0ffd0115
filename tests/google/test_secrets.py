"""No key and no token is told anywhere, whatever goes wrong; the studio looks through files and output at the end."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from google.auth import impersonated_credentials
from google.genai._api_client import BaseApiClient
from google.oauth2 import credentials as oauth2

from tests.google.modes import BOTH, KEYED
from tests.loopback import omni, veo
from tests.loopback.deeds import Block, Cut, Fail, Garble, Reject
from tests.loopback.wire import json_answer
from vidpipe.providers.google import login
from vidpipe.providers.google.login import Login
from vidpipe.providers.google.omni import Omni
from vidpipe.providers.google.text import Writer

if TYPE_CHECKING:
    from tests.google.studio import Studio

SOURCE, REFRESH, CLIENT = "not-the-token-0", "not-the-token-1", "not-the-key-1"


def _secret(studio: Studio) -> str:
    """Return what opens the service in this mode."""
    return studio.vendor.key if studio.mode == "api-key" else f"Bearer {studio.vendor.token}"


@BOTH
@pytest.mark.parametrize("kind", ["text", "image", "video", "poll"])
def test_a_service_that_repeats_the_secret_in_its_messages_is_not_quoted(studio: Studio, kind: str) -> None:
    vendor = studio.vendor
    echo = f"Bad header: {_secret(studio)}"
    vendor.on(kind, Reject(400, "INVALID_ARGUMENT", echo))  # type: ignore[arg-type]
    vendor.on(kind, Reject(503, "UNAVAILABLE", echo))  # type: ignore[arg-type]
    vendor.on(kind, Garble(echo.encode()))  # type: ignore[arg-type]
    studio.spec(scenes=1)
    for _ in range(3):
        assert studio("run", "-v").code in {0, 1, 3}
    studio("status", "-v")
    studio("why", "pier", "*")
    assert vendor.sent("text") >= 1
    assert studio.printed


@pytest.mark.parametrize(("mode", "kind"), [("vertex", "token"), ("vertex", "download"), ("api-key", "download")])
def test_a_server_of_tokens_or_of_clips_that_repeats_the_secret_is_not_quoted(
    studio: Studio, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    studio.monkeypatch.setattr("google.auth._exponential_backoff.time", SimpleNamespace(sleep=lambda _seconds: None))
    (studio.root / "vidpipe.toml").write_text('[google]\noutput_gcs_uri = "gs://films/pier"\n')
    vendor = studio.vendor
    echo = f"Bad header: {_secret(studio)}"
    studio.spec(scenes=1)
    for deed in (Reject(400, "INVALID", echo), Reject(404, "NOT_FOUND", echo), Garble(echo.encode())):
        vendor.on(kind, deed, times=None)  # type: ignore[arg-type]
        assert studio("run", "--json", "-v").code in {1, 3}
        assert studio("run", "-v").code in {1, 3}
        vendor.rules.clear()
    vendor.on(kind, Reject(503, "UNAVAILABLE", echo), times=None)  # type: ignore[arg-type]
    assert studio("run", "-v").code in {1, 3}
    studio("status", "-v")
    studio("why", "--json", "pier", "*")
    assert vendor.sent(kind) >= 4  # type: ignore[arg-type]
    assert _secret(studio) not in caplog.text


@BOTH
def test_an_operation_that_repeats_the_secret_in_its_result_is_not_quoted(studio: Studio) -> None:
    secret = _secret(studio)
    studio.spec(scenes=1)
    studio.vendor.on("poll", Fail(14, f"overloaded: {secret}"))
    assert studio("run", "-v").code == 1
    filtered = f"The prompt violates the usage guidelines: {secret}"
    studio.monkeypatch.setattr(veo, "FILTERED", filtered)
    studio.monkeypatch.setattr(omni, "FILTERED", filtered)
    studio.vendor.on("video", Block(), times=2)
    assert studio("run", "--json", "-v").code == 4
    studio.spec(scenes=1, style="noir")
    studio.monkeypatch.setattr(veo, "json_answer", lambda value: json_answer(value | {"metadata": {"said": secret}}))
    studio.monkeypatch.setattr(veo, "_response", lambda *_given, **_named: {})
    studio.monkeypatch.setattr(omni, "_video", lambda *_given, **_named: {"type": "text", "text": f"Hm: {secret}"})
    ran = studio("run", "--json", "-v")
    assert ran.code == 3
    assert "not understood" in ran.told
    assert "(secret)" in ran.told, "what was received does not even quote what is to be hidden"
    studio("why", "--json", "pier", "*")


@BOTH
def test_an_error_of_the_sdk_that_holds_the_secret_is_not_quoted(studio: Studio) -> None:
    secret = _secret(studio)

    async def fail(self: BaseApiClient, *_given: object, **_named: object) -> None:
        raise RuntimeError(f"{vars(self)} {secret}")

    studio.spec(scenes=1)
    studio("run", "--until", "storyboard")
    studio.monkeypatch.setattr(BaseApiClient, "async_request", fail)
    said = studio("run", "--json")
    assert said.code == 1
    assert "RuntimeError" in said.out


class Echo(BaseHTTPRequestHandler):
    """Refuses whoever asks to act for another, and tells what it knows of him."""

    told = ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class calls by
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer 403."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(403)
        self.send_header("content-length", str(len(self.told)))
        self.end_headers()
        self.wfile.write(self.told.encode())


@pytest.mark.parametrize("secret", ["token", "refresh_token", "client_secret"])
def test_what_credentials_that_act_for_another_are_had_for_is_not_quoted(studio: Studio, secret: str) -> None:
    source = oauth2.Credentials(  # type: ignore[no-untyped-call]
        SOURCE, refresh_token=REFRESH, client_secret=CLIENT, client_id="1", token_uri="http://127.0.0.1:9"
    )
    studio.monkeypatch.setattr(Echo, "told", getattr(source, secret))
    studio.spec(scenes=1)
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        acting = impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
            source, "films@example.com", [], iam_endpoint_override=f"http://127.0.0.1:{server.server_port}/token"
        )
        studio.monkeypatch.setattr(login, "found", lambda _request: Login(acting, studio.vendor.project))
        said = studio("run", "--json", "-v")
        studio("run", "-v")
        server.shutdown()
    assert said.code == 1
    assert "'(secret)'" in said.told


@BOTH
def test_a_bug_in_vidpipe_is_reported_without_the_secret(studio: Studio) -> None:
    secret = _secret(studio)

    def fail(self: Writer, *_given: object) -> None:
        raise ZeroDivisionError(f"{vars(self)} {vars(self._line)} {secret}")

    studio.monkeypatch.setattr(Writer, "write", fail)
    studio.spec(scenes=1)
    said = studio("run", "--json")
    assert said.code == 1
    assert "ZeroDivisionError" in said.out
    plain = studio("run")
    assert "ZeroDivisionError" in plain.out + plain.err
    leaks = studio.leaks()
    shutil.rmtree(studio.directory())
    studio.printed.clear()
    assert leaks == []


@KEYED
def test_the_program_of_its_own_process_tells_no_secret_either(studio: Studio) -> None:
    studio.vendor.on("video", Cut())
    studio.spec(scenes=1)
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-m", "vidpipe", "run", "-v"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    studio.printed += [done.stdout, done.stderr]
    assert done.returncode == 3, done.stdout + done.stderr
    assert "--on-lost" in done.stdout + done.stderr
    assert studio.vendor.calls == (1, 2, 1)
    assert Omni.__name__ not in done.stdout
