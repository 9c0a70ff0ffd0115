"""`vidpipe status`: every target of jobs with its state; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.commands.plan import answered
from vidpipe.errors import Exit
from vidpipe.index import fresh
from vidpipe.options import RunOptions
from vidpipe.results import BatchResult, JobResult
from vidpipe.spec.project import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.spec.load import Loaded


def status(arguments: Sequence[str], *, directory: Path | None = None, verify: bool = False) -> BatchResult:
    """Return the state of every target of the jobs that specs, folders of specs, job directories or names stand for.

    Raises SpecError for specs that cannot be made, UsageError for what is no job.
    """
    options = RunOptions(dry=True, verify=verify)
    if all(_is_plain(argument) for argument in arguments):
        known = fresh([Path(argument) for argument in arguments], options, directory)
        if known is not None:
            return BatchResult(tuple(known))
    return answered(BatchResult(_looked_at(arguments, options, directory)), Exit.DONE)


def _is_plain(argument: str) -> bool:
    """Whether an argument is a spec or a folder of specs by its looks, so that the index may be asked."""
    return Path(argument).suffix in ENDINGS or not (Path(argument) / ".vidpipe").exists()


def _looked_at(arguments: Sequence[str], options: RunOptions, directory: Path | None) -> tuple[JobResult, ...]:
    from vidpipe.batch import run_batch
    from vidpipe.commands.find_job import names_draft
    from dataclasses import replace

    results: list[JobResult] = []
    for loaded, draft in _found(arguments, directory, names_draft):
        results += run_batch(loaded, replace(options, draft=draft)).jobs
    return tuple(results)
