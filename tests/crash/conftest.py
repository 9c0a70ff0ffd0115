"""No worker processes here: what they write is to be counted, and torn, like all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.media.here import Here
from tests.toy import clip_of, entry
from vidpipe.media.worker import shared
from vidpipe.providers import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.project import Project
    from tests.toy import Server


@pytest.fixture(autouse=True, scope="module")
def _in_one_process() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "_pool", Here())
        yield


@pytest.fixture
def connect(toy: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], None]:
    """Return how to put another vendor behind the providers; clips are encoded before any process is forked."""
    for seed in range(16):
        clip_of(seed)

    def put(server: Server) -> None:
        monkeypatch.setitem(registry.PROVIDERS, "toy", entry(server))
        monkeypatch.setitem(registry.PROVIDERS, "free", entry(server, "free", paid=False))

    return put
