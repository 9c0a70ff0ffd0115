"""Many jobs: validate all of them before anything else, run them side by side, sum them up in command-line order."""

from __future__ import annotations

import asyncio
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from vidpipe.conduct import Conductor, Turn
from vidpipe.errors import BrokenFileError
from vidpipe.events import ignore
from vidpipe.media.worker.shared import close_shared_workers
from vidpipe.purchase.outstanding import going_on, unanswered
from vidpipe.report.escape import visible
from vidpipe.report.stream import tell_if_taken
from vidpipe.results import BatchResult, JobResult
from vidpipe.signals import CODES, heeded, interruption, leave, on_leaving
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

THREADS = 32
"""As many as may wait at once: a film that is being stitched holds one, and what is bought meanwhile needs its own."""


def run_batch(loaded: Sequence[Loaded], options: RunOptions, report: Sink = ignore) -> BatchResult:
    """Make, or plan, every job and return the results in order. Raises UsageError before anything is done.

    A plan that a signal cuts short raises KeyboardInterrupt: half of one is nothing to act on.
    """
    specs = [as_draft(spec) for spec in loaded] if options.draft else list(loaded)
    for spec in specs:
        with suppress(BrokenFileError, OSError):  # one job's own affair, which comes up again in its run
            check_directory(spec, layout_of(spec, options))
    result = asyncio.run(_run(specs, options, report))
    if options.dry and result.forced_exit is not None:
        raise interruption(result.forced_exit)
    return result


async def _run(specs: Sequence[Loaded], options: RunOptions, report: Sink) -> BatchResult:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "vidpipe"))
    run = open_run(specs, options, report)
    places = asyncio.Semaphore(specs[0].settings.jobs if specs else 1)
    decided = [asyncio.Event() for _ in specs]
    conductors = [
        Conductor(spec, run, Turn(tuple(decided[:number]), decided[number]), places)
        for number, spec in enumerate(specs)
    ]
    tasks = [asyncio.create_task(conductor.conduct()) for conductor in conductors]
    with on_leaving(lambda: _last_words(conductors)), _signals(run, tasks) as received:
        try:
            results = await asyncio.gather(*tasks)
        finally:
            await run.providers.close()
            if received:
                await asyncio.to_thread(close_shared_workers)  # threads whose work nobody wants would hold up the end
            await asyncio.get_running_loop().shutdown_default_executor()  # here, where a second signal still counts
    return BatchResult(tuple(results), received[0] if received else None)


def _last_words(conductors: Sequence[Conductor]) -> None:
    """Say on stderr what a run that stops at once leaves behind at a provider: there will be no summary."""
    if any(conductor.run.options.dry for conductor in conductors):
        return
    lines = ["stopped at once; what was made is kept, and the next run goes on from here"]
    for job in filter(None, (conductor.known for conductor in conductors)):
        ledger = job.purchases.ledger
        lines += [f"{job.name}: {line}" for line in [*going_on(ledger), *unanswered(ledger)]]
    tell_if_taken(sys.stderr, "".join(f"vidpipe: {visible(line)}\n" for line in lines))


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
                leave(CODES[number])
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
