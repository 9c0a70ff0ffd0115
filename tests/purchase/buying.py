"""Buying by the protocol: the books of a job, ports that play lists, and the proof that ledger and budget agree."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.toy import models
from vidpipe.budget import JobBudget, RunBudget
from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.ledger import read_ledger
from vidpipe.providers.base import Done, Failed, Gone, Picture, Poll, Refused, Running, VideoRequest
from vidpipe.providers.limits import Limit, Limits
from vidpipe.providers.retry import RetryPolicy
from vidpipe.purchase.ask import Question, ask
from vidpipe.purchase.books import BuyingPolicy, Purchases
from vidpipe.purchase.film import Commission, film

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.engine.order import Draft, Making
    from vidpipe.providers.catalogue import Model

PRICE, LESS = Decimal("0.50"), Decimal("0.30")
WANTED = Fingerprint({"prompt": "a"}, {"step": "clip"})
STILL = Picture(b"", "image/png")
REQUEST = VideoRequest("a", "a", STILL, STILL, 1, "16:9", "720p", (1280, 720), False, None, None)
_, PICTURE, _, VIDEO, *_rest = models("toy", paid=True)


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


PATIENT = BuyingPolicy(poll_seconds=0, retry=RetryPolicy(sleep=at_once))


def purchases(tmp_path: Path, policy: BuyingPolicy = PATIENT, limit: str = "20") -> Purchases:
    """Return the books of a job, as the next run would open them."""
    ledger = read_ledger(tmp_path / "job" / "ledger.jsonl")
    budget = JobBudget(Decimal(limit), RunBudget(), spent=ledger.spent())
    return Purchases(ledger, budget, Limits(lambda _model: Limit()), policy)


class Script:
    """A port that plays a list: errors are raised, everything else is returned."""

    def __init__(self, *deeds: object) -> None:
        self.deeds = list(deeds)
        self.sent = 0

    async def play(self, _request: object = None) -> object:
        """Do what comes next."""
        self.sent += 1
        deed = self.deeds.pop(0)
        if isinstance(deed, BaseException):
            raise deed
        return deed


class Camera:
    """A video model that plays a list for each of its calls."""

    def __init__(self, submits: Sequence[object] = (), polls: Sequence[object] = (), fetches: Sequence[object] = ()):
        self.submits, self.polls, self.fetches = Script(*submits), Script(*polls), Script(*fetches)

    async def submit(self, _request: VideoRequest) -> str:
        """Answer as the list says."""
        return str(await self.submits.play())

    async def poll(self, _operation: str) -> Poll:
        """Answer as the list says."""
        poll = await self.polls.play()
        assert isinstance(poll, Running | Done | Refused | Failed | Gone)
        return poll

    async def fetch(self, _done: Done, path: Path) -> None:
        """Write what the list says."""
        text = await self.fetches.play()
        await asyncio.to_thread(path.write_text, str(text))


def question(script: Script, model: Model = PICTURE) -> Question[str, object]:
    """Return a question that costs less than its price."""
    return Question(model, lambda: "a request", script.play, PRICE, lambda _reply: LESS)


def bought(books: Purchases, draft: Draft, script: Script) -> tuple[object, Decimal]:
    """Ask, put the reply in its place, and prove that ledger, budget and what is read again agree."""
    try:
        got = asyncio.run(ask(books, draft, question(script)))
        got.settle()
        return got.reply, got.cost
    finally:
        agree(books)


def filmed(books: Purchases, draft: Draft, camera: Camera, model: Model = VIDEO) -> Making:
    """Film, and prove that ledger, budget and what is read again agree."""
    try:
        return asyncio.run(film(books, draft, Commission(model, camera, lambda: REQUEST, PRICE)))
    finally:
        agree(books)


def agree(books: Purchases) -> None:
    """Prove that ledger, budget and what is read again agree."""
    assert books.budget.spent == books.ledger.spent() == read_ledger(books.ledger.path).spent()
    assert books.budget.reserved >= 0


def placed(making: Making) -> None:
    """Say that the clip is in place."""
    assert making.placed is not None
    making.placed()


def statuses(books: Purchases) -> list[str]:
    """Return how every request stands in the ledger as it is read again."""
    return [entry.status for entry in read_ledger(books.ledger.path).requests.values()]
