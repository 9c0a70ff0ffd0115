"""kill -9 at every file and ledger operation of a run: the next one finishes the same film and pays for nothing twice.

A film of five scenes, three chains of pictures and clips side by side, is made by the real SDK. Every operation that
touches the ledger, a record, a pending record or a file under its final name is a point of its own, and so is the
middle of every write; of the others (drafts, the log, marks), which the next run sweeps away, every KILL_EVERY-th is,
by default each twentieth. `KILL_EVERY=1` takes them all.
"""

from __future__ import annotations

import os
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import pydantic
import pytest
from cryptography.hazmat.primitives import serialization
from google.genai._gaos.utils import serializers

from tests.crash.mutants import intent_late, no_pending, resent
from tests.google.aftermath import problems
from tests.google.kills import is_in_passing, set_up
from tests.google.steady import QuietLoopback, SteadyVendor
from tests.loopback import media
from tests.media.here import Here
from vidpipe.engine import store
from vidpipe.files import make_directory
from vidpipe.media import frame
from vidpipe.media.worker import shared
from vidpipe.purchase import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from tests.google.studio import Studio
    from vidpipe.engine.fingerprint import Json

T = TypeVar("T")
EVERY = int(os.environ.get("KILL_EVERY", "20"))
PARTS = 8
"""Tests that share the points of one mode, so that they can run side by side."""
SMALL = (128, 72)


@pytest.fixture
def loopback() -> QuietLoopback:
    """Return a server who answers alike, and whose clients may be killed."""
    return QuietLoopback(SteadyVendor())


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in this process, whose writes are torn; draw small pictures; read the key and make SDK models once only."""
    monkeypatch.setattr(shared, "_pool", Here())
    monkeypatch.setitem(frame._LONG_AND_SHORT, "720p", SMALL)
    monkeypatch.setitem(media.SIZES, ("16:9", "720p"), SMALL)
    monkeypatch.setitem(media.PICTURE, "16:9", SMALL)
    monkeypatch.setattr(serialization, "load_pem_private_key", cache(serialization.load_pem_private_key))
    models: dict[str, object] = {}

    def create_model(*given: Any, **fields: Any) -> object:
        key = repr((given, fields))
        if key not in models:
            models[key] = pydantic.create_model(*given, **fields)
        return models[key]

    monkeypatch.setattr(serializers, "create_model", create_model, raising=False)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", ["vertex", "api-key"])
def test_a_run_that_is_killed_is_finished_by_the_next_one_and_nothing_is_paid_twice(studio: Studio, part: int) -> None:
    stage = set_up(studio)
    points = [point for point in stage.points if zlib.crc32(point.encode()) % PARTS == part and is_chosen(point)]
    assert [found for point in points for found in problems(stage, point)] == []
    assert len(stage.missed) <= len(points) // 20, stage.missed


def is_chosen(point: str) -> bool:
    """Whether an operation is a point: by its name, not its place, for threads do not always take the same turns."""
    return not is_in_passing(point) or zlib.crc32(point.encode()) // PARTS % EVERY == 0


def settled_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle a storyboard or a picture at its reply, instead of when it has its place."""

    def settled(reply: T, cost: Decimal, told: Mapping[str, Json], settle: Callable[[], None]) -> ask.Bought[T]:
        settle()
        return bought(reply, cost, told, lambda: None)

    bought = ask.Bought
    monkeypatch.setattr(ask, "Bought", settled)


def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write records straight under their names."""

    def write(path: Path, data: bytes, *, scratch: Path) -> None:
        make_directory(path.parent)
        path.write_bytes(data)
        scratch.mkdir(exist_ok=True)

    monkeypatch.setattr(store, "write_file", write)


@pytest.mark.parametrize(
    ("broken", "where", "told"),
    [
        (intent_late, "/ledger.jsonl", "without a word in the ledger"),
        (no_pending, "/records/", "says that a person made it"),
        (resent, "/ledger.jsonl", "sent for again before anybody was asked"),
        (settled_early, "/pending/keyframes/", "though its reply was not lost"),
        (in_place, "/records/", "is torn"),
    ],
)
def test_what_would_be_paid_twice_or_lost_without_one_of_the_precautions_is_found(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None], where: str, told: str
) -> None:
    broken(monkeypatch)
    stage = set_up(studio)
    tried = (problems(stage, point) for point in reversed(stage.points) if where in point)
    assert told in next("; ".join(found) for found in tried if told in "; ".join(found))
