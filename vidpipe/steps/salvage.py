"""Fetch what was paid for and is not wanted any more: clips whose prompt or frames changed while they were filmed.

An operation belongs to its fingerprint and never stands in for another one; its result goes into the archive, from
where it comes back for nothing if it is ever wanted again. What is of no use now, such as an answer that is not
understood, is given up and said once: something else stands in for it, and a finished job comes to rest.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.commit import set_aside
from vidpipe.engine.fingerprint import stands_for
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.placing import draft_of
from vidpipe.engine.record import Record
from vidpipe.errors import BrokenFileError, UnreadableFileError, VidpipeError
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Refused,
    ReplyLostError,
    Unclear,
)
from vidpipe.providers.registry import find_model
from vidpipe.purchase.books import settle
from vidpipe.purchase.operation import pause, told_of
from vidpipe.steps.kinds import CLIP

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from vidpipe.job import Job
    from vidpipe.ledger.request import Request
    from vidpipe.providers.base import VideoModel


def unwanted(job: Job) -> list[Request]:
    """Return the open operations that no target of a wholly walked job waits for."""
    requests = job.purchases.ledger.requests.values()
    return [
        entry
        for entry in requests
        if entry.open and not any(stands_for(entry.fingerprint, wanted) for wanted in job.awaited)
    ]


async def salvage(job: Job) -> None:
    """Ask once about every unwanted operation, and archive the result of those that are done."""
    for entry in unwanted(job):
        try:
            await _salvage(job, entry)
        except (VidpipeError, NotAcceptedError, ReplyLostError, OSError) as error:
            job.say(f"{entry.target}: operation {entry.operation}, which was paid for, cannot be fetched now: {error}")


async def _salvage(job: Job, entry: Request) -> None:
    model = find_model(entry.model, "video", job.loaded.settings.file.models)
    port = job.provider(model).video(model.id)
    poll = await port.poll(entry.operation or "")
    if isinstance(poll, Gone):  # which is believed only if it is said twice
        await pause(job.purchases)
        poll = await port.poll(entry.operation or "")
    if isinstance(poll, Done):
        await _bring(job, entry, port, poll)
    elif isinstance(poll, Refused):
        await job.purchases.refused(entry, poll)
    elif isinstance(poll, Failed):
        await job.purchases.note(entry, "failed", story=poll.message)
    elif isinstance(poll, Gone):
        await _give_up(job, entry, "gone", told_of(poll))
    elif isinstance(poll, Unclear):
        await _give_up(job, entry, "abandoned", told_of(poll))


async def _bring(job: Job, entry: Request, port: VideoModel, done: Done) -> None:
    """Fetch a clip into the archive."""
    draft = await asyncio.to_thread(draft_of, job.store, entry.target)
    try:
        await port.fetch(done, draft)
        await to_the_end(asyncio.to_thread(_archive, job, entry, draft), keep=False)
        job.say(f"{entry.target}: a clip that was paid for and is not wanted any more is in the archive")
    except NotThereError as error:
        await _give_up(job, entry, "gone", str(error))
    except UnreadableFileError:  # the disk or this machine is to blame, not the clip
        raise
    except BrokenFileError as error:
        await _give_up(job, entry, "abandoned", f"its clip arrived damaged: {error}")
    finally:
        await asyncio.to_thread(draft.unlink, missing_ok=True)


async def _give_up(job: Job, entry: Request, status: Literal["gone", "abandoned"], why: str) -> None:
    await job.purchases.note(entry, status, story=why)
    job.say(
        f"{entry.target}: operation {entry.operation}, which was paid for ({dollars(entry.price)}) and is not wanted "
        f"any more, is given up: {why}; `vidpipe adopt JOB {entry.target} {entry.operation}` has it asked about again"
    )


def _archive(job: Job, entry: Request, draft: Path) -> None:
    CLIP.check(draft)
    told = {"model": entry.model, "request": entry.id, "operation": entry.operation}
    take = job.store.next_take()
    record = Record(entry.target, CLIP.digest(draft), take, "vidpipe", entry.fingerprint, entry.price, told)
    set_aside(job.store, draft, record)
    settle(job.purchases.ledger, entry, entry.price)
