"""Many jobs: validate all of them before anything else, run them side by side, sum them up in command-line order."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from vidpipe.conduct import Conductor, Turn
from vidpipe.errors import BrokenFileError
from vidpipe.events import ignore
from vidpipe.media.worker.shared import close_shared_workers
from vidpipe.results import BatchResult, JobResult
from vidpipe.signals import CODES, heeded
from vidpipe.spec.load import as_draft
from vidpipe.workshop import check_directory, layout_of, open_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidpipe.errors import Exit
    from vidpipe.events import Sink
    from vidpipe.options import RunOptions
    from vidpipe.spec.load import Loaded
    from vidpipe.workshop import Run

ECHO_SECONDS = 1.0
"""A signal that comes so soon after another is the same one once more: `timeout` and systemd send two."""


def run_batch(loaded: Sequence[Loaded], options: RunOptions, report: Sink = ignore) -> BatchResult:
    """Make, or plan, every job and return the results in order. Raises UsageError before anything is done."""
    specs = [as_draft(spec) for spec in loaded] if options.draft else list(loaded)
    for spec in specs:
        with suppress(BrokenFileError):  # damage is one job's own affair, and comes up again in its run
            check_directory(spec, layout_of(spec, options))
    return asyncio.run(_run(specs, options, report))


async def _run(specs: Sequence[Loaded], options: RunOptions, report: Sink) -> BatchResult:
    run = open_run(specs, options, report)
    places = asyncio.Semaphore(specs[0].settings.jobs if specs else 1)
    decided = [asyncio.Event() for _ in specs]
    tasks = [
        asyncio.create_task(Conductor(spec, run, Turn(tuple(decided[:number]), decided[number]), places).conduct())
        for number, spec in enumerate(specs)
    ]
    with _signals(run, tasks) as received:
        try:
            results = await asyncio.gather(*tasks)
        finally:
            await run.providers.close()
            if received:
                close_shared_workers()  # threads whose work nobody waits for now would hold up the end
    return BatchResult(tuple(results), received[0] if received else None)


@contextmanager
def _signals(run: Run, tasks: Sequence[asyncio.Task[JobResult]]) -> Iterator[list[Exit]]:
    """Stop in good order at the first signal, at once at the second; yields the exit code of what was received."""
    loop = asyncio.get_running_loop()
    received: list[Exit] = []
    at_once_from = 0.0

    def stop(number: signal.Signals) -> None:
        nonlocal at_once_from
        if received:
            if loop.time() >= at_once_from:
                os._exit(CODES[number])
            return
        at_once_from = loop.time() + ECHO_SECONDS
        received.append(CODES[number])
        run.stop(CODES[number])
        for task in tasks:
            task.cancel()

    before = {number: signal.getsignal(number) for number in heeded()}
    for number in before:
        loop.add_signal_handler(number, stop, number)
    try:
        yield received
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
