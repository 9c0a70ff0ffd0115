"""A folder to cut films in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.media.edits import Cutting

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    """Return what cuts films of tiny clips in a folder of the test's own."""
    return Cutting(tmp_path)
