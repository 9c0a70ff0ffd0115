"""Specs of jobs that many runs want, and a crowd of runs that begin at the same moment."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

from tests.signals.begun import PATIENCE, Begun, Line, begin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.google.studio import Studio

CROWD = 20


def specs(studio: Studio, *names: str) -> list[str]:
    """Write specs of one scene whose scripts differ, and return their paths."""
    return [str(studio.spec(name, scenes=1, script=f"{name.title()} in the wind.")) for name in names]


def crowd(folder: Path, command_lines: Sequence[Sequence[str]]) -> list[Begun]:
    """Begin all command lines, and let go of them only when all processes are there."""

    def stand_ready(line: Line) -> None:
        line.tell(b"h")
        line.wait()

    runs = [begin(folder, *arguments, inside=stand_ready) for arguments in command_lines]
    for run in runs:
        run.expect(b"h")
    for run in runs:
        run.go()
    return runs


def ended_first(runs: Sequence[Begun], number: int) -> list[Begun]:
    """Wait until so many of the runs have ended, whichever they are, and return them; nobody reaps them yet."""
    doors = {os.pidfd_open(run.pid): run for run in runs}
    ended: list[Begun] = []
    try:
        while len(ended) < number:
            readable, _, _ = select.select([door for door, run in doors.items() if run not in ended], [], [], PATIENCE)
            assert readable, f"{len(ended)} of {len(runs)} runs have ended, {number} were to"
            ended += [doors[door] for door in readable]
    finally:
        for door in doors:
            os.close(door)
    return ended


def made(runs: Sequence[Begun], job: str) -> list[int]:
    """Return the processes that made a job's film."""
    return [
        run.pid
        for run in runs
        for told in run.json["jobs"]
        if told["name"] == job
        and any(target["name"] == "film.mp4" and target["action"] == "made" for target in told["targets"])
    ]
