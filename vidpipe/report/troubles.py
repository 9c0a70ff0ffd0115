"""What a job needs from a person: its blocked and failed targets with their reasons, and how to go on."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.report.escape import visible
from vidpipe.report.measures import count

if TYPE_CHECKING:
    from vidpipe.engine.order import Outcome
    from vidpipe.report.voice import Role, Voice
    from vidpipe.results import JobResult

STOPPED = frozenset({Action.BLOCKED, Action.FAILED, Action.SKIPPED})


def explained(job: JobResult, voice: Voice) -> list[str]:
    """Return what went wrong with a job's targets, root causes first; what only waits for those is counted."""
    stopped = [outcome for outcome in job.targets if outcome.action in STOPPED]
    causes = [outcome for outcome in stopped if outcome.exit_code is not Exit.DONE]
    waiting = [outcome for outcome in stopped if outcome.exit_code is Exit.DONE]
    lines = [line for outcome in causes for line in _cause(job, outcome, voice)]
    if voice.verbose:
        lines += [line for outcome in waiting for line in _cause(job, outcome, voice)]
    elif waiting:
        verbs = ("needs that and is", "it") if len(waiting) == 1 else ("need that and are", "them")
        lines.append(f"{count(len(waiting), 'target')} {verbs[0]} not tried (-v names {verbs[1]})")
    lines += [*_refusals(causes), *_breakages(causes)]
    outdated = sum(outcome.state is State.OUTDATED for outcome in job.targets)
    if outdated:
        lines.append(f"{count(outdated, 'target')} outdated: kept as paid for; --upgrade makes them anew")
    return lines


def side_files(job: JobResult, what: str) -> list[str]:
    """Return the line that names the film's side files which a run would write, or wrote."""
    return [f"{what}: {', '.join(map(visible, job.side_files))}"] if job.side_files else []


def _cause(job: JobResult, outcome: Outcome, voice: Voice) -> list[str]:
    role: Role = "warn" if outcome.action is Action.SKIPPED else "bad"
    word = _word(outcome)
    reasons = "; ".join(map(visible, outcome.reasons)).removeprefix(f"{word}: ")
    return [f"{visible(outcome.name)}: {voice.paint(role, word)}: {reasons}", *_ways_out(job, outcome)]


def _word(outcome: Outcome) -> str:
    """Return the state where it says more than what was done."""
    told = {State.CONFLICT, State.BROKEN, State.LOST, State.REFUSED, State.INTERRUPTED}
    return outcome.state.value if outcome.state in told else outcome.action.value


def _ways_out(job: JobResult, outcome: Outcome) -> list[str]:
    """Return the commands that resolve a conflict, ready to be pasted."""
    if outcome.state is not State.CONFLICT:
        return []
    where = " ".join(shlex.quote(visible(part)) for part in (shown_path(job.directory), outcome.name))
    return [f"  vidpipe accept {where}", f"  vidpipe redo {where}"]


def _refusals(causes: list[Outcome]) -> list[str]:
    if not any(outcome.state is State.REFUSED for outcome in causes):
        return []
    return ["to go on: reword what was refused in storyboard.json, or ask the same again with --retry-refused"]


def _breakages(causes: list[Outcome]) -> list[str]:
    if not any(outcome.state is State.BROKEN for outcome in causes):
        return []
    return ["to go on: replace what is broken, or delete it; `vidpipe plan` then tells what making it anew costs"]
