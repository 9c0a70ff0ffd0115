"""`vidpipe why`: everything that is known of a target, and so why a run would make it or leave it alone."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vidpipe.answers import Bought, Change, Part, Take, Why
from vidpipe.batch import run_batch
from vidpipe.commands.walk import walk
from vidpipe.engine.layout import is_target_name
from vidpipe.errors import BrokenFileError, UsageError, VidpipeError
from vidpipe.options import RunOptions
from vidpipe.words import did_you_mean

if TYPE_CHECKING:
    from vidpipe.commands.walk import WalkedJob
    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.order import Outcome
    from vidpipe.engine.record import Record
    from vidpipe.engine.store import Store
    from vidpipe.spec.load import Loaded

MARKS = {
    "redo": "you asked for a new take of it (vidpipe redo)",
    "accept": "you accepted it as it is (vidpipe accept)",
}


def why(loaded: Loaded, pattern: str, *, draft: bool = False) -> list[Why]:
    """Return what is known of the targets that a name or glob means. Writes nothing.

    Raises UsageError where none matches, VidpipeError where nothing can be told of the job.
    """
    result = run_batch([loaded], RunOptions(dry=True, draft=draft)).jobs[0]
    if not result.targets:
        raise VidpipeError("\n".join(result.messages) or f"{result.name}: nothing can be told of this job")
    chosen = [outcome for outcome in result.targets if fnmatchcase(outcome.name, pattern)]
    if not chosen:
        hint = did_you_mean(pattern, [outcome.name for outcome in result.targets])
        raise UsageError(f"{result.name}: no target matches {pattern!r} (`vidpipe status` lists them){hint}")
    job = walk(loaded, draft=draft)
    return [_answer(result.name, job, outcome) for outcome in chosen]


def _answer(name: str, job: WalkedJob, outcome: Outcome) -> Why:
    order = job.orders.get(outcome.name)
    known = is_target_name(outcome.name)  # an orphan may be called what no target can be: nothing is on record of it
    record = _record(job.store, outcome.name) if known else None
    requests = [entry for entry in job.purchases.ledger.requests.values() if entry.target == outcome.name]
    return Why(
        job=name,
        directory=job.directory,
        outcome=outcome,
        parts=parts(record.fingerprint if record else None, order.fingerprint) if order else (),
        take=Take(record.take, record.origin, record.digest, record.cost) if record else None,
        requests=tuple(
            Bought(entry.id, entry.model, entry.status, entry.spent, entry.operation, entry.story) for entry in requests
        ),
        marks=tuple(said for kind, said in MARKS.items() if known and job.store.mark(kind, outcome.name)),
    )


def _record(store: Store, name: str) -> Record | None:
    """Return the record on disk; one that cannot be read is what the outcome tells of already."""
    try:
        return store.record(name)
    except BrokenFileError:
        return None


def parts(recorded: Fingerprint | None, wanted: Fingerprint) -> tuple[Part, ...]:
    """Compare two fingerprints part by part: what changed first, and in each group by name."""
    old, new = recorded.parts if recorded else {}, wanted.parts
    found = [
        Part(
            name=name,
            change=_change(name, recorded, wanted),
            old=old.get(name),
            new=new.get(name),
            own=name not in wanted.user and (recorded is None or name not in recorded.user),
        )
        for name in sorted(old.keys() | new.keys())
    ]
    return tuple(sorted(found, key=lambda part: (part.change in {Change.SAME, Change.NEW}, part.own)))


def _change(name: str, recorded: Fingerprint | None, wanted: Fingerprint) -> Change:
    new = wanted.parts
    if name in wanted.user and new[name] is None:
        return Change.AWAITED
    if recorded is None:
        return Change.NEW
    old = recorded.parts
    if name not in new or name not in old:
        return Change.REMOVED if name not in new else Change.ADDED
    return Change.SAME if old[name] == new[name] else Change.CHANGED
