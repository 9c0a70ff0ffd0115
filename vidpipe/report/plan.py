"""A plan for a person: what would be made, why and for how much, before anything is spent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.judge import Action
from vidpipe.report.columns import columns
from vidpipe.report.escape import visible, visible_lines
from vidpipe.report.measures import count
from vidpipe.report.troubles import STOPPED, explained, side_files
from vidpipe.results import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vidpipe.engine.order import Outcome
    from vidpipe.report.voice import Role, Voice
    from vidpipe.results import BatchResult, JobResult

ROLES: dict[Action, Role] = {Action.MAYBE: "dim", Action.BLOCKED: "bad", Action.FAILED: "bad", Action.SKIPPED: "warn"}


def plan(result: BatchResult, voice: Voice) -> list[str]:
    """Return the lines of a plan: per job the targets, first reason and price, then what it comes to."""
    lines = [] if voice.quiet else [line for job in result.jobs for line in _job(job, voice)]
    if len(result.jobs) != 1 or voice.quiet:
        changed = sum(bool(planned(job.targets) or job.side_files) for job in result.jobs)
        lines.append(
            f"{count(len(result.jobs), 'job')}, {changed:,} with work; "
            f"this run: {dollars(result.cost)}, at worst {dollars(_worst(result.jobs))} if no reply is lost"
        )
    return lines


def planned(targets: Iterable[Outcome]) -> list[Outcome]:
    """Return the targets that a run would do something with."""
    return [outcome for outcome in targets if outcome.action is not Action.NONE and outcome.action not in STOPPED]


def _worst(jobs: Iterable[JobResult]) -> Decimal:
    return sum((job.worst_case for job in jobs), Decimal(0))


def _job(job: JobResult, voice: Voice) -> list[str]:
    name = voice.paint("bold", visible(job.name))
    rows = planned(job.targets)
    lines = [f"{name}: {_headline(job, rows)}"]
    lines += [f"  {line}" for message in job.messages for line in visible_lines(message)]
    lines += [f"  {line}" for line in columns([_row(outcome, voice) for outcome in rows], right=(2,))]
    lines += [f"  {line}" for line in side_files(job, "to write")]
    lines += [f"  {line}" for line in explained(job, voice)]
    if job.cost or job.planned or job.worst_case:
        lines.append(
            f"  done so far {dollars(job.cost)}, remaining {dollars(job.planned)}, "
            f"worst case if no reply is lost {dollars(job.worst_case)}"
        )
    return lines


def _headline(job: JobResult, rows: list[Outcome]) -> str:
    if not job.targets:
        return f"{job.state}: no plan can be made"
    if not rows and job.side_files:
        return f"{count(len(job.side_files), 'side file')} to write, {dollars(job.planned)}"
    if not rows:
        return "up to date" if job.state is JobState.DONE else job.state.value
    return f"{len(rows):,} of {count(len(job.targets), 'target')} to do, {dollars(job.planned)}"


def _row(outcome: Outcome, voice: Voice) -> tuple[str, ...]:
    """Return name, action, price and reasons: the first one, or all if asked for."""
    reasons = outcome.reasons if voice.verbose else outcome.reasons[:1]
    price = dollars(outcome.price) if outcome.price else ""
    told = "; ".join(map(visible, reasons))
    return (visible(outcome.name), verb(outcome), price, f"({told})" if told else "")


def verb(outcome: Outcome) -> str:
    """Return what a run would do, in the words of a plan."""
    verbs = {Action.RESTORED: "restore", Action.ADOPTED: "adopt", Action.FETCHED: "fetch"}
    return verbs.get(outcome.action, outcome.action.value)
