"""Many runs at once, in a studio of the real SDK."""

from __future__ import annotations

import pytest

from tests.google.conftest import loopback, mode, studio
from tests.signals.begun import preload
from tests.signals.conftest import papers

__all__ = ["loopback", "mode", "papers", "studio"]


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> None:
    preload()
