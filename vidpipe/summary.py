"""Sum a job up: from the outcomes of its targets to one state, one exit code, what it cost and where the film is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit, worst
from vidpipe.results import JobResult, JobState
from vidpipe.steps.storyboard import TEMPERATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vidpipe.engine.layout import Layout
    from vidpipe.job import Job
    from vidpipe.options import RunOptions
    from vidpipe.spec.load import Loaded

BOARD = "storyboard.json"
FILM = "film.mp4"
FOLDERS = ("narration/", "keyframes/", "clips/")
ORDER = (BOARD, *FOLDERS, FILM)
STANDING = frozenset({Action.NONE, Action.BLOCKED, Action.SKIPPED, Action.FAILED})
"""Actions of a plan for which nothing needs to be written."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Makes the result of one job."""

    loaded: Loaded
    layout: Layout
    options: RunOptions
    messages: Sequence[str]
    seconds: float
    code: Exit = Exit.DONE
    side_files: tuple[str, ...] = ()

    def cut_short(
        self,
        state: JobState,
        code: Exit,
        job: Job | None,
        outcomes: Mapping[str, Outcome],
        *,
        spent: Decimal = Decimal(0),
    ) -> JobResult:
        """Sum up a job that did not come to its end, with as much as is known of it."""
        if job is None:
            return self._result(state, code, ())
        return replace(self.ended(job, outcomes, spent=spent), state=state, exit_code=code)

    def planned(self, job: Job, outcomes: Mapping[str, Outcome], *, busy: bool) -> JobResult:
        """Sum a plan up; it exits 0 whatever it found."""
        ended = self.ended(job, outcomes)
        work = any(outcome.action in {Action.MAKE, Action.MAYBE, Action.RESTORED} for outcome in ended.targets)
        work = work or bool(self.side_files)
        state = JobState.PLANNED if work and ended.exit_code is Exit.DONE else ended.state
        price = sum((outcome.price for outcome in ended.targets), Decimal(0))
        # What a filter refuses costs nothing; a reply that is no storyboard is paid for, and asked for again.
        board = sum((outcome.price for outcome in ended.targets if outcome.name == BOARD), Decimal(0))
        worst_case = price + (len(TEMPERATURES) - 1) * board
        return replace(ended, state=JobState.BUSY if busy else state, planned=price, worst_case=worst_case)

    def ended(self, job: Job, outcomes: Mapping[str, Outcome], *, spent: Decimal = Decimal(0)) -> JobResult:
        """Sum a job up that has come to its end; `spent` is what this run cost."""
        told = (*sorted(outcomes.values(), key=_place), *orphans(self.layout, outcomes))
        code = worst([self.code, *(outcome.exit_code for outcome in told)])
        result = self._result(self._state(code, told), code, told)
        return replace(result, cost=job.purchases.ledger.spent(), planned=spent)

    def _state(self, code: Exit, outcomes: Sequence[Outcome]) -> JobState:
        if code is Exit.DONE:
            return JobState.PARTIAL if self.options.until or self.options.targets else JobState.DONE
        if code is Exit.DECISION:
            asked = [outcome for outcome in outcomes if outcome.exit_code is Exit.DECISION]
            waits = bool(asked) and all(outcome.state is State.INTERRUPTED for outcome in asked)
            return JobState.WAITING if waits else JobState.BLOCKED
        states = {Exit.INCOMPLETE: JobState.INCOMPLETE, Exit.INTERRUPTED: JobState.INTERRUPTED}
        return states.get(code, JobState.FAILED)

    def _result(self, state: JobState, code: Exit, targets: tuple[Outcome, ...]) -> JobResult:
        name = self.layout.root.name
        return JobResult(
            name=name,
            spec=self.loaded.path,
            directory=self.layout.root,
            state=state,
            exit_code=code,
            targets=targets,
            film=self._film(targets),
            seconds=self.seconds,
            messages=tuple(self.messages),
            side_files=self.side_files,
        )

    def _film(self, targets: Sequence[Outcome]) -> Path | None:
        """Return the film, if the one on disk is what spec and files say now."""
        path = self.layout.target(FILM)
        current = any(outcome.name == FILM and is_current(outcome) for outcome in targets)
        return path if current and path.is_file() else None


def is_current(outcome: Outcome) -> bool:
    """Whether a target's file is what is wanted, now that the command has ended."""
    if outcome.action is Action.NONE:
        return outcome.state is State.UP_TO_DATE and not outcome.reasons
    return outcome.action in {Action.MADE, Action.RESTORED, Action.FETCHED, Action.ADOPTED}


def not_tried(outcome: Outcome) -> Outcome:
    """Return the outcome of a target that nobody asked for: its state, and nothing done."""
    return replace(outcome, action=Action.NONE, price=Decimal(0), exit_code=Exit.DONE)


def not_begun(outcome: Outcome) -> Outcome:
    """Return the outcome of a target in a run that ends before it begins: nothing is claimed that was not done."""
    return outcome if outcome.action in STANDING else not_tried(outcome)


def orphans(layout: Layout, outcomes: Mapping[str, Outcome]) -> list[Outcome]:
    """List the files in the job's folders that no target names; no run uses them or deletes them.

    Before the storyboard is settled, nobody can tell which those are.
    """
    board = outcomes.get(BOARD)
    if board is None or board.action in {Action.MAKE, Action.MAYBE, Action.BLOCKED, Action.FAILED}:
        return []
    folders = [layout.root / name.rstrip("/") for name in FOLDERS]
    found = [path for folder in folders if not folder.is_symlink() for path in folder.glob("*")]
    names = sorted(path.relative_to(layout.root).as_posix() for path in found if path.is_file())
    reasons = ("no scene of the storyboard makes or uses this file",)
    return [
        Outcome(name, State.ORPHAN, Action.NONE, reasons)
        for name in names
        if name not in outcomes and not name.rpartition("/")[2].startswith(".")
    ]


def _place(outcome: Outcome) -> tuple[int, str]:
    """Return where a target stands in a list: by step, then by scene, a start frame before its end frame."""
    step = next((place for place, start in enumerate(ORDER) if outcome.name.startswith(start)), len(ORDER))
    return step, outcome.name.replace("-start.", "-.")
