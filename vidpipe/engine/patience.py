"""Await what was paid for to its end, whoever loses patience: a reply must be written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


async def to_the_end(work: Coroutine[object, object, T], *, keep: bool) -> T:
    """Await something to its end even if the caller is cancelled meanwhile; a second cancellation gets through at once.

    With `keep`, a result that comes after the cancellation is returned all the same, so that the caller can put in its
    place what has been paid for; otherwise the cancellation goes on once the work has ended.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if task.cancelled() or task.exception() is not None or not keep:
            raise
        return task.result()


def is_cancelled() -> bool:
    """Whether the current task was cancelled at any time, even if it went on to finish what was paid for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
