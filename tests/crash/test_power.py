"""Power lost at any operation of a run: the next one makes the same film from what the disk holds, and pays once.

Three extremes and what lies between: nothing is left that was not synced; names are left, and of the contents that were
not synced nothing, a half, or zeros; some of it is left, as a coin falls. Of all images that differ, every
POWER_EVERY-th is a point; those of which nothing unsynced is left, and those before an operation on the ledger or a
pending record, are more often. `POWER_EVERY=1` takes them all, and `CRASH_SALT` has others chosen.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.images import KINDS
from tests.crash.mutants import intent_late, no_pending, resent
from tests.crash.power import after, record, record_after
from tests.crash.stage import SALTED, draw, set_up, some
from tests.crash.wire import SYNCS
from tests.google.modes import BOTH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.crash.images import Moment, Trace
    from tests.crash.stage import Stage
    from tests.google.studio import Studio

EVERY = int(os.environ.get("POWER_EVERY", "32"))
OFTEN = ("/ledger.jsonl", "/pending/")
SURE = "nothing unsynced is left"
NAMES = "names are left"


@BOTH
@pytest.mark.parametrize("what", ["whole run", "by hand"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_loses_its_power_is_finished_by_the_next_one_and_nothing_is_paid_twice(
    studio: Studio, what: str, kind: str
) -> None:
    stage = set_up(studio, what)
    trace = record(stage)
    images = list(trace.images(kind))
    chosen = some([(moment, image) for moment, image in images if is_chosen(kind, moment)], images)
    found = [told for moment, image in chosen for told in after(stage, trace, moment, image)]
    assert not found, "\n".join([SALTED, *found])


def is_chosen(kind: str, moment: Moment) -> bool:
    """Whether a moment is a point."""
    often = kind == NAMES and any(place in moment.operation for place in OFTEN)
    every = max(1, EVERY // 8) if kind == SURE else max(1, EVERY // 6) if often else EVERY
    return draw(f"{kind} {moment.operation}") % every == 0


@BOTH
def test_what_a_killed_run_left_unsynced_may_still_be_lost_while_the_next_one_goes_on_from_it(studio: Studio) -> None:
    stage = set_up(studio, "by hand")
    first = record(stage)
    killed = [moment for moment in first.moments if moment.operation.startswith(SYNCS)]
    chosen = killed[draw("killed") % min(EVERY, len(killed)) :: EVERY]
    tried = [lost_after(stage, first, moment, number) for number, moment in enumerate(chosen)]
    for moment, (count, found) in zip(chosen, tried, strict=True):
        assert not found, f"killed before {moment.operation}, then {count} times " + "\n".join(found)
    assert sum(count for count, _ in tried) > 0


def lost_after(
    stage: Stage, first: Trace, killed: Moment, number: int = 0, without: Collection[str] = ()
) -> tuple[int, list[str]]:
    """Kill a run, and lose power in the next one, at some of its moments: say at how many, and what is wrong then."""
    trace = record_after(stage, killed, first.books_at(killed), without)
    images = list(trace.images(SURE))
    tried = images[number % min(EVERY, len(images)) :: EVERY]
    return len(tried), [told for each in tried for told in after(stage, trace, *each)]


def test_names_that_a_killed_run_left_and_the_next_one_does_not_sync_are_found(studio: Studio) -> None:
    stage = set_up(studio, "by hand")
    first = record(stage)
    killed = (moment for moment in first.moments if moment.operation.startswith("fsync runs/pier/.vidpipe/archive/"))
    tried = (lost_after(stage, first, moment, 0, ["sync_names > fsync_directory"])[1] for moment in killed)
    assert "is missing" in next("; ".join(found) for found in tried if found)


@pytest.mark.parametrize(
    ("without", "what", "kind", "told"),
    [
        ("write_file", "whole run", SURE, "is torn"),
        ("write_file", "whole run", NAMES, "is torn"),
        ("fsync_file", "whole run", NAMES, "though it was safe"),
        ("fsync_directory", "whole run", SURE, "without a word in the ledger"),
        ("make_directory > fsync_directory", "whole run", SURE, "without a word in the ledger"),
        ("put > fsync_directory", "whole run", SURE, "though its reply was not lost"),
        ("commit > fsync_file", "whole run", SURE, "though it was safe"),
        ("commit > fsync_directory", "whole run", SURE, "though it was safe"),
        ("copy_file > fsync_file", "by hand", NAMES, "is not what it is called after"),
        ("place_outside > fsync_file", "whole run", NAMES, "films/pier.mp4 is not what it should be"),
        ("append_line", "whole run", NAMES, "without a word in the ledger"),
        ("append_line > fsync_directory", "whole run", SURE, "without a word in the ledger"),
    ],
)
def test_a_sync_that_is_left_out_is_found(studio: Studio, without: str, what: str, kind: str, told: str) -> None:
    stage = set_up(studio, what)
    trace = record(stage, [without])
    images = list(trace.images(kind))
    last = without.startswith("place_outside")
    tried = (after(stage, trace, *each) for each in (reversed(images) if last else images))
    assert told in next("; ".join(found) for found in tried if found)


@pytest.mark.parametrize(
    ("broken", "where", "told"),
    [
        (intent_late, "hear POST", "without a word in the ledger"),
        (no_pending, "/records/", "says that a person made it"),
        (resent, "/ledger.jsonl", "sent for again before anybody was asked"),
    ],
)
def test_what_would_be_paid_twice_or_lost_without_one_of_the_precautions_is_found(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None], where: str, told: str
) -> None:
    broken(monkeypatch)
    stage = set_up(studio, "whole run", anew=True)
    trace = record(stage)
    there = [moment for moment in trace.moments if where in moment.operation]  # be their images like others or not
    tried = (after(stage, trace, moment, moment.image(SURE)) for moment in reversed(there))
    assert told in next("; ".join(found) for found in tried if told in "; ".join(found))
