"""The loopback server forgives nothing, and tells who may not come in as the services tell it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from google.genai import errors, types
from google.oauth2.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.loopback.deeds import Kind
    from tests.loopback.server import Loopback
    from tests.loopback.vendor import Vendor
from tests.loopback.bare import FRAMES, Bare


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda bare: bare.film(last_frame=None), "lastFrame"),
        (lambda bare: bare.film(duration_seconds=5), "no clips of 5 s at 720p"),
        (lambda bare: bare.film(resolution="1080p"), "no clips of 4 s at 1080p"),
        (lambda bare: bare.film(number_of_videos=2), "sampleCount"),
        (lambda bare: bare.film(aspect_ratio="4:3"), "aspectRatio"),
        (lambda bare: bare.film(generate_audio=None), "generateAudio"),
        (lambda bare: bare.film(pubsub_topic="projects/p/topics/t"), "pubsubTopic"),
        (lambda bare: bare.film(last_frame=types.Image(image_bytes=FRAMES[1], mime_type="image/jpeg")), "its content"),
    ],
)
def test_veo_understands_only_what_it_offers(
    vertex: Bare, vendor: Vendor, breaches: list[str], ask: Callable[[Bare], object], told: str
) -> None:
    with pytest.raises(errors.ClientError) as found:
        ask(vertex)
    assert found.value.code == 400
    assert told in breaches[0]
    assert vendor.calls == (0, 0, 0)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda bare: bare.interact(frames=1), "a first and a last frame"),
        (lambda bare: bare.interact(duration="12s"), "no clips of 12 s"),
        (lambda bare: bare.interact(duration="4"), "not written like 8s"),
        (lambda bare: bare.write(response_mime_type=None), "responseMimeType"),
        (lambda bare: bare.write(response_json_schema={"type": "object"}), "how many scenes"),
        (lambda bare: bare.draw(FRAMES[0], media_type="image/webp"), "its content is not"),
    ],
)
def test_the_api_key_service_understands_only_what_it_offers(
    keyed: Bare, vendor: Vendor, breaches: list[str], ask: Callable[[Bare], object], told: str
) -> None:
    with pytest.raises(Exception, match=r"400|INVALID"):
        ask(keyed)
    assert told in breaches[0]
    assert vendor.calls == (0, 0, 0)


def test_a_path_without_a_service_and_a_call_without_credentials_are_breaches(
    loopback: Loopback, breaches: list[str]
) -> None:
    assert httpx2.get(f"{loopback.base}/v1/unheard").status_code == 400
    assert httpx2.post(f"{loopback.base}/v1/models/gemini-3.8-flash:generateContent", json={}).status_code == 400
    assert len(breaches) == 2


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"mode": "api-key", "api_key": "wrong"}, 400, "API key not valid"),
        ({"mode": "vertex", "project": "another-project"}, 403, "denied on resource"),
        ({"mode": "vertex", "location": "us-central1"}, 404, "was not found or your project does not have access"),
        ({"mode": "vertex", "credentials": Credentials(token="old")}, 401, "invalid authentication"),  # type: ignore[no-untyped-call]
    ],
)
def test_who_may_not_come_in_is_told_as_the_services_tell_it(
    loopback: Loopback, vendor: Vendor, given: dict[str, Any], code: int, told: str
) -> None:
    with pytest.raises(errors.ClientError, match=told) as found:
        Bare(loopback, **given).write()
    assert found.value.code == code
    assert vendor.calls == (0, 0, 0)


def test_nothing_listens_once_the_server_is_closed(loopback: Loopback, vendor: Vendor) -> None:
    kinds: tuple[Kind, ...] = ("text", "image", "video")
    assert [vendor.sent(kind) for kind in kinds] == [0, 0, 0]
    loopback.__exit__(None, None, None)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", loopback.server_address[1]), timeout=1)
