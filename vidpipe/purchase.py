"""Buy from a model by the money protocol (docs/money.md).

Reserve, write the intent down, send once, write the answer down. For a clip there is never a second paid request
without somebody's word. A picture or a storyboard, which costs cents, is asked for again where its reply was lost,
and every attempt counts as spent.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from vidpipe.budget import dollars
from vidpipe.engine.judge import Standing
from vidpipe.engine.order import FREE, Making, RefusedTargetError
from vidpipe.errors import LostError, VidpipeError, WaitingError
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
)
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from decimal import Decimal
    from pathlib import Path

    from vidpipe.budget import JobBudget
    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft
    from vidpipe.ledger import Ledger, Request
    from vidpipe.providers.base import VideoModel, VideoRequest
    from vidpipe.providers.catalogue import Kind, Model
    from vidpipe.providers.limits import Limits

T = TypeVar("T")
OnLost = Literal["resubmit", "abandon"]


class ProviderError(VidpipeError):
    """A model answered with something that helps nobody; the message says what was received."""


@dataclass(frozen=True, slots=True)
class BuyingPolicy:
    """How to buy: what to do about lost replies and refusals, and how to wait."""

    on_lost: OnLost | None = None
    retry_refused: bool = False
    refusal_retries: int = 1
    poll_seconds: float = 10.0
    wait_seconds: float = 900.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


class Purchases:
    """The money side of one job: the engine asks it how requests stand, recipes buy through it."""

    def __init__(self, ledger: Ledger, budget: JobBudget, limits: Limits, policy: BuyingPolicy) -> None:
        self.ledger = ledger
        self.budget = budget
        self.limits = limits
        self.policy = policy
        self.used: set[str] = set()
        self._start = len(ledger.requests)

    # How requests stand

    def count(self) -> int:
        """Return how many requests the ledger knows."""
        return len(self.ledger.requests)

    def standing(self, target: str, fingerprint: str, floor: int) -> tuple[Standing, str]:
        """Return how the requests for a fingerprint stand under this run's policy, and the decisive one's story."""
        standing, request = self.ledger.standing(fingerprint, floor)
        if standing is Standing.UNKNOWN and self.policy.on_lost is not None:
            standing = Standing.REFUSED if self.policy.on_lost == "abandon" else Standing.NONE
        elif standing is Standing.REFUSED and not self._refusal_holds(fingerprint, floor):
            standing = Standing.NONE
        return standing, _story(request) if request else ""

    def _refusal_holds(self, fingerprint: str, floor: int) -> bool:
        if self.policy.retry_refused:
            floor = max(floor, self._start)
        requests = self.ledger.of(fingerprint, floor)
        refused = sum(request.status == "refused" for request in requests)
        return refused > self.policy.refusal_retries or any(request.refused for request in requests)

    # Storyboards and pictures

    async def ask(
        self,
        draft: Draft,
        model: Model,
        price: Decimal,
        request: object,
        send: Callable[[], Awaitable[T]],
        cost: Callable[[T], Decimal],
    ) -> tuple[T, Decimal]:
        """Buy a storyboard or a picture and return the reply and what all attempts cost.

        Raises RefusedTargetError, BudgetError or ProviderError.
        """
        spent = [FREE]

        async def attempt() -> T:
            async with self.limits.slot(model.name):
                reply, paid = await _finished(self._ask_once(draft, model, price, request, send, cost, spent))
            spent.append(paid)
            return reply

        while True:
            try:
                reply = await self.policy.retry.run(attempt, resend_lost=True)
            except RefusedError as error:
                if not model.paid or self._refusal_holds(draft.fingerprint.key, draft.request_floor):
                    raise RefusedTargetError(draft.target, _refusal_text(error.refusal)) from error
            except (NotAcceptedError, ReplyLostError) as error:
                raise ProviderError(f"{model.name}: {error}") from error
            else:
                return reply, sum(spent, FREE)

    async def _ask_once(
        self,
        draft: Draft,
        model: Model,
        price: Decimal,
        request: object,
        send: Callable[[], Awaitable[T]],
        cost: Callable[[T], Decimal],
        spent: list[Decimal],
    ) -> tuple[T, Decimal]:
        if not model.paid:
            return await send(), FREE
        entry = await self._intend(draft, model, price, request)
        try:
            reply = await send()
        except NotAcceptedError as error:
            await self._rejected(entry, str(error))
            raise
        except RefusedError as error:
            await self._refused(entry, error.refusal)
            raise
        except BaseException as error:
            spent.append(price)
            await self._note(entry, "unknown", story=str(error) or type(error).__name__)
            raise
        paid = cost(reply)
        self.budget.settle(price, paid)
        await self._note(entry, "settled", cost=paid)
        return reply, paid

    # Clips

    async def film(self, draft: Draft, model: Model, port: VideoModel, request: VideoRequest, price: Decimal) -> Making:
        """Buy a clip, or go on with the operation that was bought, and write it to the draft.

        Raises RefusedTargetError, LostError, WaitingError, BudgetError or ProviderError.
        """
        if not model.paid:
            return await self._film_free(draft, model, port, request)
        standing, entry = self.ledger.standing(draft.fingerprint.key, draft.request_floor)
        if standing is Standing.SETTLED and entry is not None:
            making = await self._fetch_again(entry, draft, model, port)
            if making is not None:
                return making
        if standing is not Standing.OPEN or entry is None:
            await self._give_up_lost(draft)
            return await self._film_new(draft, model, port, request, price)
        try:
            async with self.limits.slot(model.name):
                return await self._finish(entry, draft, model, port)
        except RefusedError:
            return await self._film_new(draft, model, port, request, price)

    async def _film_free(self, draft: Draft, model: Model, port: VideoModel, request: VideoRequest) -> Making:
        async with self.limits.slot(model.name):
            operation = await port.submit(request)
            poll = await port.poll(operation)
            while isinstance(poll, Running):
                await asyncio.sleep(self.policy.poll_seconds)
                poll = await port.poll(operation)
            if not isinstance(poll, Done):
                raise ProviderError(f"{model.name}: {poll}")
            await port.fetch(poll, draft.path)
        return Making()

    async def _film_new(
        self, draft: Draft, model: Model, port: VideoModel, request: VideoRequest, price: Decimal
    ) -> Making:
        while True:
            try:
                async with self.limits.slot(model.name):
                    entry = await self.policy.retry.run(
                        lambda: _finished(self._submit(draft, model, port, request, price))
                    )
                    return await self._finish(entry, draft, model, port)
            except RefusedError as error:
                if self._refusal_holds(draft.fingerprint.key, draft.request_floor):
                    raise RefusedTargetError(draft.target, _refusal_text(error.refusal)) from error
            except NotAcceptedError as error:
                raise ProviderError(f"{model.name}: {error}") from error
            except ReplyLostError as error:
                raise LostError(
                    f"{model.name}: {error}: the request may have been accepted, so it is not sent again by itself; "
                    f"--on-lost resubmit pays {dollars(price)} again, --on-lost abandon counts it as refused"
                ) from error

    async def _submit(
        self, draft: Draft, model: Model, port: VideoModel, request: VideoRequest, price: Decimal
    ) -> Request:
        entry = await self._intend(draft, model, price, request)
        try:
            operation = await port.submit(request)
        except NotAcceptedError as error:
            await self._rejected(entry, str(error))
            raise
        except RefusedError as error:
            await self._refused(entry, error.refusal)
            raise
        except BaseException as error:
            await self._note(entry, "unknown", story=str(error) or type(error).__name__)
            if isinstance(error, ReplyLostError) or not isinstance(error, Exception):
                raise
            raise ReplyLostError(f"{type(error).__name__}: {error}") from error
        return await self._note(entry, "submitted", operation=operation)

    async def _finish(self, entry: Request, draft: Draft, model: Model, port: VideoModel) -> Making:
        """Poll an open operation to its end and fetch its result into the draft."""
        assert entry.operation is not None
        self.used.add(entry.id)
        poll = await self._poll_to_end(entry, entry.operation, model, port)
        if isinstance(poll, Refused):
            await self._refused(entry, poll)
            raise RefusedError(poll.reason, poll.codes)
        if isinstance(poll, Gone):
            await self._note(entry, "gone", story="the provider does not know the operation any more")
            raise ProviderError(_lost_operation(entry, "the provider does not know it any more"))
        if isinstance(poll, Failed):
            await self._note(entry, "failed", story=poll.message)
            raise ProviderError(_lost_operation(entry, f"it failed: {poll.message}"))
        await self._fetch(model, port, poll, draft.path)
        return Making(
            provenance=_bought(entry),
            cost=entry.price,
            placed=lambda: _settle(self.ledger, entry),
        )

    async def _poll_to_end(
        self, entry: Request, operation: str, model: Model, port: VideoModel
    ) -> Done | Refused | Failed | Gone:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.policy.wait_seconds
        while True:
            try:
                poll = await self.policy.retry.run(lambda: port.poll(operation), resend_lost=True)
            except (NotAcceptedError, ReplyLostError) as error:
                raise WaitingError(f"{model.name}: cannot ask about operation {operation}: {error}") from error
            if not isinstance(poll, Running):
                return poll
            if loop.time() >= deadline:
                raise WaitingError(
                    f"{model.name}: operation {operation} still runs after {self.policy.wait_seconds:g} s "
                    f"({dollars(entry.price)} are spent); run again to go on waiting for it"
                )
            await asyncio.sleep(self.policy.poll_seconds * random.uniform(0.8, 1.2))

    async def _fetch(self, model: Model, port: VideoModel, done: Done, path: Path) -> None:
        try:
            await self.policy.retry.run(lambda: port.fetch(done, path), resend_lost=True)
        except (NotAcceptedError, ReplyLostError) as error:
            raise WaitingError(
                f"{model.name}: cannot fetch a finished clip: {error}; run again to try again"
            ) from error

    async def _fetch_again(self, entry: Request, draft: Draft, model: Model, port: VideoModel) -> Making | None:
        """Fetch the result of a settled operation once more, for nothing, if the provider still has it."""
        assert entry.operation is not None
        operation = entry.operation
        try:
            poll = await self.policy.retry.run(lambda: port.poll(operation), resend_lost=True)
            if not isinstance(poll, Done):
                return None
            await self._fetch(model, port, poll, draft.path)
        except (NotAcceptedError, ReplyLostError, WaitingError):
            return None
        return Making(provenance=_bought(entry), cost=entry.price, fetched=True)

    async def _give_up_lost(self, draft: Draft) -> None:
        """Write down that a lost request is not waited for any more; its price stays spent."""
        for entry in self.ledger.of(draft.fingerprint.key, draft.request_floor):
            if entry.lost:
                await self._note(entry, "abandoned", story="sent anew with --on-lost resubmit")

    async def abandon_lost(self) -> None:
        """Treat every lost clip as refused, as `--on-lost abandon` asks."""
        for entry in list(self.ledger.requests.values()):
            if entry.lost and entry.kind == "video":
                await self._note(entry, "abandoned", story="abandoned with --on-lost abandon", refused=True)

    # The ledger and the budget, kept in step

    async def _intend(self, draft: Draft, model: Model, price: Decimal, request: object) -> Request:
        self.budget.draw(price, draft.target)
        kind: Kind = model.kind
        digest = request_digest(request)
        return await asyncio.to_thread(
            self.ledger.intend, draft.target, kind, draft.fingerprint, model.name, price, digest
        )

    async def _rejected(self, entry: Request, story: str) -> None:
        self.budget.give_back(entry.price)
        await self._note(entry, "rejected", story=story)

    async def _refused(self, entry: Request, refusal: Refused) -> None:
        self.budget.give_back(entry.price)
        await self._note(entry, "refused", story=_refusal_text(refusal))

    async def _note(
        self,
        entry: Request,
        status: Literal["submitted", "rejected", "unknown", "settled", "refused", "failed", "gone", "abandoned"],
        *,
        operation: str | None = None,
        cost: Decimal | None = None,
        story: str = "",
        refused: bool = False,
    ) -> Request:
        return await asyncio.to_thread(
            self.ledger.note, entry, status, operation=operation, cost=cost, story=story, refused=refused
        )


def settle_placed(ledger: Ledger, request_ids: set[str]) -> None:
    """Settle open requests whose clip is in place: a crash came between its rename and the last ledger entry."""
    for entry in list(ledger.requests.values()):
        if entry.open and entry.id in request_ids:
            _settle(ledger, entry)


def _settle(ledger: Ledger, entry: Request) -> None:
    ledger.note(entry, "settled", cost=entry.price)


async def _finished(work: Awaitable[T]) -> T:
    """Await something to its end even if the caller is cancelled meanwhile: a reply must be written down.

    A second cancellation gets through at once.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        raise


