"""Fixtures that several parts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.project import Project
from tests.signals.processes import heeded_signals
from tests.toy import Server, entry
from vidpipe.ledger import read_ledger
from vidpipe.providers import registry
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vidpipe.ledger import Ledger

settings.register_profile("vidpipe", deadline=None)  # how long an example takes says more of the machine than of it
settings.load_profile("vidpipe")


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Heed every signal during a test, though whoever began the tests had some ignored."""
    with heeded_signals():
        yield


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return the ledger of a job for which nothing was asked yet."""
    return read_ledger(tmp_path / "job" / "ledger.jsonl")


@pytest.fixture
def server() -> Server:
    """Return the vendor behind the toy provider."""
    return Server()


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Project:
    """Return a project of the test's own, as the current folder, with the toy providers `toy` (priced) and `free`."""
    monkeypatch.setitem(registry.PROVIDERS, "toy", entry(server))
    monkeypatch.setitem(registry.PROVIDERS, "free", entry(server, "free", paid=False))
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)  # no test pulls the plug, and a disk takes its time
    monkeypatch.setattr(RetryPolicy, "wait", lambda _self, _state: 0.0)
    monkeypatch.setenv("VIDPIPE_POLL_SECONDS", "0")
    for name in ("DIR", "JOBS", "WAIT_SECONDS", "IN_FLIGHT", "PER_MINUTE", "PAUSE_SECONDS"):
        monkeypatch.delenv(f"VIDPIPE_{name}", raising=False)
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, server)
