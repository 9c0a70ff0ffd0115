"""Look at a target: everything that the judgement of one order rests on, read and never written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from vidpipe.engine.judge import Disk, Judgement, Situation, Standing, State, judge

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.order import Order
    from vidpipe.engine.record import Record
    from vidpipe.engine.store import Mark, Store

MAKES = frozenset({State.MISSING, State.STALE, State.INTERRUPTED, State.LOST, State.REFUSED})
"""States that want the file made; an earlier take of the wanted fingerprint goes before a making."""


class Requests(Protocol):
    """What the engine asks of the money side: how requests for a target stand, and how many there are."""

    def standing(self, target: str, fingerprint: str, floor: int) -> tuple[Standing, str]:
        """Return how the newest request for a fingerprint after the first `floor` ones stands, and its story."""

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
    `floor` do not come back by themselves. `story` tells how the newest request went.
    """

    judgement: Judgement
    disk: Disk = field(default_factory=Disk)
    record: Record | None = None
    source: tuple[Record, Path] | None = None
    since: int = -1
    floor: int = 0
    story: str = ""

    @property
    def adopts(self) -> bool:
        """Whether keeping the file means writing another record for it."""
        if self.judgement.state in {State.ADOPTED, State.EDITED}:
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
        """Return the view of a target. Raises BrokenFileError where a record cannot be read."""
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
        record = store.record(order.name)
        disk = order.kind.look(store.layout.target(order.name), record, verify=self.settings.verify)
        if self.settings.dry:
            record, disk = self._as_if_settled(order, record, disk)
        since, floor, redone = self._floor(order, store.mark("redo", order.name), disk)
        accept = store.mark("accept", order.name)
        standing, story = self.requests.standing(order.name, wanted.key, floor) if wanted.known else (Standing.NONE, "")
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
        source = None
        if judgement.state in MAKES:
            source = store.restorable(wanted, since=since, paid=case.paid, upgrade=case.upgrade, target=order.name)
        return View(judgement, disk, record, source, since, floor, story)

    def _floor(self, order: Order, redo: Mark | None, disk: Disk) -> tuple[int, int, str | None]:
        """Return the take and the request up to which nothing may come back, and the digest to be replaced."""
        if order.kind.step in self.settings.force:
            return *self._forced_from, disk.digest
        return (redo.take, redo.request, redo.digest) if redo else (-1, 0, None)

    def _as_if_settled(self, order: Order, record: Record | None, disk: Disk) -> tuple[Record | None, Disk]:
        """Show a pending target as it will be once a run has settled it."""
        pending = self.store.pending(order.name)
        if pending is None or self.settings.busy:
            return record, disk
        if disk.digest == pending.record.digest:
            return pending.record, disk
        draft = order.kind.look(self.store.layout.scratch / pending.draft, None)
        if draft.digest == pending.record.digest and disk == Disk(pending.judged):
            return pending.record, draft
        return record, disk
