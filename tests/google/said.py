"""What a command printed, as tests ask for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.project import short

MADE = frozenset({"made", "restored", "fetched", "adopted", "held"})
WOULD = frozenset({"make", "maybe"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)

    @property
    def jobs(self) -> dict[str, Any]:
        """The jobs by name."""
        return {job["name"]: job for job in self.json["jobs"]}

    @property
    def job(self) -> Any:
        """The first job."""
        return self.json["jobs"][0]

    @property
    def targets(self) -> dict[str, Any]:
        """The first job's targets by short name."""
        return {short(target["name"]): target for target in self.job["targets"]}

    def acted(self, actions: frozenset[str] = MADE) -> set[str]:
        """Return the targets of the first job with one of these actions."""
        return {name for name, target in self.targets.items() if target["action"] in actions}

    @property
    def told(self) -> str:
        """All messages and reasons of all jobs, or the errors of the command."""
        found = self.json
        if "jobs" not in found:
            return "\n".join(error["message"] for error in found["errors"])
        lines = [line for job in found["jobs"] for line in job.get("messages", [])]
        reasons = [reason for job in found["jobs"] for target in job["targets"] for reason in target["reasons"]]
        return "\n".join([*lines, *reasons])
