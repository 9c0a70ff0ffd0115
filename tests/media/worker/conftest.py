"""What tests of workers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.media.worker.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Ready]:
    """Return a named pipe for one task."""
    pipe = Ready(tmp_path / "ready")
    yield pipe
    pipe.close()
