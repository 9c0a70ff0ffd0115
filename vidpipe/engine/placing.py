"""Put files and records in their places for the build: synchronous, for a worker thread, each to its end once begun."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.engine.commit import adopt, commit
from vidpipe.engine.fingerprint import stands_for
from vidpipe.engine.judge import State
from vidpipe.engine.links import check_place
from vidpipe.engine.order import InputChangedError
from vidpipe.engine.record import Record
from vidpipe.errors import BrokenFileError, UnreadableFileError
from vidpipe.files import anchored, copy_file, make_directory, temporary

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.look import View
    from vidpipe.engine.order import Making, Order
    from vidpipe.engine.store import Store


def draft_of(store: Store, name: str) -> Path:
    """Return a new path to make the target `name` at; links on the way to the job directory are resolved in it.

    So whoever writes there, minutes later, can ask `refuse_detour` whether it still leads into that directory.
    """
    draft = temporary(store.layout.scratch, name)
    check_place(store.layout, draft)
    make_directory(draft.parent)
    return anchored(draft, store.layout.root)


def adopt_file(store: Store, order: Order, view: View) -> Record:
    """Record the file that stands on disk for what is wanted, as a person's or as an earlier take."""
    assert view.disk.digest is not None
    origin = view.judgement.origin
    if origin is None:
        record = Record(order.name, view.disk.digest, store.next_take(), "user", order.fingerprint)
    elif view.judgement.state is State.ADOPTED:  # accepted: the same file, wanted as it is
        record = replace(origin.at(order.name, store.next_take()), fingerprint=order.fingerprint)
    else:
        record = origin.at(order.name, store.next_take())
    recorded = adopt(store, record, view.disk)
    store.drop_mark("accept", order.name)
    if view.redo is not None:  # a person's hand was quicker
        store.drop_mark("redo", order.name)
    return recorded


def settle_marks(store: Store, order: Order, view: View) -> None:
    """Bind what `redo` asked for to the fingerprint that is being made; what was accepted stands there no more."""
    if view.redo is not None:
        store.write_mark("redo", order.name, replace(view.redo, fingerprint=order.fingerprint))
    store.drop_mark("accept", order.name)


def commit_copy(store: Store, order: Order, view: View, take: Record, path: Path) -> Record:
    """Copy an earlier take into a target's place. Raises InputChangedError where its bytes are gone."""
    draft = draft_of(store, order.name)
    for source in (path, store.layout.content(take.digest)):
        # A live target that is being replaced at this very moment is in the archive since just before.
        with suppress(FileNotFoundError):
            copy_file(source, draft)
            if order.kind.digest(draft) == take.digest:
                break
    else:
        store.remove(draft)
        raise InputChangedError(take.target)
    record = replace(take.at(order.name, store.next_take()), fingerprint=_truly(take.fingerprint, order))
    return commit(store, order.kind, draft, record, view.disk)


def commit_new(store: Store, order: Order, view: View, path: Path, making: Making) -> Record:
    """Check what a recipe made and put it in its target's place. Raises BrokenFileError, or what `making` says."""
    try:
        order.kind.check(path)
    except UnreadableFileError:  # the disk or this machine is to blame, not what arrived
        raise
    except BrokenFileError as error:
        if making.damaged is None:
            raise
        raise making.damaged(str(error)) from error
    record = Record(
        target=order.name,
        digest=order.kind.digest(path),
        take=store.next_take(),
        origin="vidpipe",
        fingerprint=_truly(making.fingerprint, order),
        cost=making.cost,
        provenance=making.provenance,
    )
    try:
        return commit(store, order.kind, path, record, view.disk)
    finally:
        if making.placed is not None and not path.exists():  # in place, or safe in the archive
            making.placed()


def _truly(made_of: Fingerprint | None, order: Order) -> Fingerprint:
    """Return what a file was really made of: what was ordered, unless vidpipe's own parts were others then."""
    if made_of is None or stands_for(made_of, order.fingerprint, exact=True):
        return order.fingerprint
    return made_of