def request_digest(request: object) -> str:
    """Return the hex sha256 of what is sent, pictures included, for the ledger's intent."""
    digest = hashlib.sha256()
    _feed(digest.update, asdict(request) if is_dataclass(request) and not isinstance(request, type) else request)
    return digest.hexdigest()


def _feed(update: Callable[[bytes], None], value: object) -> None:
    if isinstance(value, dict):
        for name in sorted(value):
            update(f"{name}=".encode())
            _feed(update, value[name])
    elif isinstance(value, list | tuple):
        for part in value:
            _feed(update, part)
    else:
        data = value if isinstance(value, bytes) else repr(value).encode()
        update(f"{len(data)}:".encode() + data)


def _bought(entry: Request) -> dict[str, Json]:
    return {"request": entry.id, "operation": entry.operation}


def _story(request: Request) -> str:
    told = f": {request.story}" if request.story else ""
    what = f"operation {request.operation}" if request.operation else f"request {request.id[:8]}"
    return f"{what} ({dollars(request.price)}){told}" if request.status != "refused" else request.story


def _refusal_text(refusal: Refused) -> str:
    codes = f" (support codes: {', '.join(refusal.codes)})" if refusal.codes else ""
    return f"{refusal.reason}{codes}"


def _lost_operation(entry: Request, what: str) -> str:
    return f"operation {entry.operation}: {what}; run again to ask anew, which costs {dollars(entry.price)}"
