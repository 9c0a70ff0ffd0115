"""Runs of a studio that a test stops at a known place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.google.conftest import loopback, studio
from tests.signals.begun import end_all, preload

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.google.studio import Mode
    from tests.signals.phases import Phase

__all__ = ["loopback", "studio"]


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> None:
    preload()


@pytest.fixture
def phase() -> Phase | None:
    """Return the phase that a test is about, if it is about one."""
    return None


@pytest.fixture
def mode(phase: Phase | None) -> Mode:
    """Return the service that films in that phase."""
    return phase.mode if phase is not None else "vertex"


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Path]:
    """Return the folder that keeps what processes print; no process that prints there outlives the test."""
    folder = tmp_path / "papers"
    folder.mkdir()
    yield folder
    end_all()
