"""Put a draft in its target's place so that a crash anywhere rolls forward and never looks like a hand edit.

The order is the protocol (docs/on-disk.md): fsync the draft and its name, write the pending record, archive the old
file with its record, look once more, rename, fsync the directory, write the record, drop the pending one.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.engine.links import check_place
from vidpipe.engine.pending import Pending, write_pending
from vidpipe.engine.record import Record
from vidpipe.errors import BrokenFileError
from vidpipe.files import (
    NO_FILE,
    backdate,
    copy_file,
    fsync_directory,
    fsync_file,
    make_directory,
    put,
    stamp,
    temporary,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.judge import Disk
    from vidpipe.engine.kind import Kind
    from vidpipe.engine.store import Store
    from vidpipe.files import Stamp


class EditedMeanwhileError(Exception):
    """The target is no longer the file that was judged: a person's hand was there while the draft was made."""


def commit(store: Store, kind: Kind, draft: Path, record: Record, judged: Disk) -> Record:
    """Put `draft` in place of the file that was judged and return the record as written.

    Raises EditedMeanwhileError, with the draft kept in the archive, if the target is not what was judged any more.
    """
    target = store.layout.target(record.target)
    check_place(store.layout, draft)
    backdate(draft)
    fsync_file(draft)
    fsync_directory(draft.parent)  # what the pending record speaks of has to be there after a power loss
    write_pending(store, Pending(record, draft.name, judged.digest))
    try:
        if target.is_symlink() and not stands(target, judged):  # put there meanwhile, it may lead anywhere
            raise EditedMeanwhileError(record.target)
        archive_old(store, kind, record, judged.digest)
        found = kind.look(target, None, strict=True)
        if found != judged or not stands(target, found):
            raise EditedMeanwhileError(record.target)
    except EditedMeanwhileError:
        set_aside(store, draft, record)
        raise
    return install(store, draft, record)


def stands(path: Path, disk: Disk) -> bool:
    """Whether the file that was looked at still stands there: hashing takes time, and a person may move another in."""
    try:
        return stamp(path) == disk.stamp
    except FileNotFoundError:
        return disk.stamp is None


def archive_old(store: Store, kind: Kind, record: Record, judged: str | None) -> None:
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


def install(store: Store, draft: Path, record: Record) -> Record:
    """Rename a durable draft to its target's name, and finish; return the record. Raises OSError or BrokenFileError."""
    target, seen = store.layout.target(record.target), stamp(draft)
    check_place(store.layout, target)
    make_directory(target.parent)
    put(draft, target)
    return finish(store, record, seen)


def finish(store: Store, record: Record, seen: Stamp | None) -> Record:
    """Record a target that is in its place, with the stamp that was seen on it, and drop its pending record."""
    recorded = stamped(store, record, seen)
    store.write_record(recorded)
    store.remove(store.layout.pending(record.target))
    return recorded


def set_aside(store: Store, draft: Path, record: Record) -> None:
    """Put a draft that is not to take its target's place into the archive, as a take like any other."""
    fsync_file(draft)
    content = store.layout.content(record.digest)
    check_place(store.layout, content)
    make_directory(content.parent)
    put(draft, content)
    store.write_take(record)
    store.remove(store.layout.pending(record.target))


def stamped(store: Store, record: Record, seen: Stamp | None) -> Record:
    """Return the record with the stamp of the file that it speaks for, which is the one `seen`.

    A file that came in between is left without a stamp, and so is hashed when it is next looked at: one that was moved
    there keeps an old mtime, and would otherwise be taken for the recorded one. Renaming changes a file's ctime.
    """
    now = time.time_ns()
    try:
        found = stamp(store.layout.target(record.target))
    except OSError:
        found = None
    same = found and seen and (found[0], found[1], found[3]) == (seen[0], seen[1], seen[3])
    return replace(record, stamp=found if same else None, recorded_ns=now)


def archive_file(store: Store, kind: Kind, path: Path, digest: str) -> None:
    """Copy a file's bytes into the archive under its digest. Raises EditedMeanwhileError if it has another one."""
    content = store.layout.content(digest)
    check_place(store.layout, content)
    if _is_kept(kind, content, digest):
        fsync_directory(content.parent)  # whoever put it there may not have come to that yet
        return
    make_directory(content.parent)
    copy = temporary(store.layout.scratch, content.name)
    check_place(store.layout, copy)
    try:
        copy_file(path, copy)
        found = kind.digest(copy)
    except (BrokenFileError, FileNotFoundError) as error:  # half written by an editor, or deleted
        raise EditedMeanwhileError(path.name) from error
    if found != digest:
        store.remove(copy)
        raise EditedMeanwhileError(path.name)
    for place in (copy, content):  # copying takes a while
        check_place(store.layout, place)
    put(copy, content)


def _is_kept(kind: Kind, content: Path, digest: str) -> bool:
    """Whether a sound copy is in the archive; one that cannot be read is replaced."""
    try:
        return kind.holds(content, digest)
    except OSError:
        return False


def adopt(store: Store, record: Record, disk: Disk) -> Record:
    """Record a file that stands on disk already, keeping the record it had as that of an earlier take.

    It is synced before, for a person's editor may not have done so, and what is bought may be bought for it.
    """
    _sync_target(store.layout.target(record.target))
    replaced = store.record(record.target)
    if replaced is not None and (replaced.digest, replaced.fingerprint) != (record.digest, record.fingerprint):
        store.write_take(replaced)
    recorded = stamped(store, record, disk.stamp)
    store.write_record(recorded)
    return recorded


def _sync_target(target: Path) -> None:
    """Make a file and its name durable; one that was taken away meanwhile is found missing soon enough."""
    try:
        fsync_file(target)
        fsync_directory(target.parent)
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
