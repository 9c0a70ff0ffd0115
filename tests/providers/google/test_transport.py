"""The transport gives an API key to one origin only: scheme, host and port of the server it was sent to first."""

from __future__ import annotations

import asyncio
from functools import partial

import httpx2
import pytest

from vidpipe.providers.google.transport import KEY_HEADER, transport

HOME = "https://films.example"
KEY = "canary-key-0123456789abcdef"


@pytest.mark.parametrize(
    ("aim", "kept"),
    [
        (HOME, True),
        (f"{HOME}:443", True),
        ("http://films.example", False),
        ("http://films.example:443", False),
        (f"{HOME}:8443", False),
        ("https://clips.films.example", False),
        ("https://films.example.evil.example", False),
    ],
)
def test_a_key_goes_to_no_other_scheme_host_or_port(monkeypatch: pytest.MonkeyPatch, aim: str, kept: bool) -> None:
    heard: dict[str, str | None] = {}

    def answer(request: httpx2.Request) -> httpx2.Response:
        heard[request.url.path] = request.headers.get(KEY_HEADER)
        away = request.url.path == "/first"
        return httpx2.Response(302, headers={"location": f"{aim}/sent-on"}) if away else httpx2.Response(200)

    async def ask() -> None:
        async with transport() as client:
            await client.get(f"{HOME}/first", headers={KEY_HEADER: KEY})
            await client.get(f"{aim}/straight", headers={KEY_HEADER: KEY})
            await client.get(f"{HOME}/home", headers={KEY_HEADER: KEY})

    monkeypatch.setattr(
        "httpx2.AsyncClient", partial(httpx2.AsyncClient, transport=httpx2.MockTransport(answer), trust_env=False)
    )
    asyncio.run(ask())
    there = KEY if kept else None
    assert heard == {"/first": KEY, "/sent-on": there, "/straight": there, "/home": KEY}
