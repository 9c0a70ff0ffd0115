"""Write down what becomes of targets, in a run or a plan: outcomes, and the errors that stop their dependants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import FREE, NotMadeError, Outcome, RefusedTargetError
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from vidpipe.engine.layout import Layout
    from vidpipe.engine.look import View
    from vidpipe.engine.order import Order


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The outcomes of one build by target; `hear` is told of each."""

    layout: Layout
    hear: Callable[[Outcome], None]
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def lost(self, order: Order, view: View) -> NotMadeError:
        """Block a target whose request may have been accepted, and name the ways out."""
        ways = (
            f"--on-lost resubmit pays ${order.price or FREE} again, --on-lost abandon counts it as refused, "
            "vidpipe adopt takes an operation's name"
        )
        return self.fail(order, view, Action.BLOCKED, (*view.judgement.reasons, view.story, ways), Exit.DECISION)

    def refuse(self, order: Order, view: View, reason: str) -> RefusedTargetError | NotMadeError:
        """Write down that a safety filter refused a target, and return the error that says so."""
        refused = f"refused: {reason}"
        if not order.refusable:
            return self.fail(order, view, Action.FAILED, (refused,), Exit.FAILED, State.REFUSED)
        self.record(Outcome(order.name, State.REFUSED, Action.SKIPPED, (refused,), exit_code=Exit.INCOMPLETE))
        return RefusedTargetError(order.name, reason)

    def fail(
        self,
        order: Order,
        view: View,
        action: Action,
        reasons: tuple[str, ...],
        exit_code: Exit,
        state: State | None = None,
    ) -> NotMadeError:
        """Write down that a target was not made, and return the error that says so."""
        state = state or view.judgement.state
        self.record(Outcome(order.name, state, action, reasons, exit_code=exit_code))
        return NotMadeError(order.name, f"{order.name}: {reasons[0]}", exit_code)

    def leave(self, name: str, reason: str) -> None:
        """Note that a target's file stays as it is although it is not what is wanted, and why nothing is wrong."""
        if self.layout.target(name).is_file():
            self.record(Outcome(name, State.STALE, Action.NONE, (reason,)))

    def block(self, name: str, error: NotMadeError | RefusedTargetError) -> None:
        """Note that a target was not tried because one that it needs is not there."""
        if name not in self.outcomes and error.target == name:
            self.record(Outcome(name, State.MISSING, Action.FAILED, (str(error),), exit_code=error.exit_code))
        if name not in self.outcomes:
            refused = isinstance(error, RefusedTargetError)
            reasons = (f"needs {error.target}, which {'was refused' if refused else 'is not made'}",)
            state = State.STALE if self.layout.target(name).is_file() else State.MISSING
            self.record(Outcome(name, state, Action.SKIPPED if refused else Action.BLOCKED, reasons))

    def end(
        self,
        order: Order,
        view: View,
        action: Action,
        *,
        price: Decimal = FREE,
        exit_code: Exit = Exit.DONE,
        digest: str | None = None,
    ) -> None:
        """Write down what was done with a target."""
        judgement = view.judgement
        self.record(Outcome(order.name, judgement.state, action, judgement.reasons, price, exit_code, digest))

    def record(self, outcome: Outcome) -> None:
        """Keep an outcome and tell of it."""
        self.outcomes[outcome.name] = outcome
        self.hear(outcome)
