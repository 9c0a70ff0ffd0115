"""A project of its own for every test, in the current folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository, which is the current folder; no VIDPIPE_* variable is set."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("DIR", "JOBS", "POLL_SECONDS", "WAIT_SECONDS", "IN_FLIGHT", "PER_MINUTE", "PAUSE_SECONDS"):
        monkeypatch.delenv(f"VIDPIPE_{name}", raising=False)
    return tmp_path
