"""A redirected download takes no secret along; what orders something is never sent on at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loopback import storage
from tests.loopback.deeds import Redirect
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from tests.loopback.wire import Answer
from tests.providers.google.conftest import OMNI
from tests.providers.google.requests import video_request
from vidpipe.media.verify import check_clip
from vidpipe.providers.base import Done, NotAcceptedError, ReplyLostError
from vidpipe.providers.google.client import Clients

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.genai import Client

    from tests.loopback.wire import Call
    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google
    from vidpipe.providers.google.access import Route
    from vidpipe.providers.google.login import Login

BUCKET = "gs://films/takes"


@pytest.fixture
def other() -> Iterator[Loopback]:
    """Return a second server, which is another origin."""
    with Loopback(Vendor()) as server:
        yield server


@pytest.mark.parametrize("where", ["bucket", "file"])
@pytest.mark.parametrize("to", ["other", "home"])
def test_a_redirect_to_another_server_takes_no_secret_along(
    rig: Rig, other: Loopback, tmp_path: Path, where: str, to: str
) -> None:
    if where == "bucket":
        rig.with_login(tmp_path)
    else:
        rig.with_key()
    aim = other.base if to == "other" else rig.base
    heard: list[tuple[str, str]] = []
    deliver = storage.content

    def content(vendor: Vendor, call: Call, place: str) -> Answer:
        if where == "bucket" and not call.path.startswith("/download/"):
            name = place.rpartition("/")[2]
            other.vendor.stored[name] = vendor.stored[place]
            rig.vendor.stored[name] = vendor.stored[place]
            return Answer(302, b"", {"location": f"{aim}/download/v1beta/files/clip:download?alt=media&of={name}"})
        heard.append((call.base, str(dict(call.headers))))
        return deliver(vendor, call, call.query.get("of", place))

    def moved(vendor: Vendor, _call: Call, name: str) -> Answer:
        other.vendor.stored[name] = vendor.stored[name]
        return Answer(302, b"", {"location": f"{aim}/download/v1beta/files/{name}:download?alt=media"})

    rig.monkeypatch.setattr(storage, "content", content)
    rig.monkeypatch.setattr(storage, "moved", moved)
    model = rig.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        await port.fetch(done, tmp_path / "clip.mp4")

    rig.run(film, output_gcs_uri=BUCKET)
    assert check_clip(tmp_path / "clip.mp4", "clip.mp4").frames == 96
    ((base, headers),) = heard
    assert base == aim
    secret = rig.vendor.token if where == "bucket" else rig.vendor.key
    assert (secret in headers) == (to == "home"), headers


def test_a_secret_goes_by_the_transport_that_guards_it_even_where_the_sdk_could_use_another_one(
    either: Rig, tmp_path: Path
) -> None:
    either.monkeypatch.setattr("google.genai._api_client.has_aiohttp", True)
    model = either.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(video_request()))
        assert isinstance(done, Done)
        await port.fetch(done, tmp_path / "clip.mp4")

    either.run(film)
    assert check_clip(tmp_path / "clip.mp4", "clip.mp4").frames == 96


def test_no_client_uses_another_transport(either: Rig) -> None:
    either.monkeypatch.setattr("google.genai._api_client.has_aiohttp", True)
    opened: list[Client] = []
    build = Clients._open

    def watched(self: Clients, route: Route, login: Login | None) -> Client:
        opened.append(build(self, route, login))
        return opened[-1]

    either.monkeypatch.setattr(Clients, "_open", watched)
    either.run(lambda google: google.video(either.film).submit(video_request()))
    assert [client._api_client._use_aiohttp() for client in opened] == [False]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["other", "home", "ftp://films.test/", "http://[::1"])
def test_what_orders_something_is_never_sent_on_and_counts_as_lost(
    either: Rig, other: Loopback, code: int, to: str
) -> None:
    aim = {"other": f"{other.base}/bob?key=1", "home": "/elsewhere"}.get(to, to)
    either.vendor.on("video", Redirect(code, aim))
    with pytest.raises(ReplyLostError, match=f"redirected with {code} to ") as caught:
        either.run(lambda google: google.video(either.film).submit(video_request()))
    server = "GOOGLE_GEMINI_BASE_URL" if either.film == OMNI else "GOOGLE_VERTEX_BASE_URL"
    where = {"other": "127.0.0.1", "home": "another path of the same server", "ftp://films.test/": "films.test"}
    assert f"to {where.get(to, 'an address that cannot be read')}, and not sent there" in str(caught.value)
    assert server in str(caught.value)
    assert "bob" not in str(caught.value)
    assert either.vendor.calls == (0, 0, 1)
    assert either.vendor.sent("video") == 1
    assert other.vendor.problems == []


def test_a_poll_that_is_redirected_is_not_sent_on_either_and_may_be_repeated(vertex: Rig, other: Loopback) -> None:
    vertex.vendor.on("poll", Redirect(307, f"{other.base}/bob"))

    async def film(google: Google) -> None:
        port = google.video(vertex.film)
        await port.poll(await port.submit(video_request()))

    with pytest.raises(NotAcceptedError, match=r"redirected with 307 to 127\.0\.0\.1") as caught:
        vertex.run(film)
    assert caught.value.retry
    assert other.vendor.problems == []


@pytest.mark.parametrize("code", [302, 307, 308])
def test_what_proves_a_login_is_not_sent_on(vertex: Rig, other: Loopback, code: int) -> None:
    vertex.vendor.on("token", Redirect(code, f"{other.base}/token"))
    with pytest.raises(NotAcceptedError, match=f"redirected with {code} to 127") as caught:
        vertex.run(lambda google: google.video(vertex.film).submit(video_request()))
    assert "the token endpoint" in str(caught.value)
    assert other.vendor.arrived == []
    assert other.vendor.problems == []
    assert vertex.vendor.sent("video") == 0
