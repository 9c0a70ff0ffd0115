"""A desk to buy clips at: the books of one job, run after run, and a camera that answers as a list says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.purchase.buying import PRICE, REQUEST, VIDEO, WANTED
from vidpipe.budget import JobBudget, RunBudget
from vidpipe.engine.order import Draft
from vidpipe.ledger import read_ledger
from vidpipe.providers.limits import Limit, Limits
from vidpipe.providers.retry import RetryPolicy
from vidpipe.purchase.books import BuyingPolicy, Purchases
from vidpipe.purchase.film import Commission, film

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.engine.order import Making
    from vidpipe.ledger.request import Status
    from vidpipe.providers.base import Done, NotAcceptedError, Poll, VideoRequest


@dataclass
class Camera:
    """A video model that answers from lists, which have to last."""

    polls: Sequence[Poll | Exception]
    refusals: list[NotAcceptedError] = field(default_factory=list)
    fetches: list[Exception] = field(default_factory=list)
    submits: int = 0
    asked: int = 0

    async def submit(self, _request: VideoRequest) -> str:
        """Begin an operation, once all refusals are used up."""
        self.submits += 1
        if self.refusals:
            raise self.refusals.pop(0)
        return "op"

    async def poll(self, _operation: str) -> Poll:
        """Answer as the list says."""
        self.asked += 1
        answer = self.polls[self.asked - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fetch(self, _done: Done, path: Path) -> None:
        """Write a clip, once all errors are used up."""
        if self.fetches:
            raise self.fetches.pop(0)
        await asyncio.to_thread(path.write_bytes, b"clip")


@dataclass
class Desk:
    """A job's books, opened anew for each run, and what its runs slept: between polls, and for the model's limits."""

    folder: Path
    slept: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)

    def books(self, limit: Limit) -> Purchases:
        """Open the books."""

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async def pace(seconds: float) -> None:
            self.paced.append(seconds)

        ledger = read_ledger(self.folder / "job" / "ledger.jsonl")
        policy = BuyingPolicy(poll_seconds=10, retry=RetryPolicy(sleep=sleep))
        budget = JobBudget(Decimal(20), RunBudget(), spent=ledger.spent())
        return Purchases(ledger, budget, Limits(lambda _model: limit, sleep=pace), policy)

    def film(self, camera: Camera, limit: Limit | None = None) -> Making:
        """Film."""
        draft = Draft(self.folder / "draft", self.folder, "clips/scene-000.mp4", WANTED)
        wanted = Commission(VIDEO, camera, lambda: REQUEST, PRICE)
        return asyncio.run(film(self.books(limit or Limit()), draft, wanted))

    def run(self, camera: Camera, limit: Limit | None = None) -> bytes:
        """Film, and return the clip."""
        self.film(camera, limit)
        return (self.folder / "draft").read_bytes()

    def note(self, status: Status, operation: str | None = None) -> None:
        """Write down how the newest request stands."""
        ledger = self.books(Limit()).ledger
        ledger.note(list(ledger.requests.values())[-1], status, operation=operation)

    @property
    def stories(self) -> list[tuple[str, str]]:
        """How the requests stand in the ledger, and what it tells of them."""
        return [(one.status, one.story) for one in self.books(Limit()).ledger.requests.values()]
