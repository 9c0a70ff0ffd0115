"""`vidpipe accept`: what is on disk is what I want. The way out of a conflict, and of a cascade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.commands.hands import books, matching
from vidpipe.engine.judge import Action, State
from vidpipe.engine.mark import Mark
from vidpipe.errors import BrokenFileError, UsageError
from vidpipe.steps.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.engine.order import Outcome
    from vidpipe.engine.store import Store
    from vidpipe.spec.load import Loaded

SETTLED = frozenset({State.UP_TO_DATE, State.OUTDATED})


def accept(loaded: Loaded, targets: Sequence[str], *, draft: bool = False) -> list[str]:
    """Mark targets as accepted as they stand on disk and return a message for each.

    The next run takes an accepted file for what is then wanted, whatever has changed before it. Raises UsageError for a
    file that is not there, BrokenFileError for a damaged one; then nothing is marked.
    """
    outcomes = matching(loaded, targets, draft=draft)
    said: list[str] = []
    with books(loaded, said.append, draft=draft) as store:
        marks = {outcome.name: _mark(store, outcome) for outcome in outcomes if not _is_settled(outcome)}
        for outcome in outcomes:
            if outcome.name in marks:
                store.write_mark("accept", outcome.name, marks[outcome.name])
                store.drop_mark("redo", outcome.name)
                said.append(f"{outcome.name}: kept as it is; the next run takes it for what is wanted")
            else:
                said.append(f"{outcome.name}: up to date, there is nothing to accept")
    return said


def _is_settled(outcome: Outcome) -> bool:
    return outcome.state in SETTLED and outcome.action is Action.NONE


def _mark(store: Store, outcome: Outcome) -> Mark:
    path = store.layout.target(outcome.name)
    disk = kind_of(outcome.name).look(path, None)
    if disk.damage is not None:
        raise BrokenFileError(disk.damage)
    if disk.digest is None:
        raise UsageError(f"{outcome.name}: there is no such file to accept; `vidpipe run` makes it")
    return Mark(disk.digest)
