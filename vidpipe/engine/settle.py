"""Settle what a crash left between "made" and "recorded": roll it forward, and drop no draft that was paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.engine.commit import EditedMeanwhileError, archive_old, finish, install, set_aside, stands
from vidpipe.engine.judge import Disk
from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.engine.kind import Kind
    from vidpipe.engine.pending import Pending
    from vidpipe.engine.store import Store


def settle(store: Store, kinds: Mapping[str, Kind]) -> list[str]:
    """Roll every pending target forward and return what is to be said about it; the caller holds the lock."""
    said = []
    for name, pending in store.pendings().items():
        kind = kinds.get(str(pending.record.fingerprint.own.get("step")))
        if kind is None:
            raise BrokenFileError(f"{store.layout.pending(name)}: not a pending record of vidpipe; remove it to go on")
        draft = store.layout.scratch / pending.draft
        disk = kind.look(store.layout.target(pending.record.target), pending.record, strict=True)
        outcome = foresee(store, kind, pending, disk)
        if outcome == "recorded":
            finish(store, pending.record, disk.stamp)
        elif outcome == "installed" and _is_old_archived(store, kind, pending, disk):
            install(store, draft, pending.record)
        elif kind.look(draft, pending.record, strict=True).digest == pending.record.digest:
            set_aside(store, draft, pending.record)
            said.append(f"{name}: edited while it was being made; the draft is take {pending.record.take}")
        else:
            if kind.holds(store.layout.content(pending.record.digest), pending.record.digest):
                store.write_take(pending.record)  # it was being set aside when the crash came
            store.remove(store.layout.pending(name))
    return said


def _is_old_archived(store: Store, kind: Kind, pending: Pending, disk: Disk) -> bool:
    """Whether the file that a pending record replaces is in the archive now; False if it was edited at this moment."""
    try:
        archive_old(store, kind, pending.record, pending.judged)
    except EditedMeanwhileError:
        return False
    return stands(store.layout.target(pending.record.target), disk)


def foresee(store: Store, kind: Kind, pending: Pending, disk: Disk) -> str:
    """Say what settling a pending target comes to: recorded, installed, or dropped (docs/on-disk.md).

    Raises OSError for a draft that cannot be read: what has been paid for is not dropped because a disk fails.
    """
    if disk.digest == pending.record.digest:
        return "recorded"
    draft = kind.look(store.layout.scratch / pending.draft, pending.record, strict=True)
    if draft.digest == pending.record.digest and disk == Disk(pending.judged):
        return "installed"
    return "dropped"
