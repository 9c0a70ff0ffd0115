"""What is bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.purchase.buying import WANTED
from vidpipe.engine.order import Draft

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Return where the clip that is bought is written first."""
    return Draft(tmp_path / "draft", tmp_path, "clips/scene-000.mp4", WANTED)
