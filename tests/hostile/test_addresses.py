"""Addresses that a provider's reply names: only Google's own are followed, and no secret goes anywhere else.

Redirects of downloads are in tests/providers/google/test_redirect.py.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.modes import BOTH
from tests.loopback import omni, routes, veo
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from tests.loopback.wire import Answer
from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.google.bucket import object_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.google.studio import Studio
    from tests.loopback.wire import Call

ADDRESSES = (
    "file:///etc/passwd",
    "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token",
    "http://ELSEWHERE/v1beta/files/abc:download?alt=media",
    "https://ELSEWHERE@generativelanguage.googleapis.com.evil.example:1/files/../../x",
    "//ELSEWHERE/files/abc",
    "gs://",
    "gs://bucket",
    "gs://../o/secret",
    "gs://bucket/..",
    "gs://user@ELSEWHERE/x",
    "gs://a b/x",
    "files/../../v1beta/models",
    "files/abc?key=x",
    "files/http://ELSEWHERE/abc",
    "data:video/mp4;base64,AAAA",
    "\x1b[2J",
    "x" * 100_000,
)


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """Return a server that nobody has a reason to ask."""
    with Loopback(Vendor()) as server:
        yield server
    assert server.vendor.arrived == []
    assert server.vendor.problems == [], "somebody was sent there"


@BOTH
def test_a_clip_is_fetched_from_nowhere_else(studio: Studio, elsewhere: Loopback) -> None:
    host = elsewhere.base.removeprefix("http://")
    studio.spec(scenes=1)
    told = ""
    for number, address in enumerate(ADDRESSES):
        uri = address.replace("ELSEWHERE", host)
        with studio.monkeypatch.context() as patch:
            patch.setattr(
                omni,
                "_video",
                lambda *_given, uri=uri, **_named: {"type": "video", "mime_type": "video/mp4", "uri": uri},
            )
            patch.setattr(
                veo,
                "_response",
                lambda *_given, uri=uri, **_named: {"videos": [{"gcsUri": uri, "mimeType": "video/mp4"}]},
            )
            ran = studio("run", "--until", "clips")
        assert ran.code in {1, 3}, (address, ran.out + ran.err)
        told += ran.out + ran.err
        assert "\x1b" not in told
        assert studio.vendor.calls == (1, 2, 1), f"{number}: {address} was paid for again"
    assert "an address that vidpipe cannot read" in told
    assert len(told) < 200_000
    assert studio.vendor.sent("download") == 0
    assert studio.film().code == 0, "and the very same operation is asked for its clip once it has one"
    assert studio.vendor.calls == (1, 2, 1)


ASKED = {
    "text": r"POST .*:generateContent",
    "submit": r"POST .*(:predictLongRunning|/interactions)",
    "poll": r"POST .*:fetchPredictOperation|GET .*/interactions/\w+",
    "token": r"POST /token",
}


@dataclass
class SentOn:
    """What was sent on from the service to another server, and what that one heard."""

    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


@contextmanager
def sent_on(studio: Studio, kind: str, code: int) -> Iterator[SentOn]:
    """Let the service answer every request of a kind by the address of another server."""
    seen = SentOn()
    answer = routes.answer

    def answering(vendor: Vendor, call: Call) -> Answer:
        if vendor is not studio.vendor:
            told = (call.path, dict(call.headers), dict(call.query))
            seen.heard.append(str(told) + call.data.decode("utf-8", "replace"))
            return Answer(404, b"{}", {"content-type": "application/json"})
        if re.fullmatch(ASKED[kind], f"{call.method} {call.path}"):
            seen.asked.append(call.data.decode())
            return Answer(code, b"", {"location": f"{other.base}{call.path}"})
        return answer(vendor, call)

    with studio.monkeypatch.context() as patch, Loopback(Vendor()) as other:
        patch.setattr("tests.loopback.server.answer", answering)
        yield seen


@BOTH
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        *(("text", code) for code in (301, 302, 307, 308)),
        ("submit", 302),
        ("submit", 307),
        ("poll", 302),
        ("poll", 307),
    ],
)
def test_a_service_that_sends_a_request_on_to_another_server_does_not_send_the_secret(
    studio: Studio, kind: str, code: int
) -> None:
    studio.spec(scenes=1)
    with sent_on(studio, kind, code) as seen:
        assert studio("run").code != 0
    assert seen.asked
    is_looking = kind == "poll" and studio.mode == "api-key"
    assert bool(seen.heard) == is_looking, "what orders something is sent on to nobody, a look may be"
    assert [text for text in seen.heard for secret in studio.secrets() if secret in text] == []


@pytest.mark.parametrize("code", [301, 302, 307, 308])
@pytest.mark.parametrize("who", ["account", "person"])
def test_what_a_token_is_had_for_is_not_sent_on_to_another_server(studio: Studio, who: str, code: int) -> None:
    if who == "person":
        studio.with_user_login()
    studio.spec(scenes=1)
    with sent_on(studio, "token", code) as seen:
        done = studio("run")
    assert done.code == 1
    assert f"redirected with {code} to 127.0.0.1" in done.out + done.err
    assert seen.asked
    assert seen.heard == []


@pytest.mark.parametrize("uri", [uri for uri in ADDRESSES if not uri.startswith("x")])
def test_only_an_object_of_a_bucket_has_an_address(uri: str) -> None:
    with pytest.raises(NotAcceptedError, match="an address that vidpipe cannot read"):
        object_url(uri)


@pytest.mark.parametrize("name", ["../../../v1/b/other/o/x", "a?b#c", "%2e%2e/x", "a/../b", "ü\u202e"])
def test_an_objects_name_cannot_leave_its_bucket(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    url = object_url(f"gs://films/{name}")
    start, end = "https://storage.googleapis.com/storage/v1/b/films/o/", "?alt=media"
    assert url.startswith(start)
    assert url.endswith(end)
    assert not set(url.removeprefix(start).removesuffix(end)) & set("/?#")


@pytest.mark.parametrize(
    ("settings", "models", "environ"),
    [
        ('[google]\nlocation = "HOST/"\n', "", {}),
        ('[google.locations]\n"veo-3.1-generate-001" = "HOST/"\n', "", {}),
        ('[google]\nproject = "../../v1/other?"\n', "", {}),
        ("", 'location = "HOST/"\n', {}),
        ("", "", {"GOOGLE_CLOUD_LOCATION": "HOST/"}),
        ("", "", {"GOOGLE_CLOUD_PROJECT": "../../v1/other?"}),
    ],
    ids=["location", "locations", "project", "models.toml", "variable", "project variable"],
)
@pytest.mark.parametrize("mode", ["vertex"])
def test_settings_and_variables_lead_no_request_and_no_token_elsewhere(
    studio: Studio, elsewhere: Loopback, settings: str, models: str, environ: dict[str, str]
) -> None:
    """Without a base URL of the user's own, a location becomes part of the host, and a project of the path."""
    host = elsewhere.base.removeprefix("http://")
    studio.monkeypatch.delenv("GOOGLE_VERTEX_BASE_URL")
    (studio.root / "vidpipe.toml").write_text(settings.replace("HOST", host))
    if models:
        table = '[[models]]\nprovider = "google"\nkind = "text"\nid = "gemini-3.8-flash"\n'
        (studio.root / "models.toml").write_text(table + models.replace("HOST", host))
    for name, value in environ.items():
        studio.monkeypatch.setenv(name, value.replace("HOST", host))
    asked: list[Any] = []
    studio.monkeypatch.setattr("httpx2.AsyncClient.send", lambda _self, request, **_named: asked.append(request.url))
    studio.spec(scenes=1)
    for command in ("run", "doctor"):
        done = studio(command)
        assert done.code != 0
        assert "must be" in done.out + done.err
        assert command == "doctor" or asked == []
    assert [url for url in asked if url.host != "aiplatform.googleapis.com" or "other" in url.path] == []
    assert {port for port, _ in studio.vendor.arrived} <= {"token"}, "a login is no request for anything"
