"""Blocking work whose end nobody has to wait for: the end of a program joins the threads of `asyncio.to_thread`."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


async def alongside(work: Callable[[], T]) -> T:
    """Return what `work` returns, done in a thread of its own; if the caller is cancelled, it is left to itself."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def end(result: T | None, error: Exception | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, raised = None, None
        try:
            result = work()
        except Exception as error:
            raised = error
        with suppress(RuntimeError):  # the loop is gone, and with it everybody who wanted to know
            loop.call_soon_threadsafe(end, result, raised)

    threading.Thread(target=run, name="alongside", daemon=True).start()
    return await done
