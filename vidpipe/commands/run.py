"""`vidpipe run`: make what is not up to date, of every spec."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.commands.arguments import specs_and_targets
from vidpipe.events import Sink, ignore
from vidpipe.index import fresh
from vidpipe.results import BatchResult
from vidpipe.spec.project import find_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from vidpipe.options import RunOptions


def unwatched(_jobs: Sequence[str]) -> AbstractContextManager[Sink]:
    """Let nobody watch."""
    return nullcontext(ignore)


def run(
    arguments: Sequence[str],
    options: RunOptions,
    *,
    directory: Path | None = None,
    jobs: int | None = None,
    watch: Callable[[Sequence[str]], AbstractContextManager[Sink]] = unwatched,
) -> BatchResult:
    """Make, or plan, the specs and targets that a command line names, and return what became of each job.

    `watch` is told the jobs' names and yields where their events go. Raises SpecError with all problems of all specs
    before anything is done, UsageError for a job directory that cannot be used.
    """
    specs, targets = specs_and_targets(arguments)
    options = replace(options, targets=targets)
    answered = fresh(specs, options, directory)
    if answered is not None:
        return BatchResult(tuple(answered))
    from vidpipe.batch import run_batch
    from vidpipe.spec.load import load_specs
    from vidpipe.spec.settings import Flags

    loaded = load_specs(find_specs(specs), Flags(directory, jobs))
    with watch([spec.spec.name for spec in loaded]) as report:
        return run_batch(loaded, options, report)
