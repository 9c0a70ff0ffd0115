"""What never left is certainly not bought, whatever ended the wait; where that is not certain, it counts as lost."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import ExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.providers.google.conftest import OMNI
from tests.providers.google.requests import video_request
from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.google import frames
from vidpipe.providers.google.client import Timeouts
from vidpipe.providers.google.transport import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.providers.google.conftest import Rig

OWN, TOTAL = Timeouts(buy=30.0, connect=0.3), Timeouts(buy=0.3)
"""Times of which the one for connecting ends first, or the one for all."""


def silent(stack: ExitStack, *, full: bool) -> str:
    """Return the address of a server that takes connections and says nothing, or does not even take one any more."""
    server = stack.enter_context(socket.socket())
    server.bind(("127.0.0.1", 0))
    server.listen(0 if full else 8)
    for _ in range(4 if full else 0):
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(server.getsockname())
    host, port = server.getsockname()
    return f"{host}:{port}"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Return what closes all sockets in the end."""
    with ExitStack() as closing:
        yield closing


@pytest.mark.parametrize(
    ("where", "timeouts"), [("connection", OWN), ("connection", TOTAL), ("TLS", OWN), ("proxy", TOTAL)]
)
def test_a_request_that_never_got_a_connection_is_not_lost(
    either: Rig, stack: ExitStack, where: str, timeouts: Timeouts
) -> None:
    address = silent(stack, full=where == "connection")
    for name in ("NO_PROXY", "no_proxy"):
        either.monkeypatch.delenv(name, raising=False)
    if where == "proxy":
        either.monkeypatch.setenv("https_proxy", f"http://{address}")
        address = "films.test"
    server = "GOOGLE_GEMINI_BASE_URL" if either.film == OMNI else "GOOGLE_VERTEX_BASE_URL"
    either.monkeypatch.setenv(server, f"{'http' if where == 'connection' else 'https'}://{address}")
    began = time.monotonic()
    with pytest.raises(NotAcceptedError, match=r"cannot be reached \(timed out\)") as caught:
        either.run(lambda google: google.video(either.film).submit(video_request()), timeouts=timeouts)
    assert caught.value.retry
    assert time.monotonic() - began < OWN.buy / 2


def test_frames_that_cannot_be_prepared_buy_nothing(either: Rig) -> None:
    def fitted(*_given: object) -> bytes:
        raise MemoryError

    either.monkeypatch.setattr(frames, "fitted", fitted)
    with pytest.raises(NotAcceptedError, match=r"cannot be prepared \(MemoryError\); nothing was sent"):
        either.run(lambda google: google.video(either.film).submit(video_request()))
    assert either.vendor.sent("video") == 0


@pytest.mark.parametrize(
    ("steps", "stayed"),
    [
        ((), False),
        (("connection.connect_tcp.started",), True),
        (("connection.connect_tcp.started", "connection.connect_tcp.complete", "connection.start_tls.started"), True),
        (("connection.connect_tcp.started", "CONNECT", "proxy.start_tls.started"), True),
        (("connection.connect_tcp.started", "http11.send_request_headers.started"), False),
        (("connection.connect_tcp.started", "CONNECT", "http11.response_closed.started"), True),
        (("http11.send_request_headers.started", "connection.connect_tcp.started"), False),
        (("connection.connect_tcp.started", "a step of next year"), False),
        (("a step of next year",), False),
    ],
)
def test_only_steps_that_are_known_to_come_before_prove_that_nothing_was_sent(
    steps: tuple[str, ...], stayed: bool
) -> None:
    passage = Passage(1.0, 1.0)

    async def go() -> None:
        for step in steps:
            method = b"CONNECT" if step == "CONNECT" else b"POST"
            name = "http11.send_request_headers.started" if step == "CONNECT" else step
            await passage.watch(name, {"request": SimpleNamespace(method=method)})

    asyncio.run(go())
    assert passage.stayed is stayed
