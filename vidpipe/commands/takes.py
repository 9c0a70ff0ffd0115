"""`vidpipe takes` and `vidpipe restore`: list the takes of a target, and bring one back for nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vidpipe.commands.hands import books, matching
from vidpipe.engine.commit import EditedMeanwhileError, commit
from vidpipe.engine.fingerprint import differences
from vidpipe.engine.mark import Mark
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, DecisionError, UsageError
from vidpipe.files import copy_file, make_directory, temporary
from vidpipe.options import RunOptions
from vidpipe.steps.kinds import kind_of
from vidpipe.words import listing
from vidpipe.workshop import check_directory, layout_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from vidpipe.engine.record import Record
    from vidpipe.spec.load import Loaded

PREFIX = 6
"""Fewest characters of a digest that name a take."""
MANY = 4
"""Targets that are counted where fewer would be named."""


@dataclass(frozen=True, slots=True)
class TakeLine:
    """One take of a target: its number, digest, maker, price, and whether it is the one in use or can be restored."""

    target: str
    take: int
    digest: str
    made_by: str
    cost: Decimal
    model: str
    live: bool
    available: bool


def takes(loaded: Loaded, pattern: str, *, draft: bool = False) -> list[TakeLine]:
    """Return the takes of the targets that a name or glob means, oldest first; one content is one take.

    A target of which anything is on record needs no scene any more. Raises UsageError where none matches.
    """
    layout = layout_of(loaded, RunOptions(draft=draft))
    check_directory(loaded, layout)
    store = Store(layout)
    known = sorted({*store.records(), *(record.target for record in store.archived())})
    targets = [name for name in known if fnmatchcase(name, pattern)]
    if not targets:
        targets = [outcome.name for outcome in matching(loaded, [pattern], draft=draft)]
    return [line for target in targets for line in _lines(store, target)]


def _lines(store: Store, target: str) -> list[TakeLine]:
    return [
        TakeLine(
            target=target,
            take=record.take,
            digest=record.digest,
            made_by=record.origin,
            cost=record.cost,
            model=str(record.fingerprint.parts.get("model", "")),
            live=(live := store.record(target)) is not None and live.digest == record.digest,
            available=store.layout.content(record.digest).is_file(),
        )
        for record in _distinct(store, target)
    ]


def _distinct(store: Store, target: str) -> list[Record]:
    live = store.record(target)
    found: dict[str, Record] = {}
    for record in [*store.takes(target), *([live] if live else [])]:
        first = found.setdefault(record.digest, record)
        found[record.digest] = replace(record, take=first.take)
    return sorted(found.values(), key=lambda record: record.take)


def restore(loaded: Loaded, target: str, take: str, *, draft: bool = False) -> str:
    """Put an earlier take in its target's place and return a message; what stood there goes into the archive.

    `take` is a number of `takes` or the beginning of a digest, `target` a name, or a glob of which one has that take.
    Raises UsageError where there is no such take, DecisionError where its content is not kept or the target is being
    edited.
    """
    names = [outcome.name for outcome in matching(loaded, [target], draft=draft)]
    said: list[str] = []
    with books(loaded, said.append, draft=draft) as store:
        name, record = _meant(store, names, take)
        return _brought_back(store, name, record)


def _brought_back(store: Store, name: str, record: Record) -> str:
    kind, path = kind_of(name), store.layout.target(name)
    disk = kind.look(path, None)
    if disk.digest == record.digest:
        store.drop_mark("redo", name)
        return f"{name}: take {record.take} is the one in use"
    if disk.damage is not None:
        raise BrokenFileError(f"{disk.damage}; move it away first")
    content = store.layout.content(record.digest)
    if not content.is_file():
        raise DecisionError(f"{name}: the content of take {record.take} is not in the archive any more")
    before = store.record(name)
    if before is None or differences(record.fingerprint, before.fingerprint):
        store.write_mark("accept", name, Mark(record.digest))
    make_directory(store.layout.scratch)
    draft_path = temporary(store.layout.scratch, name)
    copy_file(content, draft_path)
    if kind.digest(draft_path) != record.digest:
        raise BrokenFileError(f"{content}: damaged: its content is not what its name says")
    try:
        commit(store, kind, draft_path, record.at(name, store.next_take()), disk)
    except EditedMeanwhileError as error:
        raise DecisionError(f"{name}: was edited at this very moment; try again") from error
    store.drop_mark("redo", name)
    return f"{name}: take {record.take} is back, for nothing"


def _meant(store: Store, targets: Sequence[str], take: str) -> tuple[str, Record]:
    """Return the one take that is meant, with its target. Raises UsageError."""
    found = [(target, record) for target in targets for record in _distinct(store, target)]
    chosen = [(target, record) for target, record in found if str(record.take) == take]
    if not chosen and len(take) >= PREFIX:
        chosen = [(target, record) for target, record in found if record.digest.startswith(take.lower())]
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        several = listing(dict.fromkeys(target for target, _ in chosen), "and")
        raise UsageError(f"{several}: several takes are called {take!r}; name one target, and a take by its number")
    numbers = ", ".join(str(record.take) for _, record in found) or "none"
    told = listing(targets, "and") if len(targets) < MANY else f"{len(targets)} targets"
    raise UsageError(f"{told}: there is no take {take!r}; takes: {numbers} (`vidpipe takes` lists them)")
