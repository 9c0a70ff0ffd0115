"""No worker processes here: what they write is to be counted, and torn, like all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.media.here import Here
from vidpipe.media.worker import shared

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def _in_one_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "_pool", Here())
        yield
