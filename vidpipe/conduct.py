"""Conduct one job from plan to film: look first without a lock, work only if there is work, look again at the end."""

from __future__ import annotations

import asyncio
import time
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.budget import BudgetError
from vidpipe.engine.judge import State
from vidpipe.engine.patience import to_the_end
from vidpipe.errors import BusyError, DecisionError, Exit, UsageError, VidpipeError, worst
from vidpipe.events import JobEnded, JobStarted, TargetEnded
from vidpipe.index import write as index
from vidpipe.journal import Journal
from vidpipe.lock import hold, holder
from vidpipe.obstacles import obstacles
from vidpipe.place import refusal_of_disk
from vidpipe.planning import Plan, broken, has_work, walk
from vidpipe.purchase.outstanding import going_on
from vidpipe.redact import redacted
from vidpipe.results import JobResult, JobState
from vidpipe.steps import side_files
from vidpipe.steps.salvage import salvage
from vidpipe.steps.targets import make_wanted
from vidpipe.summary import Summary, not_begun, not_tried
from vidpipe.workshop import layout_of, open_job, prepare

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from vidpipe.events import Event
    from vidpipe.job import Job
    from vidpipe.spec.load import Loaded
    from vidpipe.steps.film import Finished
    from vidpipe.workshop import Run

WAIT_SECONDS = 0.2
"""Between two looks at a lock that somebody else holds."""
OTHERWISE = "wait for it with --wait, or try again later"


@dataclass(frozen=True, slots=True)
class Turn:
    """A job's place in the order in which budget is set aside: it waits for those before it on the command line."""

    before: tuple[asyncio.Event, ...]
    decided: asyncio.Event

    async def come(self) -> None:
        """Wait until every job before this one has set aside what it needs, or needs nothing."""
        for event in self.before:
            await event.wait()


