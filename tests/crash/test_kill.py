"""kill -9 at every operation of a run, on files and on sockets: the next one finishes the same film and pays once.

Films are made by the real SDK. Of a first run, each second operation on the ledger or on a pending record is a point by
default, the middle of a write to them counts as one, and so does an answer that has come and was not read; of the other
operations each tenth is, and of those that the next run does not see (on drafts, on the log, requests before they are
whole) each hundredth, which is KILL_EVERY. Of the other runs it is a third of that. `KILL_EVERY=1` takes them all.
`CRASH_SALT` has others chosen.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.crash.aftermath import problems
from tests.crash.mutants import in_place, intent_late, no_pending, resent, settled_early
from tests.crash.stage import SALTED, draw, is_in_passing, set_up, some
from tests.google.modes import BOTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.stage import Stage
    from tests.google.studio import Studio

EVERY = int(os.environ.get("KILL_EVERY", "100"))
PARTS = 4
"""Tests that share the points of one mode, so that they can run side by side."""


@BOTH
@pytest.mark.parametrize("what", ["first run", "whole run", "by hand"])
@pytest.mark.parametrize("part", range(PARTS))
def test_a_run_that_is_killed_is_finished_by_the_next_one_and_nothing_is_paid_twice(
    studio: Studio, what: str, part: int
) -> None:
    stage = set_up(studio, what)
    mine = [point for point in stage.points if draw(point) % PARTS == part]
    points = some([point for point in mine if is_chosen(what, point)], mine)
    assert [found for point in points for found in killed(stage, point)] == [], SALTED
    assert len(stage.missed) <= len(points) // 20, stage.missed


def is_chosen(what: str, point: str) -> bool:
    """Whether an operation is a point: by its name, not its place, for threads do not always take the same turns."""
    every = min(EVERY, 2 if is_weighty(point) else 10)
    every = EVERY if is_in_passing(point) else every if what == "first run" else min(EVERY, 3 * every)
    return draw(point) // PARTS % every == 0


def is_weighty(point: str) -> bool:
    """Whether money depends on an operation."""
    return any(place in point for place in ("/ledger.jsonl", "/pending/", "hear "))


def killed(stage: Stage, *ats: int | str) -> list[str]:
    """Kill a run at an operation, the next one at another, and so on; return what is wrong in the end."""
    stage.reset()
    for at in ats:
        stage.kill(at)
    return [f"{stage.studio.mode}, killed at {', then at '.join(map(str, ats))}: {told}" for told in problems(stage)]


@BOTH
@pytest.mark.parametrize("what", ["whole run", "by hand"])
def test_a_run_that_is_killed_again_and_again_is_finished_by_the_next_one(studio: Studio, what: str) -> None:
    stage = set_up(studio, what)
    chance = random.Random(draw(f"{studio.mode} {what}"))
    for _ in range(max(5, 120 // EVERY)):
        first = chance.choice(stage.points)
        assert killed(stage, first, chance.randrange(1, 60), chance.randrange(1, 120)) == [], SALTED


@pytest.mark.parametrize(
    ("broken", "where", "told"),
    [
        (intent_late, "/ledger.jsonl", "without a word in the ledger"),
        (no_pending, "/records/", "says that a person made it"),
        (resent, "/ledger.jsonl", "sent for again before anybody was asked"),
        (settled_early, "/pending/keyframes/", "though its reply was not lost"),
        (in_place, "/records/", "is torn"),
        (intent_late, "hear POST", "without a word in the ledger"),
        (resent, "hear POST", "sent for again before anybody was asked"),
    ],
)
def test_what_would_be_paid_twice_or_lost_without_one_of_the_precautions_is_found(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None], where: str, told: str
) -> None:
    broken(monkeypatch)
    stage = set_up(studio, "first run", anew=True)
    tried = (killed(stage, point) for point in reversed(stage.points) if where in point)
    assert told in next("; ".join(found) for found in tried if told in "; ".join(found))
