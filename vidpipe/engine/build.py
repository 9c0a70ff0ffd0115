"""The build: make targets by pull, each at most once, each only if the rerun rule says so.

`Build.make` is the only place where a target is judged and made. A dry build walks the same way and writes nothing.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from typing import TYPE_CHECKING

from vidpipe.engine.commit import EditedMeanwhileError
from vidpipe.engine.foresee import Foresight
from vidpipe.engine.judge import Action, Judgement, State
from vidpipe.engine.look import MAKES, Looker, View
from vidpipe.engine.once import Once
from vidpipe.engine.order import (
    FREE,
    Draft,
    InputChangedError,
    Made,
    NotMadeError,
    Order,
    Outcome,
    RefusedTargetError,
)
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.placing import adopt_file, commit_copy, commit_new, draft_of, settle_marks
from vidpipe.engine.verdict import Verdicts
from vidpipe.errors import BrokenFileError, DecisionError, Exit, LostError, VidpipeError, WaitingError
from vidpipe.place import refusal_of_disk
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.look import Requests, Settings
    from vidpipe.engine.store import Store


UNREAD = "nothing is made in its stead until it can be read again, or you remove it"


class Build:
    """One job directory being made."""

    def __init__(self, store: Store, requests: Requests, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.once = Once()
        self.verdicts = Verdicts(store.layout, self.ended)
        self.awaited: list[Fingerprint] = []
        self.stopping: Exit | None = None
        self._looker = Looker(store, requests, settings)
        self._foresight = Foresight(self._looker, self.verdicts)
        self._makings: dict[str, asyncio.Event] = {}
        self._ended: Counter[str] = Counter()

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What became of the targets so far."""
        return self.verdicts.outcomes

    def started(self, name: str, reasons: tuple[str, ...]) -> None:
        """Hear that a target is being made."""

    def ended(self, outcome: Outcome) -> None:
        """Hear what became of a target."""

    async def make(self, order: Order) -> Made:
        """Judge a target, make it if the rerun rule says so, and return it.

        Raises NotMadeError where it could not be made, RefusedTargetError where a safety filter refused it.
        """
        view = await self._look_in_peace(order)
        if view.judgement.state is State.INTERRUPTED and view.source is None:
            self.awaited.append(order.fingerprint)
        if view.judgement.state is State.BROKEN:
            raise self.verdicts.fail(order, view, Action.FAILED, view.judgement.reasons, Exit.FAILED)
        if view.judgement.state is State.CONFLICT:
            ways = f"vidpipe accept keeps your file, vidpipe redo archives it and makes a new one ({order.name})"
            raise self.verdicts.fail(order, view, Action.BLOCKED, (*view.judgement.reasons, ways), Exit.DECISION)
        if self.settings.dry:
            return self._foresight.foresee(order, view)
        if view.judgement.state in MAKES:
            made = await self._have_made(order, view)
            if order.fingerprint in self.awaited:  # there may be another operation for it, which nobody wants by now
                self.awaited.remove(order.fingerprint)
            return made
        return await self._keep(order, view)

    async def must_make(self, order: Order) -> bool:
        """Whether a target can be had by making it only: no file counts for it, and no earlier take can stand in."""
        view = await self._look_in_peace(order)
        return view.judgement.state in MAKES and view.source is None

    async def _look_in_peace(self, order: Order) -> View:
        """Look at a target until no making of its fingerprint is under way, or came to its end during the look."""
        key = order.fingerprint.key
        while True:
            ended = self._ended[key]
            view = await self._look(order)
            if self._is_being_made(order, view):
                await self._makings[key].wait()
            elif self._ended[key] == ended:
                return view

    async def _look(self, order: Order) -> View:
        try:
            return await asyncio.to_thread(self._looker.look, order)
        except BrokenFileError as error:
            return View(Judgement(State.BROKEN, (str(error),)))
        except OSError as error:
            told = refusal_of_disk(error, self.store.layout.target(order.name))
            return View(Judgement(State.BROKEN, (f"{told}; {UNREAD}",)))

    def _is_being_made(self, order: Order, view: View) -> bool:
        """Whether another target of the same fingerprint is being made, whose result will do for this one."""
        return order.fingerprint.key in self._makings and self._may_share(order, view)

    def _may_share(self, order: Order, view: View) -> bool:
        wants = view.judgement.state in MAKES and view.source is None
        return wants and not self._looker.asked_again(order, view)

    async def _keep(self, order: Order, view: View) -> Made:
        record = view.record
        if view.adopts:
            record = await to_the_end(asyncio.to_thread(adopt_file, self.store, order, view), keep=True)
        elif self.store.layout.mark("accept", order.name).exists():
            await asyncio.to_thread(self.store.drop_mark, "accept", order.name)
        self.verdicts.end(order, view, Action.ADOPTED if view.adopts else Action.NONE, digest=view.disk.digest)
        return Made(order.name, self.store.layout.target(order.name), view.disk.digest, record=record)

    async def _have_made(self, order: Order, view: View) -> Made:
        """Make a target, and let others of the same fingerprint wait for it."""
        key = order.fingerprint.key
        if not self._may_share(order, view):
            return await self._guarded(order, view)
        self._makings[key] = asyncio.Event()
        try:
            return await self._guarded(order, view)
        finally:
            self._ended[key] += 1
            self._makings.pop(key).set()

    async def _guarded(self, order: Order, view: View) -> Made:
        """Translate everything that can go wrong in a making into an outcome of the target."""
        try:
            await to_the_end(asyncio.to_thread(settle_marks, self.store, order, view), keep=False)
            return await self._restore(order, view) if view.source else await self._make_new(order, view)
        except (RefusedTargetError, NotMadeError):
            raise
        except EditedMeanwhileError as error:
            reasons = (
                f"{order.name} was edited while it was being made: your file stays, the new one is in the archive",
            )
            raise self.verdicts.fail(order, view, Action.BLOCKED, reasons, Exit.DECISION, State.CONFLICT) from error
        except InputChangedError as error:
            raise self.verdicts.fail(order, view, Action.BLOCKED, (str(error),), Exit.DECISION) from error
        except DecisionError as error:
            state = {WaitingError: State.INTERRUPTED, LostError: State.LOST}.get(type(error))
            raise self.verdicts.fail(order, view, Action.BLOCKED, (str(error),), error.exit_code, state) from error
        except VidpipeError as error:
            raise self.verdicts.fail(order, view, Action.FAILED, (str(error),), error.exit_code) from error
        except OSError as error:
            reasons = (refusal_of_disk(error, self.store.layout.root),)
            raise self.verdicts.fail(order, view, Action.FAILED, reasons, Exit.FAILED) from error
        except Exception as error:
            self.crashed(order.name, traceback.format_exc())
            reasons = (redacted(f"a bug in vidpipe: {type(error).__name__}: {error}"),)
            raise self.verdicts.fail(order, view, Action.FAILED, reasons, Exit.FAILED) from error

    def crashed(self, name: str, report: str) -> None:
        """Hear of an error that nobody foresaw."""

    async def _restore(self, order: Order, view: View) -> Made:
        assert view.source is not None
        take, path = view.source
        record = await to_the_end(asyncio.to_thread(commit_copy, self.store, order, view, take, path), keep=True)
        action = Action.RESTORED
        self.verdicts.end(order, view, action, digest=record.digest)
        return Made(order.name, self.store.layout.target(order.name), record.digest, record=record)

    async def _make_new(self, order: Order, view: View) -> Made:
        if view.judgement.state is State.LOST:
            raise self.verdicts.lost(order, view)
        if view.judgement.state is State.REFUSED:
            raise self.verdicts.refuse(order, view, view.story)
        if self.stopping is not None:
            raise self.verdicts.fail(
                order, view, Action.NONE, ("the run was stopped before it was begun",), self.stopping
            )
        self.started(order.name, view.judgement.reasons)
        path = await asyncio.to_thread(draft_of, self.store, order.name)
        draft = Draft(path, path.parent, order.name, order.fingerprint, view.floor)
        try:
            making = await order.recipe(draft)
            record = await to_the_end(asyncio.to_thread(commit_new, self.store, order, view, path, making), keep=True)
        except RefusedTargetError as refusal:
            raise self.verdicts.refuse(order, view, refusal.reason) from refusal
        finally:
            if not self.store.layout.pending(order.name).exists():  # else the next run puts the draft in its place
                await asyncio.to_thread(path.unlink, missing_ok=True)
        action = Action.FETCHED if making.fetched else Action.MADE
        price = FREE if making.fetched else making.cost
        self.verdicts.end(order, view, action, price=price, digest=record.digest)
        return Made(order.name, self.store.layout.target(order.name), record.digest, record=record)