@dataclass(slots=True)
class Conductor:
    """One job of a run."""

    loaded: Loaded
    run: Run
    turn: Turn
    places: asyncio.Semaphore
    code: Exit = Exit.DONE
    plan: Plan | None = None
    job: Job | None = None
    spent_before: Decimal = Decimal(0)
    messages: list[str] = field(default_factory=list)
    wrote: tuple[str, ...] = ()
    started: float = field(default_factory=time.monotonic)

    @property
    def known(self) -> Job | None:
        """The job, or before there is work for it, what was planned: what an earlier run has bought goes on as well."""
        return self.job or (self.plan.job if self.plan else None)

    def say(self, message: str) -> None:
        """Keep something that the job's user should read at the end."""
        if message not in self.messages:
            self.messages.append(message)

    async def conduct(self) -> JobResult:
        """Plan the job, or make it, and return what became of it; whatever goes wrong is in the result."""
        try:
            async with self.places:
                if self.run.stopped is not None:
                    raise VidpipeError("not begun: another job failed, and --fail-fast was given")
                result = await self._conduct()
        except VidpipeError as error:
            self.say(str(error))
            states = {Exit.DECISION: JobState.BLOCKED, Exit.BUSY: JobState.BUSY}
            result = self._cut_short(states.get(error.exit_code, JobState.FAILED), error.exit_code)
        except OSError as error:
            self.say(refusal_of_disk(error, layout_of(self.loaded, self.run.options).root))
            result = self._cut_short(JobState.FAILED, Exit.FAILED)
        except Exception as error:  # a bug: the other jobs go on
            self.say(redacted(f"a bug in vidpipe: {type(error).__name__}: {error}\n{traceback.format_exc()}"))
            result = self._cut_short(JobState.FAILED, Exit.FAILED)
        except asyncio.CancelledError:
            self._say_interrupted()
            result = self._cut_short(JobState.INTERRUPTED, Exit.INTERRUPTED)
        finally:
            self.turn.decided.set()
        self.run.report(JobEnded(result.name, result))
        return result

    def _say_interrupted(self) -> None:
        self.say("interrupted; what was made is kept, and the next run goes on from here")
        for line in going_on(self.known.purchases.ledger) if self.known else ():
            self.say(line)

    def _cut_short(self, state: JobState, code: Exit) -> JobResult:
        """Sum up a job that did not come to its end, with as much as is known of it."""
        outcomes = {name: not_tried(outcome) for name, outcome in self.plan.outcomes.items()} if self.plan else {}
        if self.job is not None:
            outcomes |= self.job.outcomes
            return self._summary().cut_short(state, code, self.job, outcomes, spent=self._spent(self.job))
        return self._summary().cut_short(state, code, self.plan.job if self.plan else None, outcomes)

    def _spent(self, job: Job) -> Decimal:
        return job.purchases.ledger.spent() - self.spent_before

    def _summary(self) -> Summary:
        seconds = time.monotonic() - self.started
        layout = layout_of(self.loaded, self.run.options)
        return Summary(self.loaded, layout, self.run.options, self.messages, seconds, self.code, self.wrote)

    async def _conduct(self) -> JobResult:
        layout, options = layout_of(self.loaded, self.run.options), self.run.options
        busy = holder(layout)
        plan = await walk(self.loaded, self.run, busy=busy is not None)
        found = obstacles(plan.job, plan.outcomes)
        stopping, others = broken(plan)
        for said in (*found.warnings, *others):
            self.say(said)
        if options.dry:
            for stop in found.stops:
                self.say(stop)
            if busy is not None:
                self.say(f"another run is working on this job ({busy})")
            await self._foretell_budget(plan)
            await self._foretell_output(plan)
            self.wrote = plan.job.side_files
            return self._summary().planned(plan.job, plan.outcomes, busy=busy is not None)
        self.plan = plan
        if not plan.price:
            self.turn.decided.set()
        if stopping or not has_work(plan, options):
            untouched = {name: not_begun(outcome) for name, outcome in plan.outcomes.items()}
            return self._summary().ended(plan.job, untouched)
        if found.stops:
            raise UsageError("; ".join(found.stops))
        with ExitStack() as stack:
            await self._enter(stack)
            return await self._work(plan)

    async def _foretell_budget(self, plan: Plan) -> None:
        """Say beforehand what a run would say: that the job does not fit into what may be spent."""
        await self.turn.come()
        try:
            plan.job.purchases.budget.reserve(plan.price, f"the rest of {plan.job.name}")
        except BudgetError as error:
            self.say(str(error))

    async def _foretell_output(self, plan: Plan) -> None:
        """Say beforehand what a run would say once the film is there: that its copy cannot be placed."""
        options = self.run.options
        if options.targets or options.until:
            return
        trouble = await asyncio.to_thread(side_files.obstacle, plan.job)
        if trouble is not None:
            self.say(trouble)
            self.code = Exit.DECISION

    async def _enter(self, stack: ExitStack) -> None:
        """Hold the job's lock until the stack ends. Raises BusyError, unless told to wait."""
        while True:
            try:
                held = hold(layout_of(self.loaded, self.run.options), otherwise=OTHERWISE)
                await to_the_end(asyncio.to_thread(stack.enter_context, held), keep=False)
            except BusyError:
                if not self.run.options.wait:
                    raise
                self.turn.decided.set()  # two batches that wait for each other's jobs would otherwise wait for ever
                await asyncio.sleep(WAIT_SECONDS)
            else:
                return

    async def _work(self, plan: Plan) -> JobResult:
        """Make what the plan found; the lock is held."""
        layout = layout_of(self.loaded, self.run.options)
        await to_the_end(asyncio.to_thread(prepare, self.loaded, layout, self.say), keep=False)
        job = await asyncio.to_thread(open_job, self.loaded, layout, self.run, dry=False)
        self.spent_before, self.job = job.purchases.ledger.spent(), job
        journal = Journal(layout.log, self._hear)
        job.context.report, job.context.log, job.context.gate = journal.hear, journal.note, self._gate(job)
        self.run.report(JobStarted(job.name, len(plan.outcomes)))
        await self._make(job)
        seen = await asyncio.to_thread(index.look, self.loaded, layout)
        after = await walk(self.loaded, self.run)
        self._announce_changes(job, after)
        if not has_work(after, self.run.options) and not after.job.silence:  # a voice may be installed at any time
            verdict = self._summary().ended(after.job, after.outcomes)
            await to_the_end(asyncio.to_thread(index.write, seen, self.loaded, layout, verdict), keep=False)
        untried = {name: not_tried(outcome) for name, outcome in after.outcomes.items()}
        return self._summary().ended(after.job, untried | job.outcomes, spent=self._spent(job))

    def _hear(self, event: Event) -> None:
        self.run.report(event)
        failed = isinstance(event, TargetEnded) and event.outcome.exit_code not in {Exit.DONE, Exit.INCOMPLETE}
        if failed and self.run.options.fail_fast:
            self.run.stop(Exit.FAILED)

    async def _make(self, job: Job) -> None:
        options = self.run.options
        self.run.jobs.append(job)
        job.stopping = self.run.stopped  # another job may have failed while this one was being planned
        try:
            if options.on_lost == "abandon":
                await job.purchases.abandon_lost()
            finished = await make_wanted(job, options.targets, options.until)
            if finished is not None:
                await salvage(job)
                await self._write_side_files(job, finished)
        finally:
            await job.once.stop()
            job.purchases.budget.release()
            self.run.jobs.remove(job)
        job.purchases.close()

    async def _write_side_files(self, job: Job, finished: Finished) -> None:
        side = await asyncio.to_thread(side_files.wanted, job, finished)
        if side is None:
            return
        before = await asyncio.to_thread(side_files.unlike, job, side)
        after: tuple[str, ...] = ()
        try:
            await to_the_end(asyncio.to_thread(side_files.write, job, side), keep=False)
        except DecisionError as error:
            self.say(str(error))
            self.code = Exit.DECISION
            after = await asyncio.to_thread(side_files.unlike, job, side)
        self.wrote = tuple(name for name in before if name not in after)

    def _announce_changes(self, job: Job, after: Plan) -> None:
        """Say what a person changed while the run was at work: it is kept, and the next run takes it in.

        What is broken, or cannot be read, is an error in this run as it would be in the next one.
        """
        by_hand = {State.EDITED, State.CONFLICT, State.ADOPTED, State.MISSING}
        fine = {name for name, outcome in job.outcomes.items() if outcome.digest is not None}
        for name in sorted(fine & after.wanted):
            outcome = after.outcomes[name]
            if outcome.state is State.BROKEN:
                self.say(f"{name} is broken: {'; '.join(outcome.reasons)}")
                self.code = Exit.FAILED
            elif outcome.state in by_hand:
                self.say(f"{name} was changed during the run ({outcome.state}); run again to take it in")
                self.code = worst([self.code, Exit.DECISION])

    def _gate(self, job: Job) -> Callable[[], Awaitable[None]]:
        """Return the gate before the first picture: the whole rest of the job must fit into the budget."""

        async def decide() -> None:
            await self.turn.come()
            try:
                plan = await walk(self.loaded, self.run)
                if plan.job.unset.stop:
                    raise UsageError(plan.job.unset.stop)
                job.purchases.budget.reserve(plan.price, f"the rest of {self.loaded.spec.name}")
            finally:
                self.turn.decided.set()

        return lambda: job.once.ask("the budget", decide)
