"""`vidpipe plan`: what a run would make, why and for how much; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.commands.run import run
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit, worst

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.options import RunOptions
    from vidpipe.results import BatchResult


def plan(
    arguments: Sequence[str],
    options: RunOptions,
    *,
    directory: Path | None = None,
    jobs: int | None = None,
    tell_work: bool = False,
) -> BatchResult:
    """Plan the specs and targets that a command line names. Raises SpecError or UsageError as `run` does.

    The exit code is 0 whatever was found, with `tell_work` 1 where anything is not up to date.
    """
    found = run(arguments, replace(options, dry=True), directory=directory, jobs=jobs)
    return answered(found, Exit.FAILED if tell_work and has_work(found) else Exit.DONE)


def answered(found: BatchResult, code: Exit) -> BatchResult:
    """Return a dry result with the exit code of its answer, unless there is a job of which nothing can be told."""
    if found.forced_exit is not None:
        return found
    return replace(found, forced_exit=worst([code, *(job.exit_code for job in found.jobs if not job.targets)]))


def has_work(found: BatchResult) -> bool:
    """Whether anything is not what it should be, be it that a run would make it or that it waits for a decision."""
    waits = any(job.exit_code is Exit.DECISION or job.side_files for job in found.jobs)
    return waits or any(
        outcome.action not in {Action.NONE, Action.SKIPPED} for job in found.jobs for outcome in job.targets
    )
