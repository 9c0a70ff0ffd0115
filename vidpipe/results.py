"""Results of a run or a plan as values; `report` formats them (the JSON form is docs/json.md)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from vidpipe.errors import Exit, worst

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.order import Outcome


class JobState(StrEnum):
    """What a job is when a command has ended."""

    DONE = "done"
    INCOMPLETE = "incomplete"
    PARTIAL = "partial"
    WAITING = "waiting"
    FAILED = "failed"
    BLOCKED = "blocked"
    BUSY = "busy"
    INTERRUPTED = "interrupted"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class JobResult:
    """One job: `cost` is its whole life's, `planned` what this run would or did spend, both in USD.

    `worst_case` adds the further tries at a storyboard, but no reply that gets lost; `film` is None where there is none
    yet. `side_files` are those of the film, by path as shown, that this run would write or wrote.
    """

    name: str
    spec: Path
    directory: Path
    state: JobState
    exit_code: Exit
    targets: tuple[Outcome, ...] = ()
    film: Path | None = None
    cost: Decimal = Decimal(0)
    planned: Decimal = Decimal(0)
    worst_case: Decimal = Decimal(0)
    seconds: float = 0.0
    messages: tuple[str, ...] = ()
    side_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchResult:
    """All jobs of one command, in command-line order."""

    jobs: tuple[JobResult, ...]
    forced_exit: Exit | None = None

    @property
    def exit_code(self) -> Exit:
        """The exit code that counts."""
        return self.forced_exit if self.forced_exit is not None else worst(job.exit_code for job in self.jobs)

    @property
    def cost(self) -> Decimal:
        """What this run spent, or this plan would, in USD."""
        return sum((job.planned for job in self.jobs), Decimal(0))
