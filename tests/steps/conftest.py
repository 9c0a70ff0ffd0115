"""A finished film to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.project import Project


@pytest.fixture
def pier(toy: Project) -> Project:
    """Return a project whose one job, pier, is finished: three chained scenes on the priced toy."""
    toy.spec()
    toy.done()
    return toy
