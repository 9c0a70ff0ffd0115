"""Asking twice builds once; asking oneself, however indirectly, raises instead of hanging.

Tasks form the graph of who waits for whom. Before one waits for another, the other must not already wait for it.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Hashable

T = TypeVar("T")


class CycleError(Exception):
    """A step function needs its own result: a bug in the steps."""


class Once:
    """The results of one build, by question."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[object]] = {}
        self._waits: dict[Hashable, set[Hashable]] = {}
        self._asking: ContextVar[Hashable | None] = ContextVar("asking", default=None)

    async def ask(self, question: Hashable, answer: Callable[[], Coroutine[object, object, T]]) -> T:
        """Return the answer to a question, computing it at its first asking only. Raises CycleError."""
        asker = self._asking.get()
        if asker is not None:
            if self._reaches(question, asker):
                raise CycleError(f"{question} needs {asker}, which needs {question}")
            self._waits.setdefault(asker, set()).add(question)
        task = self._tasks.get(question)
        if task is None:
            task = asyncio.create_task(self._answer(question, answer))
            self._tasks[question] = task
        try:
            return cast("T", await asyncio.shield(task))
        finally:
            if asker is not None:
                self._waits[asker].discard(question)

    async def _answer(self, question: Hashable, answer: Callable[[], Coroutine[object, object, T]]) -> T:
        self._asking.set(question)
        return await answer()

    def _reaches(self, start: Hashable, end: Hashable) -> bool:
        stack, seen = [start], set()
        while stack:
            node = stack.pop()
            if node == end:
                return True
            if node not in seen:
                seen.add(node)
                stack.extend(self._waits.get(node, ()))
        return False

    async def stop(self) -> None:
        """Cancel what still runs and wait until it has ended."""
        running = [task for task in self._tasks.values() if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for task in self._tasks.values():
            if not task.cancelled():
                task.exception()  # somebody has looked: asyncio need not warn


async def every(*awaitables: Awaitable[T]) -> list[T]:
    """Await all, to the end of each, and only then raise the first error: what is in flight is finished and kept."""
    results = await asyncio.gather(*awaitables, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return cast("list[T]", results)
