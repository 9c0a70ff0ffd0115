"""A plan against the run that comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State

if TYPE_CHECKING:
    from tests.project import Ran

FOLLOWS: dict[Action, frozenset[Action]] = {
    Action.NONE: frozenset({Action.NONE}),
    Action.MAKE: frozenset({Action.MADE, Action.RESTORED, Action.FETCHED, Action.HELD}),
    Action.MAYBE: frozenset({Action.NONE, Action.MADE, Action.RESTORED, Action.FETCHED, Action.BLOCKED}),
    Action.RESTORED: frozenset({Action.RESTORED}),
    Action.ADOPTED: frozenset({Action.ADOPTED}),
    Action.SKIPPED: frozenset({Action.SKIPPED}),
    Action.BLOCKED: frozenset({Action.BLOCKED}),
    Action.FAILED: frozenset({Action.FAILED}),
}
"""What a run may do with a target of which the plan before it said something."""


def check_plan(planned: Ran, ran: Ran, *, calm: bool) -> None:
    """A run does what the plan said, at its price; where the plan said perhaps, perhaps."""
    stopped = any("budget" in said or "--max-cost" in said for said in planned.job.messages)
    if not calm or stopped:
        return
    if State.BROKEN in {outcome.state for outcome in planned.job.targets}:
        assert ran.result.cost == 0
        assert ran.did == set()
        return
    before = {outcome.name: outcome for outcome in planned.job.targets}
    after = {outcome.name: outcome for outcome in ran.job.targets}
    unsure = any(outcome.action is Action.MAYBE for outcome in before.values())
    rewrites = "storyboard.json" in before and before["storyboard.json"].action is Action.MAKE
    assert unsure or rewrites or before.keys() == after.keys(), f"{before.keys() ^ after.keys()}"
    for name in before.keys() & after.keys():
        first, then = before[name].action, after[name].action
        assert unsure or then in FOLLOWS[first], f"{name}: planned {first}, was {then}: {after[name].reasons}"
    assert ran.result.cost <= planned.result.cost, f"planned {planned.result.cost}, was {ran.result.cost}"
    fetched = Action.FETCHED in {outcome.action for outcome in after.values()}
    if not unsure and not rewrites and not fetched:
        assert ran.result.cost == planned.result.cost, f"planned {planned.result.cost}, was {ran.result.cost}"
