"""Buy a storyboard or a picture: cents, so a lost reply is asked for again, and every attempt counts as spent.

A reply is settled only once its file is in place: until then a crash would lose it, and the ledger says as much.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from vidpipe.engine.order import FREE, RefusedTargetError
from vidpipe.engine.patience import is_cancelled, to_the_end
from vidpipe.engine.record import MOST_DOLLARS
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.purchase.books import REQUEST_COST, ProviderError, refusal_text, settle
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from decimal import Decimal

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft
    from vidpipe.providers.catalogue import Model
    from vidpipe.purchase.books import Purchases

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Question(Generic[R, T]):
    """One thing to ask of a model: the request, how to send it once, its expected price, and a reply's real cost.

    `request` reads the pictures. It is called when the question's turn has come, in a worker thread: those of a hundred
    scenes that wait are not kept in memory, and one that was repainted meanwhile is noticed before anything is paid.
    """

    model: Model
    request: Callable[[], R]
    send: Callable[[R], Awaitable[T]]
    price: Decimal
    cost: Callable[[T], Decimal]


@dataclass(slots=True)
class Tally:
    """What the attempts at one question have cost, in USD, and whether the next one is beyond what was set aside."""

    spent: Decimal = FREE
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Bought(Generic[T]):
    """A reply and what all attempts at it cost, in USD.

    `told` is for the record of what is made of it, `settle` to be called once that has its place, or if nothing is.
    """

    reply: T
    cost: Decimal
    told: Mapping[str, Json]
    settle: Callable[[], None]


async def ask(purchases: Purchases, draft: Draft, question: Question[R, T]) -> Bought[T]:
    """Buy a reply. Raises RefusedTargetError, BudgetError or ProviderError."""
    model, tally = question.model, Tally()

    async def attempt() -> Bought[T]:
        async with purchases.limits.slot(model.name):
            if is_cancelled():  # a reply that was waited for in spite of it is the last one
                raise asyncio.CancelledError
            request = await asyncio.to_thread(question.request)
            if not model.paid:
                return Bought(await question.send(request), FREE, {}, lambda: None)
            return await to_the_end(_ask_once(purchases, draft, question, request, tally), keep=True)

    while True:
        try:
            return await purchases.policy.retry.run(attempt, resend_lost=True)
        except RefusedError as error:
            if not model.paid or purchases.refusal_holds(draft.fingerprint, draft.request_floor):
                raise RefusedTargetError(draft.target, refusal_text(error.refusal)) from error
        except (NotAcceptedError, ReplyLostError) as error:
            raise ProviderError(f"{model.name}: {error}") from error


async def _ask_once(
    purchases: Purchases, draft: Draft, question: Question[R, T], request: R, tally: Tally
) -> Bought[T]:
    if tally.extra:  # what is set aside is for the other targets
        purchases.budget.reserve(question.price, f"another attempt at {draft.target}")
        tally.extra = False
    entry = await purchases.intend(draft, question.model, question.price, request)
    try:
        reply = await question.send(request)
    except NotAcceptedError as error:
        await purchases.rejected(entry, str(error))
        raise
    except RefusedError as error:
        await purchases.refused(entry, error.refusal)
        raise
    except BaseException as error:
        tally.spent += question.price
        tally.extra = True
        await purchases.note(entry, "unknown", story=redacted(str(error)) or type(error).__name__)
        raise
    cost = _counted(question.cost(reply), question.price)
    tally.spent += cost
    purchases.budget.settle(question.price, cost)
    told = {"request": entry.id, REQUEST_COST: str(cost)}
    return Bought(reply, tally.spent, told, partial(settle, purchases.ledger, entry, cost))


def _counted(cost: Decimal, expected: Decimal) -> Decimal:
    """Return what a reply says that it cost; what is no price at all, as of fewer tokens than none, is not believed."""
    return cost if cost.is_finite() and 0 <= cost < MOST_DOLLARS else expected
