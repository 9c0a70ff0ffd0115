"""What a check found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from vidpipe.errors import Exit

if TYPE_CHECKING:
    from vidpipe.spec.settings import Setting


class State(StrEnum):
    """How it stands with one thing; only `fail` would stop a run."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `fix` says what to set or do; it is empty where all is well or `said` tells it."""

    topic: str
    state: State
    said: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings in the order of the checks, and each setting in force with its origin."""

    findings: tuple[Finding, ...]
    settings: tuple[Setting, ...]

    def count(self, state: State) -> int:
        """Return how many findings are in a state."""
        return sum(finding.state is state for finding in self.findings)

    @property
    def exit_code(self) -> Exit:
        """FAILED where any check failed; warnings alone are none."""
        return Exit.FAILED if self.count(State.FAIL) else Exit.DONE


def ok(topic: str, said: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(topic, State.OK, said)


def warn(topic: str, said: str, fix: str = "") -> Finding:
    """Return a finding that somebody should know of."""
    return Finding(topic, State.WARN, said, fix)


def fail(topic: str, said: str, fix: str = "") -> Finding:
    """Return a finding that would stop a run."""
    return Finding(topic, State.FAIL, said, fix)
