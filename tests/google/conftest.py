"""A studio in each mode: the real SDK, the real command line, the loopback server."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.studio import Studio
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.studio import Mode

HERE = {"127.0.0.1", b"127.0.0.1"}


@pytest.fixture
def mode() -> Mode:
    """Return the service that films: Vertex AI, unless a test says otherwise."""
    return "vertex"


@pytest.fixture
def loopback() -> Loopback:
    """Return the server, which is not running yet, and the vendor behind it."""
    return Loopback(Vendor())


@pytest.fixture(autouse=True)
def stay_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that looks up another host, or connects to one: every address in it leads to this machine."""
    away: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def watched_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in HERE:
            away.append(f"connect: {address}")
            raise ConnectionRefusedError(f"a test may not connect to {address}")
        connect(self, address)

    def watched_look_up(host: Any, *given: Any, **named: Any) -> Any:
        if host not in HERE:
            away.append(f"look up: {host}")
            raise socket.gaierror(f"a test may not look for {host}")
        return look_up(host, *given, **named)

    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    yield
    assert away == []


@pytest.fixture
def studio(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mode: Mode,
    loopback: Loopback,
) -> Iterator[Studio]:
    """Return a project of the test's own; a breach of the protocol or a secret that is told anywhere fails the test."""
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)  # no test pulls the plug, and a disk takes its time
    monkeypatch.setattr(RetryPolicy, "wait", lambda _self, _state: 0.0)
    # Reading a system's certificates takes longer than all else that a client does, and nothing here is encrypted.
    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", lambda _self, *_given, **_named: None)
    vendor = loopback.vendor
    with loopback:
        studio = Studio(tmp_path / "project", vendor, loopback, mode, capsys, monkeypatch)
        studio.enter()
        yield studio
    assert vendor.problems == []
    assert studio.leaks() == []
