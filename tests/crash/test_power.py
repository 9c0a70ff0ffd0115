"""Power lost at any operation of a run: the next one makes the same film from what the disk holds, and pays once.

Three extremes and what lies between: nothing is left that was not synced; names are left, and of the contents that were
not synced nothing, a half, or zeros; some of it is left, as a coin falls. From the first two, every image that differs
is a point of its own; of the others every POWER_EVERY-th is, by default each third. `POWER_EVERY=1` takes them all.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.crash.images import KINDS
from tests.crash.mutants import intent_late, no_pending, resent
from tests.crash.power import after, record
from tests.crash.stages import PREPARATIONS, set_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.images import Moment
    from tests.crash.stages import Connect

EVERY = int(os.environ.get("POWER_EVERY", "3"))
SURE = "nothing unsynced is left"
NAMES = "names are left"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", PREPARATIONS)
def test_a_run_that_loses_its_power_is_finished_by_the_next_one_and_nothing_is_paid_twice(
    tmp_path: Path, connect: Connect, what: str, kind: str
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS[what])
    trace = record(stage, tmp_path / "recorded")
    chosen = [(moment, image) for moment, image in trace.images(kind) if is_chosen(kind, moment)]
    assert len(chosen) > 10
    found = [told for moment, image in chosen for told in after(stage, trace, moment, image, tmp_path / "image")]
    assert not found, "\n".join(found)


def is_chosen(kind: str, moment: Moment) -> bool:
    """Whether a moment is a point."""
    return kind in {SURE, NAMES} or zlib.crc32(moment.operation.encode()) % EVERY == 0


@pytest.mark.parametrize(
    ("without", "what", "kind", "told"),
    [
        ("write_file", "first run", SURE, "is torn"),
        ("write_file", "first run", NAMES, "is torn"),
        ("fsync_file", "first run", SURE, "though it was safe"),
        ("fsync_file", "first run", NAMES, "though it was safe"),
        ("fsync_directory", "first run", SURE, "without a word in the ledger"),
        ("make_directory > fsync_directory", "first run", SURE, "without a word in the ledger"),
        ("put > fsync_directory", "first run", SURE, "though its reply was not lost"),
        ("commit > fsync_directory", "first run", SURE, "though it was safe"),
        ("copy_file > fsync_file", "by hand", NAMES, "is not what it is called after"),
        ("place_outside > fsync_file", "first run", NAMES, "films/pier.mp4 is not what it should be"),
        ("_append", "first run", NAMES, "without a word in the ledger"),
        ("_append > fsync_directory", "first run", SURE, "without a word in the ledger"),
    ],
)
def test_a_sync_that_is_left_out_is_found(
    tmp_path: Path, connect: Connect, without: str, what: str, kind: str, told: str
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS[what])
    trace = record(stage, tmp_path / "recorded", [without])
    images = list(trace.images(kind))
    last = without.startswith("place_outside")
    tried = (after(stage, trace, *each, tmp_path / "image") for each in (reversed(images) if last else images))
    assert told in next("; ".join(found) for found in tried if found)


@pytest.mark.parametrize(
    ("broken", "what", "told"),
    [
        (intent_late, "first run", "without a word in the ledger"),
        (no_pending, "first run", "says that a person made it"),
        (resent, "first run", "sent for again before anybody was asked"),
    ],
)
def test_what_would_be_paid_twice_or_lost_without_one_of_the_precautions_is_found(
    tmp_path: Path,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[pytest.MonkeyPatch], None],
    what: str,
    told: str,
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS[what])
    broken(monkeypatch)
    trace = record(stage, tmp_path / "recorded")
    tried = (after(stage, trace, *each, tmp_path / "image") for each in reversed(list(trace.images(SURE))))
    assert told in next("; ".join(found) for found in tried if told in "; ".join(found))
