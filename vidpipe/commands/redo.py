"""`vidpipe redo`: ask for a new take of targets; the present one is kept in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.commands.hands import books, matching
from vidpipe.engine.mark import Mark
from vidpipe.errors import BrokenFileError
from vidpipe.ledger import read_ledger
from vidpipe.steps.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.spec.load import Loaded


def redo(loaded: Loaded, targets: Sequence[str], *, draft: bool = False) -> list[str]:
    """Mark targets for a new take and return a message for each.

    The mark is durable: takes and requests that there are now do not come back by themselves for these targets. Raises
    BrokenFileError where a file is damaged; then nothing is marked.
    """
    outcomes = matching(loaded, targets, draft=draft)
    said: list[str] = []
    with books(loaded, said.append, draft=draft) as store:
        last, requests = store.last_take(), len(read_ledger(store.layout.ledger).requests)
        disks = {
            outcome.name: kind_of(outcome.name).look(store.layout.target(outcome.name), None) for outcome in outcomes
        }
        for disk in disks.values():
            if disk.damage is not None:
                raise BrokenFileError(disk.damage)
        for name, disk in disks.items():
            store.write_mark("redo", name, Mark(disk.digest, last, requests))
            store.drop_mark("accept", name)
            said.append(f"{name}: the next run makes a new take{'; this one is kept' if disk.digest else ''}")
    return said
