"""Real processes in a studio of the real SDK, where a machine misbehaves."""

from __future__ import annotations

import pytest

from tests.google.conftest import loopback, mode, studio
from tests.signals.begun import preload
from tests.signals.conftest import papers

__all__ = ["loopback", "mode", "papers", "studio"]


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> None:
    preload()
