"""`vidpipe status`: every target of jobs with its state; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.commands.arguments import is_job, names_specs
from vidpipe.commands.plan import answered
from vidpipe.errors import Exit
from vidpipe.index import fresh, fresh_job
from vidpipe.options import RunOptions
from vidpipe.results import BatchResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.results import JobResult
    from vidpipe.spec.load import Loaded


def status(
    arguments: Sequence[str], *, directory: Path | None = None, draft: bool = False, verify: bool = False
) -> BatchResult:
    """Return the state of every target of the jobs that specs, folders of specs, job directories or names stand for.

    Raises SpecError for specs that cannot be made, UsageError for what is no job.
    """
    options = RunOptions(dry=True, draft=draft, verify=verify)
    known = _known(arguments, options, directory)
    if known is not None:
        return BatchResult(tuple(known))
    return answered(BatchResult(_looked_at(arguments, options, directory)), Exit.DONE)


def _known(arguments: Sequence[str], options: RunOptions, directory: Path | None) -> list[JobResult] | None:
    """Return what the indexes of the jobs know, None where the engine has to look."""
    if all(means_specs(argument) for argument in arguments):
        return fresh([Path(argument) for argument in arguments], options, directory)
    found = fresh_job(arguments[0], options, directory) if len(arguments) == 1 else None
    return None if found is None else [found]


def means_specs(argument: str) -> bool:
    """Whether an argument means specs and not a job: by its ending, or as a folder that is no job directory."""
    return names_specs(argument) and not is_job(Path(argument))


def _looked_at(arguments: Sequence[str], options: RunOptions, directory: Path | None) -> tuple[JobResult, ...]:
    from vidpipe.batch import run_batch

    results: list[JobResult] = []
    for draft, group in groupby(jobs_of(arguments, directory, draft=options.draft), key=lambda job: job[1]):
        results += run_batch([loaded for loaded, _ in group], replace(options, draft=draft)).jobs
    return tuple(results)


def jobs_of(arguments: Sequence[str], directory: Path | None, *, draft: bool) -> list[tuple[Loaded, bool]]:
    """Return the jobs that arguments stand for (none: `specs/`) in their order, and whether a draft is meant.

    Raises SpecError or UsageError.
    """
    from vidpipe.commands.find_job import find_job, names_draft
    from vidpipe.spec.load import load_specs
    from vidpipe.spec.project import find_specs
    from vidpipe.spec.settings import Flags

    flags = Flags(directory)
    specs = [Path(argument) for argument in arguments if means_specs(argument)]
    loaded = load_specs(find_specs(specs), flags) if specs or not arguments else []
    by_path = {spec.path: spec for spec in loaded}
    found: dict[tuple[Path, str, bool], tuple[Loaded, bool]] = {}
    for argument in arguments:
        if means_specs(argument):
            jobs = [by_path[path] for path in find_specs([Path(argument)]) if path in by_path]
        else:
            jobs = [find_job(argument, flags)]
        for job in jobs:
            is_draft = draft or names_draft(argument)
            found.setdefault((job.settings.directory, job.spec.name, is_draft), (job, is_draft))
    return list(found.values()) if arguments else [(spec, draft) for spec in loaded]
