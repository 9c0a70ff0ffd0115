"""Runs that a test stops at a known place: of a studio, and of a project whose voice waits."""

from __future__ import annotations

import os
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

SPEC = "script: Waves beat on the old pier.\nscenes: 1\nnarration: true\n"
SPEAKER = """#!/bin/sh
read word < "{gate}"
exit 1
"""
"""A voice that says nothing until it may: a run of the offline animatic stands still at the narration."""


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


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project whose voice waits, and return the file at which it does."""
    for name in ("project/.git", "project/specs", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "project/specs/pier.yaml").write_text(SPEC)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    speaker = tmp_path / "bin/espeak-ng"
    speaker.write_text(SPEAKER.format(gate=gate))
    speaker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{speaker.parent}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path / "project")
    return gate
