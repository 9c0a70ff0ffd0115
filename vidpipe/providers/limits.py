"""Limits: how many requests to one model may be under way, and how many may start in a minute, over a whole run.

A limit is held round one request (for a clip: from submit to the end of its operation), never while a target is
awaited.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits of one model; `per_minute` None is no limit, `pause_seconds` lies between two starts."""

    in_flight: int = 4
    per_minute: float | None = None
    pause_seconds: float = 0.0

    @property
    def spacing(self) -> float:
        """Seconds between two starts: requests are spread over the minute, not bunched at its beginning."""
        return max(self.pause_seconds, 60.0 / self.per_minute if self.per_minute else 0.0)


class Limits:
    """The limits of a run, by model name."""

    def __init__(
        self, of: Callable[[str], Limit], *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._of = of
        self._sleep = sleep
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._next_start: dict[str, float] = {}

    @asynccontextmanager
    async def slot(self, model: str) -> AsyncIterator[None]:
        """Hold one of the places in flight of a model."""
        slots = self._slots.setdefault(model, asyncio.Semaphore(self._of(model).in_flight))
        async with slots:
            await self.start(model)
            yield

    async def start(self, model: str) -> None:
        """Wait until one more request to a model may start."""
        spacing = self._of(model).spacing
        if not spacing:
            return
        now = asyncio.get_running_loop().time()
        begin = max(now, self._next_start.get(model, now))
        self._next_start[model] = begin + spacing
        if begin > now:
            await self._sleep(begin - now)
