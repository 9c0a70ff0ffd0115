"""Facts that a run reports while it works; only `report` turns them into words, lines and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe.engine.order import Outcome
    from vidpipe.results import JobResult


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A job is being worked on; `targets` is how many there will be, as far as is known."""

    job: str
    targets: int


@dataclass(frozen=True, slots=True)
class TargetStarted:
    """A target is being made, and why."""

    job: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetEnded:
    """What became of a target."""

    job: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Said:
    """Something about a job that its user should read."""

    job: str
    message: str


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has come to its end, of whatever kind."""

    job: str
    result: JobResult


Event = JobStarted | TargetStarted | TargetEnded | Said | JobEnded
Sink = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Hear nothing."""
