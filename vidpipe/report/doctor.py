"""A diagnosis, for a person and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.report.escape import visible
from vidpipe.report.jsonout import SCHEMA
from vidpipe.report.measures import count

if TYPE_CHECKING:
    from vidpipe.doctor.finding import Diagnosis, Finding
    from vidpipe.report.jsonout import Document
    from vidpipe.report.voice import Role, Voice

ROLES: dict[str, Role] = {"ok": "good", "warn": "warn", "fail": "bad"}
INDENT = " " * 6


def doctor(diagnosis: Diagnosis, voice: Voice) -> list[str]:
    """Return the lines of a diagnosis: findings with what to do, settings with their origins, and the sum of it."""
    lines = []
    for finding in diagnosis.findings:
        if finding.state != "ok" or not voice.quiet:
            lines += _finding(finding, voice)
    if not voice.quiet and diagnosis.settings:
        lines.append("settings")
        lines += [f"{INDENT}{visible(f'{one.key} = {one.value}  ({one.origin})')}" for one in diagnosis.settings]
    return [*lines, _sum(diagnosis, voice)]


def of_doctor(diagnosis: Diagnosis) -> Document:
    """Return the document of `doctor`."""
    return {
        "schema": SCHEMA,
        "exit": int(diagnosis.exit_code),
        "findings": [
            {"topic": one.topic, "state": one.state.value, "said": one.said, "fix": one.fix}
            for one in diagnosis.findings
        ],
        "settings": [{"key": one.key, "value": one.value, "origin": one.origin} for one in diagnosis.settings],
    }


def _finding(finding: Finding, voice: Voice) -> list[str]:
    state = voice.paint(ROLES[finding.state], finding.state.ljust(len(INDENT)))
    fix = [f"{INDENT}{visible(finding.fix)}"] if finding.fix else []
    return [f"{state}{finding.topic}: {visible(finding.said)}", *fix]


def _sum(diagnosis: Diagnosis, voice: Voice) -> str:
    failed, warned = (sum(one.state == state for one in diagnosis.findings) for state in ("fail", "warn"))
    if not failed and not warned:
        return voice.paint("good", "all is well")
    told = [count(failed, "check") + " failed"] if failed else []
    told += [count(warned, "warning")] if warned else []
    return voice.paint("bad" if failed else "warn", ", ".join(told))
