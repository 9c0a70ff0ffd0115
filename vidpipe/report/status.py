"""The status of jobs for a person: every target with its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.judge import Action, State
from vidpipe.place import shown_path
from vidpipe.report.columns import columns
from vidpipe.report.escape import visible, visible_lines
from vidpipe.report.measures import count
from vidpipe.report.summary import ROLES
from vidpipe.report.troubles import side_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.engine.order import Outcome
    from vidpipe.report.voice import Role, Voice
    from vidpipe.results import BatchResult, JobResult

STATES: Mapping[State, Role] = {
    State.UP_TO_DATE: "good",
    State.ADOPTED: "good",
    State.EDITED: "good",
    State.CONFLICT: "bad",
    State.BROKEN: "bad",
    State.LOST: "bad",
    State.ORPHAN: "dim",
}


def status(result: BatchResult, voice: Voice) -> list[str]:
    """Return the lines of a status: a heading for each job, then its targets, unless the voice is quiet."""
    lines = []
    for job in result.jobs:
        lines.append(_heading(job, voice))
        lines += [f"  {line}" for message in job.messages for line in visible_lines(message)]
        if not voice.quiet:
            lines += [f"  {line}" for line in (*side_files(job, "to write"), *_targets(job, voice))]
    return lines


def _heading(job: JobResult, voice: Voice) -> str:
    film = shown_path(job.film) if job.film else f"no current film in {shown_path(job.directory)}"
    state = voice.paint(ROLES.get(job.state), job.state.value)
    done = sum(outcome.action is Action.NONE and outcome.state is not State.ORPHAN for outcome in job.targets)
    wanted = sum(outcome.state is not State.ORPHAN for outcome in job.targets)
    told = [state, f"{done} of {count(wanted, 'target')}"] if wanted else [state]
    return f"{voice.paint('bold', visible(job.name))}: {', '.join([*told, dollars(job.cost), visible(film)])}"


def _targets(job: JobResult, voice: Voice) -> list[str]:
    rows = [(visible(outcome.name), _state(outcome), _reasons(outcome, voice)) for outcome in job.targets]
    return [
        line.replace(f"  {_state(outcome)}", f"  {voice.paint(STATES.get(outcome.state, 'warn'), _state(outcome))}", 1)
        for line, outcome in zip(columns(rows), job.targets, strict=True)
    ]


def _state(outcome: Outcome) -> str:
    return outcome.state.value


def _reasons(outcome: Outcome, voice: Voice) -> str:
    reasons = outcome.reasons if voice.verbose else outcome.reasons[:1]
    return "; ".join(map(visible, reasons))
