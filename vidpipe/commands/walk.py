"""Walk a job as a plan does, and keep what was asked for on the way: every order, and how it is looked at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.engine.look import Looker
from vidpipe.job import Job
from vidpipe.lock import holder
from vidpipe.options import RunOptions
from vidpipe.spec.load import as_draft
from vidpipe.steps.targets import make_wanted
from vidpipe.workshop import check_directory, layout_of, open_job, open_run

if TYPE_CHECKING:
    from vidpipe.engine.look import View
    from vidpipe.engine.order import Made, Order
    from vidpipe.spec.load import Loaded


class WalkedJob(Job):
    """A job that remembers the order for each target."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.loaded, job.store, job.purchases, job.settings, job.context)
        self.orders: dict[str, Order] = {}

    async def make(self, order: Order) -> Made:
        """Keep the order and go on as every job does."""
        self.orders[order.name] = order
        return await super().make(order)

    def view(self, order: Order) -> View:
        """Look at a target once more. Raises BrokenFileError where its record cannot be read."""
        return Looker(self.store, self.purchases, self.settings).look(order)


def walk(loaded: Loaded, *, draft: bool) -> WalkedJob:
    """Let every target of a job be asked for once, without making any and without writing."""
    return asyncio.run(_walk(as_draft(loaded) if draft else loaded, RunOptions(dry=True, draft=draft)))


async def _walk(loaded: Loaded, options: RunOptions) -> WalkedJob:
    run = open_run([loaded], options)
    layout = layout_of(loaded, options)
    check_directory(loaded, layout)
    job = WalkedJob(open_job(loaded, layout, run, dry=True, busy=holder(layout) is not None))
    try:
        await make_wanted(job, (), None)
    finally:
        await job.once.stop()
        await run.providers.close()
    return job
