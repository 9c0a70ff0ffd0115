"""The end of a run for a person: every job with its state, cost, time and film, then what it needs from them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.report.columns import columns
from vidpipe.report.escape import visible, visible_lines
from vidpipe.report.measures import count, elapsed
from vidpipe.report.troubles import explained, side_files
from vidpipe.results import JobState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.report.voice import Role, Voice
    from vidpipe.results import BatchResult, JobResult

ROLES: Mapping[JobState, Role] = {
    JobState.DONE: "good",
    JobState.PARTIAL: "good",
    JobState.INCOMPLETE: "warn",
    JobState.WAITING: "warn",
    JobState.BUSY: "warn",
    JobState.INTERRUPTED: "warn",
    JobState.BLOCKED: "bad",
    JobState.FAILED: "bad",
}
CHANGES = frozenset({Action.MADE, Action.RESTORED, Action.FETCHED, Action.ADOPTED, Action.HELD})


def summary(result: BatchResult, voice: Voice, seconds: float, said: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines for the end of a run that took `seconds`; `said` are the messages that came on the way, by job.

    A quiet voice tells of troubled jobs only; the last line counts everything.
    """
    told = [job for job in result.jobs if not voice.quiet or job.exit_code is not Exit.DONE]
    heads = columns([_head(job) for job in told], right=(2, 3))
    lines = []
    for job, head in zip(told, heads, strict=True):
        lines.append(_coloured(head, job, voice))
        messages = [*job.messages, *(message for message in said.get(job.name, ()) if message not in job.messages)]
        lines += [f"  {line}" for message in messages for line in visible_lines(message)]
        if voice.verbose or not _film_changed(job):
            lines += [f"  {line}" for line in side_files(job, "written")]
        lines += [f"  {line}" for line in explained(job, voice)]
        if voice.verbose:
            lines += [f"  {line}" for line in _changes(job)]
    return [*lines, total(result, seconds)]


def _head(job: JobResult) -> tuple[str, ...]:
    film = shown_path(job.film) if job.film else "no current film"
    return (visible(job.name), job.state.value, dollars(job.cost), elapsed(job.seconds), visible(film))


def _coloured(head: str, job: JobResult, voice: Voice) -> str:
    name, state, rest = head.partition(f"  {job.state.value}")
    return f"{voice.paint('bold', name)}{voice.paint(ROLES.get(job.state), state)}{rest}"


def _film_changed(job: JobResult) -> bool:
    """Whether the run put another film in its place, so that its side files follow as a matter of course."""
    return any(outcome.name == "film.mp4" and outcome.action in CHANGES for outcome in job.targets)


def _changes(job: JobResult) -> list[str]:
    rows = [
        (visible(outcome.name), outcome.action.value, "; ".join(map(visible, outcome.reasons)))
        for outcome in job.targets
        if outcome.action in CHANGES
    ]
    return columns(rows)


def total(result: BatchResult, seconds: float) -> str:
    """Return the one line that counts jobs and money of a run."""
    states = Counter(job.state for job in result.jobs)
    counted = ", ".join(f"{states[state]:,} {state}" for state in JobState if state in states)
    parts = [f"{count(len(result.jobs), 'job')}: {counted}" if counted else "no jobs"]
    if result.jobs and not any(_worked_on(job) for job in result.jobs):
        parts.append("nothing to do")
    return "; ".join([*parts, f"{dollars(result.cost)} spent", elapsed(seconds)])


def _worked_on(job: JobResult) -> bool:
    settled = {State.UP_TO_DATE, State.OUTDATED, State.ORPHAN}
    return (
        job.exit_code is not Exit.DONE
        or bool(job.side_files)
        or any(outcome.action is not Action.NONE or outcome.state not in settled for outcome in job.targets)
    )
