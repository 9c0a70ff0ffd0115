"""Finished films to begin with, and signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.steps.turns import Interruption

if TYPE_CHECKING:
    from tests.project import Project


@pytest.fixture
def pier(toy: Project) -> Project:
    """Return a project whose one job, pier, is finished: three chained scenes on the priced toy."""
    toy.spec()
    toy.done()
    return toy


@pytest.fixture
def told(toy: Project) -> Project:
    """Return a project whose one job, pier, is finished: three scenes with sound and a voice."""
    toy.spec(narration=True, audio=True)
    toy.done()
    return toy


@pytest.fixture
def interruption(monkeypatch: pytest.MonkeyPatch) -> Interruption:
    """Return a way to send this process a signal and to wait until the run has heard of it."""
    return Interruption(monkeypatch)
