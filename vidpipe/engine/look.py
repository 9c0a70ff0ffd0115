"""Look at a target: everything that the judgement of one order rests on, read and never written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from vidpipe.engine.fingerprint import stands_for
from vidpipe.engine.judge import Disk, Judgement, Situation, Standing, State, judge
from vidpipe.engine.links import check_place

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.mark import Mark
    from vidpipe.engine.order import Order
    from vidpipe.engine.record import Record
    from vidpipe.engine.store import Store

MAKES = frozenset({State.MISSING, State.STALE, State.INTERRUPTED, State.LOST, State.REFUSED})
"""States that want the file made; an earlier take of the wanted fingerprint goes before a making."""


class Requests(Protocol):
    """What the engine asks of the money side: how requests for a target stand, and how many there are."""

    def standing(self, wanted: Fingerprint, floor: int) -> tuple[Standing, str]:
        """Return how the requests for a fingerprint after the first `floor` stand, and the decisive one's story."""

    def count(self) -> int:
        """Return how many requests the ledger knows."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to build: what a command line says about judging, apart from what the spec says about making.

    `force` names steps whose targets are all remade; `busy` says that another process is building here right now.
    """

    dry: bool = False
    verify: bool = False
    upgrade: bool = False
    force: frozenset[str] = frozenset()
    busy: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Everything known of one target at the moment it was judged.

    `source` is an earlier take that can stand in, with the path of its bytes. Takes up to `since` and requests up to
    `floor` do not come back by themselves. `story` tells how the newest request went. `path` is where the bytes on disk
    really are, which in a plan may be a draft that the next run puts in place. `redo` is a mark that has not been bound
    to a fingerprint yet; `accepted` says that the user accepted this very file.
    """

    judgement: Judgement
    disk: Disk = field(default_factory=Disk)
    record: Record | None = None
    source: tuple[Record, Path] | None = None
    since: int = -1
    floor: int = 0
    story: str = ""
    path: Path | None = None
    redo: Mark | None = None
    accepted: bool = False

    @property
    def adopts(self) -> bool:
        """Whether keeping the file means writing another record for it."""
        if self.judgement.state in {State.ADOPTED, State.EDITED} or self.accepted:
            return True
        return self.judgement.origin is not None and self.judgement.origin is not self.record


class Looker:
    """Looks at the targets of one job directory under the settings of one run."""

    def __init__(self, store: Store, requests: Requests, settings: Settings) -> None:
        self.store = store
        self.requests = requests
        self.settings = settings
        self._forced_from = (store.last_take(), requests.count()) if settings.force else (-1, 0)

    def asked_again(self, order: Order, view: View) -> bool:
        """Whether a new take of this target was asked for, so that no other one may stand in."""
        return view.since >= 0 or order.kind.step in self.settings.force

    def look(self, order: Order) -> View:
        """Return the view of a target.

        Raises BrokenFileError where a record cannot be read, and OSError where that holds of a draft or an earlier take
        that would stand in: it is not taken for lost, and bought anew, because a disk fails.
        """
        view = self._look_once(order)
        while self.settings.busy and view.judgement.state in {State.EDITED, State.ADOPTED, State.CONFLICT}:
            if self.store.layout.pending(order.name).exists():
                return replace(view, judgement=Judgement(State.BUSY, ("being made by another run",)))
            again = self._look_once(order)
            if again.judgement == view.judgement:
                break
            view = again
        return view

    def _look_once(self, order: Order) -> View:
        store, wanted = self.store, order.fingerprint
        check_place(store.layout, store.layout.target(order.name))  # what it leads to would be sent on as the job's own
        record = store.record(order.name)
        disk = order.kind.look(store.layout.target(order.name), record, verify=self.settings.verify)
        path = store.layout.target(order.name)
        if self.settings.dry:
            record, disk, path = self._as_if_settled(order, record, disk)
        redo = store.mark("redo", order.name)
        since, floor, redone = self._floor(order, redo, record, disk)
        accept = store.mark("accept", order.name)
        standing, story = self.requests.standing(wanted, floor) if wanted.known else (Standing.NONE, "")
        case = Situation(
            record=record,
            disk=disk,
            wanted=wanted,
            known=store.known(order.name, disk.digest) if record is None or record.digest != disk.digest else None,
            paid=order.price is not None,
            upgrade=self.settings.upgrade,
            redone=redone,
            since=since,
            accepted=accept.digest if accept else None,
            standing=standing,
        )
        judgement = judge(case)
        if judgement.maybe and order.waits_for:
            judgement = replace(judgement, reasons=(f"{order.waits_for} is to be made first",))
        source = None
        if judgement.state in MAKES:
            found = store.restorable(wanted, since=since, paid=case.paid, upgrade=case.upgrade)
            source = next((take for take in found if order.kind.holds(take[1], take[0].digest)), None)
        return View(
            judgement,
            disk,
            record,
            source,
            since,
            floor,
            story,
            path,
            redo=redo if redo and redo.fingerprint is None else None,
            accepted=accept is not None and accept.digest == disk.digest is not None,
        )

    def _floor(self, order: Order, redo: Mark | None, record: Record | None, disk: Disk) -> tuple[int, int, str | None]:
        """Return the take and the request up to which nothing may come back, and the digest to be replaced.

        Forcing a step remakes what vidpipe made; to replace a file of the user's takes a `redo` of that very target.
        """
        if order.kind.step in self.settings.force and not _is_the_users(record, disk):
            return *self._forced_from, disk.digest
        if redo is None or (redo.fingerprint is not None and not stands_for(redo.fingerprint, order.fingerprint)):
            return -1, 0, None
        return redo.take, redo.request, redo.digest

    def _as_if_settled(self, order: Order, record: Record | None, disk: Disk) -> tuple[Record | None, Disk, Path]:
        """Show a pending target as it will be once a run has settled it, and where its bytes are until then."""
        target = self.store.layout.target(order.name)
        pending = self.store.pending(order.name)
        if pending is None or self.settings.busy:
            return record, disk, target
        if disk.digest == pending.record.digest:
            return pending.record, disk, target
        path = self.store.layout.scratch / pending.draft
        draft = order.kind.look(path, None, strict=True)
        if draft.digest == pending.record.digest and disk == Disk(pending.judged):
            return pending.record, draft, path
        return record, disk, target


def _is_the_users(record: Record | None, disk: Disk) -> bool:
    made = record is not None and record.origin == "vidpipe" and record.digest == disk.digest
    return not disk.missing and not made
