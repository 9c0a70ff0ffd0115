"""A studio in each mode: the real SDK, the real command line, the loopback server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.google.studio import Studio
from tests.loopback.server import Loopback
from tests.loopback.vendor import Vendor
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.studio import Mode


@pytest.fixture
def mode() -> Mode:
    """Return the service that films: Vertex AI, unless a test says otherwise."""
    return "vertex"


@pytest.fixture
def loopback() -> Loopback:
    """Return the server, which is not running yet, and the vendor behind it."""
    return Loopback(Vendor())


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
