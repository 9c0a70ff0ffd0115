"""Foresee what a run would do with a target: the dry build, which writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.engine.look import MAKES
from vidpipe.engine.order import FREE, Made

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.look import Looker, View
    from vidpipe.engine.order import Order
    from vidpipe.engine.verdict import Verdicts


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a plan knows while it walks; `promised` names the first target of each making that others will share."""

    looker: Looker
    verdicts: Verdicts
    promised: dict[str, str] = field(default_factory=dict)

    def foresee(self, order: Order, view: View) -> Made:
        """Return a target as it would be, and write down what it would take. Raises as a real build does."""
        state, path = view.judgement.state, view.path or self.verdicts.layout.target(order.name)
        if state is State.BUSY:
            self.verdicts.end(order, view, Action.NONE)
            return Made(order.name, path, None, order.promise)
        if state not in MAKES:
            return self._kept(order, view, path)
        if view.source is not None:
            self.verdicts.end(order, view, Action.RESTORED)
            return Made(order.name, view.source[1], view.source[0].digest, record=view.source[0])
        if state is State.LOST:
            raise self.verdicts.lost(order, view)
        if state is State.REFUSED:
            raise self.verdicts.refuse(order, view, view.story)
        again = self.looker.asked_again(order, view)
        shared = not again and self.promised.setdefault(order.promise, order.name) != order.name
        free = state is State.INTERRUPTED or shared
        self.verdicts.end(order, view, Action.MAKE, price=FREE if free else order.price or FREE)
        return Made(order.name, path, None, order.promise)

    def _kept(self, order: Order, view: View, path: Path) -> Made:
        record = view.judgement.origin or view.record
        if view.judgement.maybe:
            keeps = view.judgement.state is State.ADOPTED
            edited = view.judgement.state is State.EDITED
            theirs = edited or (record is not None and record.origin == "user")  # a conflict at worst, never a making
            price = FREE if keeps or theirs else order.price or FREE
            self.verdicts.end(order, view, Action.ADOPTED if keeps else Action.MAYBE, price=price)
            return Made(order.name, path, view.disk.digest if keeps else None, order.promise, record)
        self.verdicts.end(order, view, Action.ADOPTED if view.adopts else Action.NONE)
        return Made(order.name, path, view.disk.digest, record=record)
