"""The build: make targets by pull, each at most once, each only if the rerun rule says so.

`Build.make` is the only place where a target is judged and made. A dry build walks the same way and writes nothing.
"""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.engine.commit import EditedMeanwhileError, adopt, commit
from vidpipe.engine.fingerprint import stands_for
from vidpipe.engine.judge import Action, Judgement, State
from vidpipe.engine.look import MAKES, Looker, View
from vidpipe.engine.once import Once
from vidpipe.engine.order import (
    FREE,
    Draft,
    InputChangedError,
    Made,
    Making,
    NotMadeError,
    Order,
    Outcome,
    RefusedTargetError,
)
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.record import Record
from vidpipe.errors import BrokenFileError, DecisionError, Exit, LostError, VidpipeError, WaitingError
from vidpipe.files import copy_file, make_directory, remove_file, temporary

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.look import Requests, Settings
    from vidpipe.engine.store import Store


class Build:
    """One job directory being made."""

    def __init__(self, store: Store, requests: Requests, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.once = Once()
        self.outcomes: dict[str, Outcome] = {}
        self.awaited: list[Fingerprint] = []
        self.stopping: Exit | None = None
        self._looker = Looker(store, requests, settings)
        self._promised: dict[str, str] = {}
        self._makings: dict[str, asyncio.Event] = {}

    def started(self, name: str, reasons: tuple[str, ...]) -> None:
        """Hear that a target is being made."""

    def ended(self, outcome: Outcome) -> None:
        """Hear what became of a target."""

    async def make(self, order: Order) -> Made:
        """Judge a target, make it if the rerun rule says so, and return it.

        Raises NotMadeError where it could not be made, RefusedTargetError where a safety filter refused it.
        """
        view = await self._look(order)
        while self._is_being_made(order, view):
            await self._makings[order.fingerprint.key].wait()
            view = await self._look(order)
        if view.judgement.state is State.INTERRUPTED and view.source is None:
            self.awaited.append(order.fingerprint)
        if view.judgement.state is State.BROKEN:
            raise self._fail(order, view, Action.FAILED, view.judgement.reasons, Exit.FAILED)
        if view.judgement.state is State.CONFLICT:
            ways = f"vidpipe accept keeps your file, vidpipe redo archives it and makes a new one ({order.name})"
            raise self._fail(order, view, Action.BLOCKED, (*view.judgement.reasons, ways), Exit.DECISION)
        if self.settings.dry:
            return self._foresee(order, view)
        if view.judgement.state in MAKES:
            return await self._have_made(order, view)
        return await self._keep(order, view)

    async def _look(self, order: Order) -> View:
        try:
            return await asyncio.to_thread(self._looker.look, order)
        except BrokenFileError as error:
            return View(Judgement(State.BROKEN, (str(error),)))

    def _is_being_made(self, order: Order, view: View) -> bool:
        """Whether another target of the same fingerprint is being made, whose result will do for this one."""
        return order.fingerprint.key in self._makings and self._may_share(order, view)

    def _may_share(self, order: Order, view: View) -> bool:
        wants = view.judgement.state in MAKES and view.source is None
        return wants and not self._looker.asked_again(order, view)

    # A dry build

    def _foresee(self, order: Order, view: View) -> Made:
        state, path = view.judgement.state, view.path or self.store.layout.target(order.name)
        if state is State.BUSY:
            self._end(order, view, Action.NONE)
            return Made(order.name, path, None, order.promise)
        if state not in MAKES:
            return self._foresee_kept(order, view, path)
        if view.source is not None:
            self._end(order, view, Action.RESTORED)
            return Made(order.name, view.source[1], view.source[0].digest, record=view.source[0])
        if state is State.LOST:
            raise self._fail(order, view, Action.BLOCKED, self._lost_ways(order, view), Exit.DECISION)
        if state is State.REFUSED:
            raise self._refuse(order, view, view.story)
        again = self._looker.asked_again(order, view)
        shared = not again and self._promised.setdefault(order.promise, order.name) != order.name
        free = state is State.INTERRUPTED or shared
        self._end(order, view, Action.MAKE, price=FREE if free else order.price or FREE)
        return Made(order.name, path, None, order.promise)

    def _foresee_kept(self, order: Order, view: View, path: Path) -> Made:
        record = view.judgement.origin or view.record
        if view.judgement.maybe:
            keeps = view.judgement.state in {State.ADOPTED, State.EDITED}
            self._end(
                order, view, Action.ADOPTED if keeps else Action.MAYBE, price=FREE if keeps else order.price or FREE
            )
            return Made(order.name, path, view.disk.digest if keeps else None, order.promise, record)
        self._end(order, view, Action.ADOPTED if view.adopts else Action.NONE)
        return Made(order.name, path, view.disk.digest, record=record)

    # A real build

    async def _keep(self, order: Order, view: View) -> Made:
        record = view.record
        if view.adopts:
            record = await to_the_end(asyncio.to_thread(self._adopt, order, view), keep=True)
        elif self.store.layout.mark("accept", order.name).exists():
            await asyncio.to_thread(self.store.drop_mark, "accept", order.name)
        self._end(order, view, Action.ADOPTED if view.adopts else Action.NONE, digest=view.disk.digest)
        return Made(order.name, self.store.layout.target(order.name), view.disk.digest, record=record)

    def _adopt(self, order: Order, view: View) -> Record:
        assert view.disk.digest is not None
        origin = view.judgement.origin
        if origin is None:
            record = Record(order.name, view.disk.digest, self.store.next_take(), "user", order.fingerprint)
        elif view.judgement.state is State.ADOPTED:  # accepted: the same file, wanted as it is
            record = replace(origin.at(order.name, self.store.next_take()), fingerprint=order.fingerprint)
        else:
            record = origin.at(order.name, self.store.next_take())
        recorded = adopt(self.store, record, view.disk)
        self.store.drop_mark("accept", order.name)
        if view.redo is not None:  # a person's hand was quicker
            self.store.drop_mark("redo", order.name)
        return recorded

    async def _have_made(self, order: Order, view: View) -> Made:
        """Make a target, and let others of the same fingerprint wait for it."""
        key = order.fingerprint.key
        if not self._may_share(order, view):
            return await self._guarded(order, view)
        self._makings[key] = asyncio.Event()
        try:
            return await self._guarded(order, view)
        finally:
            self._makings.pop(key).set()

    def _settle_marks(self, order: Order, view: View) -> None:
        """Bind what `redo` asked for to the fingerprint that is being made; what was accepted stands there no more."""
        if view.redo is not None:
            self.store.write_mark("redo", order.name, replace(view.redo, fingerprint=order.fingerprint))
        self.store.drop_mark("accept", order.name)

    async def _guarded(self, order: Order, view: View) -> Made:
        """Translate everything that can go wrong in a making into an outcome of the target."""
        try:
            await asyncio.to_thread(self._settle_marks, order, view)
            return await self._restore(order, view) if view.source else await self._make_new(order, view)
        except (RefusedTargetError, NotMadeError):
            raise
        except EditedMeanwhileError as error:
            reasons = (
                f"{order.name} was edited while it was being made: your file stays, the new one is in the archive",
            )
            raise self._fail(order, view, Action.BLOCKED, reasons, Exit.DECISION, State.CONFLICT) from error
        except InputChangedError as error:
            raise self._fail(order, view, Action.BLOCKED, (str(error),), Exit.DECISION) from error
        except DecisionError as error:
            state = {WaitingError: State.INTERRUPTED, LostError: State.LOST}.get(type(error))
            raise self._fail(order, view, Action.BLOCKED, (str(error),), error.exit_code, state) from error
        except VidpipeError as error:
            raise self._fail(order, view, Action.FAILED, (str(error),), error.exit_code) from error
        except OSError as error:
            reasons = (f"{error.filename or self.store.layout.root}: {error.strerror or error}",)
            raise self._fail(order, view, Action.FAILED, reasons, Exit.FAILED) from error
        except Exception as error:
            self.crashed(order.name, traceback.format_exc())
            reasons = (f"a bug in vidpipe: {type(error).__name__}: {error}",)
            raise self._fail(order, view, Action.FAILED, reasons, Exit.FAILED) from error

    def crashed(self, name: str, report: str) -> None:
        """Hear of an error that nobody foresaw."""

    async def _restore(self, order: Order, view: View) -> Made:
        assert view.source is not None
        take, path = view.source
        record = await to_the_end(asyncio.to_thread(self._commit_copy, order, view, take, path), keep=True)
        action = Action.RESTORED
        self._end(order, view, action, made=True, digest=record.digest)
        return Made(order.name, self.store.layout.target(order.name), record.digest, record=record)

    def _commit_copy(self, order: Order, view: View, take: Record, path: Path) -> Record:
        draft = self._draft(order)
        for source in (path, self.store.layout.content(take.digest)):
            # A live target that is being replaced at this very moment is in the archive since just before.
            with suppress(FileNotFoundError):
                copy_file(source, draft)
                if order.kind.digest(draft) == take.digest:
                    break
        else:
            remove_file(draft)
            raise InputChangedError(take.target)
        record = replace(take.at(order.name, self.store.next_take()), fingerprint=_truly(take.fingerprint, order))
        return commit(self.store, order.kind, draft, record, view.disk)

    async def _make_new(self, order: Order, view: View) -> Made:
        if view.judgement.state is State.LOST:
            raise self._fail(order, view, Action.BLOCKED, self._lost_ways(order, view), Exit.DECISION)
        if view.judgement.state is State.REFUSED:
            raise self._refuse(order, view, view.story)
        if self.stopping is not None:
            raise self._fail(order, view, Action.NONE, ("the run was stopped before it was begun",), self.stopping)
        self.started(order.name, view.judgement.reasons)
        path = await asyncio.to_thread(self._draft, order)
        draft = Draft(path, self.store.layout.scratch, order.name, order.fingerprint, view.floor)
        try:
            making = await order.recipe(draft)
            record = await to_the_end(asyncio.to_thread(self._commit_new, order, view, path, making), keep=True)
        except RefusedTargetError as refusal:
            raise self._refuse(order, view, refusal.reason) from refusal
        finally:
            if not self.store.layout.pending(order.name).exists():  # else the next run puts the draft in its place
                await asyncio.to_thread(path.unlink, missing_ok=True)
        action = Action.FETCHED if making.fetched else Action.MADE
        price = FREE if making.fetched else making.cost
        self._end(order, view, action, price=price, made=True, digest=record.digest)
        return Made(order.name, self.store.layout.target(order.name), record.digest, record=record)

    def _commit_new(self, order: Order, view: View, path: Path, making: Making) -> Record:
        order.kind.check(path)
        record = Record(
            target=order.name,
            digest=order.kind.digest(path),
            take=self.store.next_take(),
            origin="vidpipe",
            fingerprint=_truly(making.fingerprint, order),
            cost=making.cost,
            provenance=making.provenance,
        )
        try:
            return commit(self.store, order.kind, path, record, view.disk)
        finally:
            if making.placed is not None and not path.exists():  # in place, or safe in the archive
                making.placed()

    def _draft(self, order: Order) -> Path:
        make_directory(self.store.layout.scratch)
        return temporary(self.store.layout.scratch, order.name)

    # Outcomes

    def _lost_ways(self, order: Order, view: View) -> tuple[str, ...]:
        price = Decimal(order.price or 0)
        ways = f"--on-lost resubmit pays {price} USD again, --on-lost abandon counts it as refused"
        return (*view.judgement.reasons, view.story, f"{ways}, vidpipe adopt takes an operation's name")

    def _refuse(self, order: Order, view: View, reason: str) -> RefusedTargetError | NotMadeError:
        refused = f"refused: {reason}"
        if not order.refusable:
            return self._fail(order, view, Action.FAILED, (refused,), Exit.FAILED, State.REFUSED)
        self._record(Outcome(order.name, State.REFUSED, Action.SKIPPED, (refused,), exit_code=Exit.INCOMPLETE))
        return RefusedTargetError(order.name, reason)

    def _fail(
        self,
        order: Order,
        view: View,
        action: Action,
        reasons: tuple[str, ...],
        exit_code: Exit,
        state: State | None = None,
    ) -> NotMadeError:
        state = state or view.judgement.state
        self._record(Outcome(order.name, state, action, reasons, exit_code=exit_code))
        return NotMadeError(order.name, f"{order.name}: {reasons[0]}", exit_code)

    def block(self, name: str, error: NotMadeError | RefusedTargetError) -> None:
        """Note that a target was not tried because one that it needs is not there."""
        if name not in self.outcomes and error.target == name:
            self._record(Outcome(name, State.MISSING, Action.FAILED, (str(error),), exit_code=error.exit_code))
        if name not in self.outcomes:
            refused = isinstance(error, RefusedTargetError)
            reasons = (f"needs {error.target}, which {'was refused' if refused else 'is not made'}",)
            state = State.STALE if self.store.layout.target(name).is_file() else State.MISSING
            self._record(Outcome(name, state, Action.SKIPPED if refused else Action.BLOCKED, reasons))

    def _end(
        self,
        order: Order,
        view: View,
        action: Action,
        *,
        price: Decimal = FREE,
        exit_code: Exit = Exit.DONE,
        made: bool = False,
        digest: str | None = None,
    ) -> None:
        judgement = view.judgement
        self._record(Outcome(order.name, judgement.state, action, judgement.reasons, price, exit_code, digest, made))

    def _record(self, outcome: Outcome) -> None:
        self.outcomes[outcome.name] = outcome
        self.ended(outcome)


def _truly(made_of: Fingerprint | None, order: Order) -> Fingerprint:
    """Return what a file was really made of: what was ordered, unless vidpipe's own parts were others then."""
    if made_of is None or stands_for(made_of, order.fingerprint, exact=True):
        return order.fingerprint
    return made_of
