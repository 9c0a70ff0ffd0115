"""Plan a job: walk it without writing anything, and say whether there is work in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.steps import side_files
from vidpipe.steps.bed import unplayable_music
from vidpipe.steps.burning import unset_captions
from vidpipe.steps.film import film
from vidpipe.steps.salvage import unwanted
from vidpipe.steps.targets import make_wanted
from vidpipe.summary import STANDING, not_tried
from vidpipe.workshop import layout_of, open_job

if TYPE_CHECKING:
    from vidpipe.engine.order import Outcome
    from vidpipe.job import Job
    from vidpipe.options import RunOptions
    from vidpipe.spec.load import Loaded
    from vidpipe.workshop import Run


@dataclass(frozen=True, slots=True)
class Plan:
    """What a dry build found: the job it walked, and the targets that were wanted of it."""

    job: Job
    wanted: frozenset[str]
    whole: bool

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """Return every target's outcome; those that were not wanted have nothing done to them."""
        return {
            name: outcome if name in self.wanted else not_tried(outcome) for name, outcome in self.job.outcomes.items()
        }

    @property
    def price(self) -> Decimal:
        """Return what the wanted targets would cost, in USD."""
        return sum((outcome.price for outcome in self.outcomes.values()), Decimal(0))


async def walk(loaded: Loaded, run: Run, *, busy: bool = False) -> Plan:
    """Walk a whole job without writing anything; `busy` says that another process is at work in it."""
    options = run.options
    job = await asyncio.to_thread(open_job, loaded, layout_of(loaded, options), run, dry=True, busy=busy)
    finished = await make_wanted(job, options.targets, options.until)
    wanted = frozenset(job.outcomes)
    if options.targets or options.until:
        await make_wanted(job, (), None)
    side = await asyncio.to_thread(side_files.wanted, job, finished) if finished else None
    job.side_files = await asyncio.to_thread(side_files.unlike, job, side) if side is not None else ()
    if film.name() in wanted:
        job.unset = await unset_captions(job)
        if any(job.outcomes[name].price for name in wanted):
            job.unplayable = await unplayable_music(job)
    await job.once.stop()
    known = all(outcome.action not in {Action.MAKE, Action.MAYBE} for outcome in job.outcomes.values())
    return Plan(job, wanted, known)


def broken(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the broken targets that stop a run, and what is said of those that nobody asked for and that do not."""
    found = {name: outcome for name, outcome in plan.outcomes.items() if outcome.state is State.BROKEN}
    others = [
        f"{name} is broken and is not among what was asked for: {'; '.join(outcome.reasons)}"
        for name, outcome in sorted(found.items())
        if name not in plan.wanted
    ]
    return tuple(name for name in found if name in plan.wanted), tuple(others)


def _left_behind(job: Job) -> bool:
    """Whether a run that was killed left drafts, which the next one clears away."""
    scratch = job.store.layout.scratch
    return scratch.is_dir() and any(scratch.iterdir())


def has_work(plan: Plan, options: RunOptions) -> bool:
    """Whether a run would write anything."""
    abandons = options.on_lost == "abandon" and plan.job.purchases.any_lost()
    if plan.job.side_files or plan.job.store.pendings() or abandons or _left_behind(plan.job):
        return True
    if plan.whole and unwanted(plan.job):
        return True
    return any(outcome.action not in STANDING or outcome.state is State.BUSY for outcome in plan.outcomes.values())
