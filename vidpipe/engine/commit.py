"""Put a draft in its target's place so that a crash anywhere rolls forward and never looks like a hand edit.

The order is the protocol (docs/on-disk.md): fsync the draft, write the pending record, archive the old file with its
record, look once more, rename, fsync the directory, write the record, drop the pending one.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Disk
from vidpipe.engine.record import Record
from vidpipe.engine.store import Pending, write_pending
from vidpipe.files import (
    backdate,
    copy_file,
    fsync_file,
    make_directory,
    put,
    remove_file,
    stamp,
    temporary,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vidpipe.engine.kind import Kind
    from vidpipe.engine.store import Store


class EditedMeanwhileError(Exception):
    """The target is no longer the file that was judged: a person's hand was there while the draft was made."""


def commit(store: Store, kind: Kind, draft: Path, record: Record, judged: Disk) -> Record:
    """Put `draft` in place of the file that was judged and return the record as written.

    Raises EditedMeanwhileError, with the draft kept in the archive, if the target is not what was judged any more.
    """
    target = store.layout.target(record.target)
    make_directory(target.parent)
    backdate(draft)
    fsync_file(draft)
    write_pending(store, Pending(record, draft.name, judged.digest))
    try:
        _archive_old(store, kind, record, judged.digest)
        if kind.look(target, None) != judged:
            raise EditedMeanwhileError(record.target)
    except EditedMeanwhileError:
        set_aside(store, draft, record)
        raise
    return _install(store, draft, record)


def _archive_old(store: Store, kind: Kind, record: Record, judged: str | None) -> None:
    """Keep the file that is to be replaced, with a record of its own; doing it twice changes nothing."""
    if judged is None:
        return
    archive_file(store, kind, store.layout.target(record.target), judged)
    old = store.record(record.target)
    if old is not None:
        store.write_take(old)
    if store.known(record.target, judged) is None:
        fingerprint = (old or record).fingerprint
        hand_made = Record(record.target, judged, store.next_take(), "user", fingerprint)
        store.write_take(hand_made)


def _install(store: Store, draft: Path, record: Record) -> Record:
    put(draft, store.layout.target(record.target))
    return _finish(store, record)


def _finish(store: Store, record: Record) -> Record:
    recorded = stamped(store, record)
    store.write_record(recorded)
    remove_file(store.layout.pending(record.target))
    return recorded


def set_aside(store: Store, draft: Path, record: Record) -> None:
    """Put a draft that is not to take its target's place into the archive, as a take like any other."""
    fsync_file(draft)
    content = store.layout.content(record.digest)
    make_directory(content.parent)
    put(draft, content)
    store.write_take(record)
    remove_file(store.layout.pending(record.target))


def stamped(store: Store, record: Record) -> Record:
    """Return the record with the stamp of the file it speaks for, as of now."""
    return replace(record, stamp=stamp(store.layout.target(record.target)), recorded_ns=time.time_ns())


def archive_file(store: Store, kind: Kind, path: Path, digest: str) -> None:
    """Copy a file's bytes into the archive under its digest. Raises EditedMeanwhileError if it has another one."""
    content = store.layout.content(digest)
    if content.exists() and kind.digest(content) == digest:
        return
    make_directory(content.parent)
    copy = temporary(store.layout.scratch, content.name)
    copy_file(path, copy)
    if kind.digest(copy) != digest:
        remove_file(copy)
        raise EditedMeanwhileError(path.name)
    put(copy, content)


def adopt(store: Store, record: Record) -> Record:
    """Record a file that stands on disk already, keeping the record it had as that of an earlier take."""
    replaced = store.record(record.target)
    if replaced is not None and replaced.digest != record.digest:
        store.write_take(replaced)
    recorded = stamped(store, record)
    store.write_record(recorded)
    return recorded


def settle(store: Store, kinds: Mapping[str, Kind]) -> list[str]:
    """Roll every pending target forward and return what is to be said about it; the caller holds the lock."""
    said = []
    for name, pending in store.pendings().items():
        kind = kinds[str(pending.record.fingerprint.own["step"])]
        draft = store.layout.scratch / pending.draft
        outcome = foresee(store, kind, pending)
        if outcome == "recorded":
            _finish(store, pending.record)
        elif outcome == "installed":
            _archive_old(store, kind, pending.record, pending.judged)
            _install(store, draft, pending.record)
        elif kind.look(draft, None).digest == pending.record.digest:
            set_aside(store, draft, pending.record)
            said.append(f"{name}: edited while it was being made; the draft is take {pending.record.take}")
        else:
            remove_file(store.layout.pending(name))
    return said


def foresee(store: Store, kind: Kind, pending: Pending) -> str:
    """Say what settling a pending target comes to: recorded, installed, or dropped (see design, rerun rule)."""
    disk = kind.look(store.layout.target(pending.record.target), None)
    if disk.digest == pending.record.digest:
        return "recorded"
    draft = kind.look(store.layout.scratch / pending.draft, None)
    if draft.digest == pending.record.digest and disk == Disk(pending.judged):
        return "installed"
    return "dropped"
