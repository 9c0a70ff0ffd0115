"""Buy a clip: at most one paid request, ever, unless somebody says otherwise; an operation is polled to its end."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.judge import Standing
from vidpipe.engine.order import Making, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.errors import LostError, WaitingError
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Refused, RefusedError, ReplyLostError, Running
from vidpipe.purchase.books import ProviderError, refusal_text, settle
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft
    from vidpipe.ledger import Request
    from vidpipe.providers.base import VideoModel, VideoRequest
    from vidpipe.providers.catalogue import Model
    from vidpipe.purchase.books import Purchases


@dataclass(frozen=True, slots=True)
class Commission:
    """A clip to be had: the model and its port, the request, and its price in USD.

    `request` reads the pictures. It is called when the clip's turn has come: those of a hundred scenes that wait are
    not kept in memory, and one that was repainted meanwhile is noticed before anything is paid.
    """

    model: Model
    port: VideoModel
    request: Callable[[], VideoRequest]
    price: Decimal


async def film(purchases: Purchases, draft: Draft, wanted: Commission) -> Making:
    """Buy a clip, or go on with the operation that was bought, and write it to the draft.

    Raises RefusedTargetError, LostError, WaitingError, BudgetError or ProviderError.
    """
    if not wanted.model.paid:
        return await _film_free(purchases, draft, wanted)
    exact = purchases.policy.upgrade
    standing, entry = purchases.ledger.standing(draft.fingerprint, draft.request_floor, exact=exact)
    if standing is Standing.OPEN and entry is not None:
        try:
            async with purchases.limits.slot(wanted.model.name):
                return await _finish(purchases, entry, draft, wanted)
        except RefusedError as error:
            _raise_if_refused(purchases, draft, error)
    if standing is Standing.SETTLED and entry is not None:
        making = await _fetch_again(purchases, entry, draft, wanted)
        if making is not None:
            return making
    await purchases.give_up_lost(draft)
    return await _film_new(purchases, draft, wanted)


async def _film_free(purchases: Purchases, draft: Draft, wanted: Commission) -> Making:
    async with purchases.limits.slot(wanted.model.name):
        request = await asyncio.to_thread(wanted.request)
        operation = await wanted.port.submit(request)
        poll = await wanted.port.poll(operation)
        while isinstance(poll, Running):
            await asyncio.sleep(purchases.policy.poll_seconds)
            poll = await wanted.port.poll(operation)
        if not isinstance(poll, Done):
            raise ProviderError(f"{wanted.model.name}: {poll}")
        await wanted.port.fetch(poll, draft.path)
    return Making()


async def _film_new(purchases: Purchases, draft: Draft, wanted: Commission) -> Making:
    async def submit(request: VideoRequest) -> Request:
        return await to_the_end(_submit(purchases, draft, wanted, request), keep=False)

    while True:
        try:
            async with purchases.limits.slot(wanted.model.name):
                request = await asyncio.to_thread(wanted.request)
                entry = await purchases.policy.retry.run(partial(submit, request))
                return await _finish(purchases, entry, draft, wanted)
        except RefusedError as error:
            _raise_if_refused(purchases, draft, error)
        except NotAcceptedError as error:
            raise ProviderError(f"{wanted.model.name}: {error}") from error
        except ReplyLostError as error:
            raise LostError(
                f"{wanted.model.name}: {error}: the request may have been accepted, so it is not sent again by itself; "
                f"--on-lost resubmit pays {dollars(wanted.price)} again, --on-lost abandon counts it as refused"
            ) from error


def _raise_if_refused(purchases: Purchases, draft: Draft, error: RefusedError) -> None:
    """Raise RefusedTargetError where no further attempt is allowed after a refusal."""
    if purchases.refusal_holds(draft.fingerprint, draft.request_floor):
        raise RefusedTargetError(draft.target, refusal_text(error.refusal)) from error


async def _submit(purchases: Purchases, draft: Draft, wanted: Commission, request: VideoRequest) -> Request:
    entry = await purchases.intend(draft, wanted.model, wanted.price, request)
    try:
        operation = await wanted.port.submit(request)
    except NotAcceptedError as error:
        await purchases.rejected(entry, str(error))
        raise
    except RefusedError as error:
        await purchases.refused(entry, error.refusal)
        raise
    except BaseException as error:
        await purchases.note(entry, "unknown", story=redacted(str(error)) or type(error).__name__)
        if isinstance(error, ReplyLostError) or not isinstance(error, Exception):
            raise
        raise ReplyLostError(redacted(f"{type(error).__name__}: {error}")) from error
    try:
        return await purchases.note(entry, "submitted", operation=operation)
    except OSError as error:
        raise LostError(
            f"{wanted.model.name}: operation {operation} is under way, but cannot be written down: {error.strerror}; "
            f"once it can, `vidpipe adopt JOB {draft.target} {operation}` goes on with it"
        ) from error


async def _finish(purchases: Purchases, entry: Request, draft: Draft, wanted: Commission) -> Making:
    """Poll an open operation to its end and fetch its result into the draft."""
    poll = await _poll_to_end(purchases, entry, wanted)
    if isinstance(poll, Refused):
        await purchases.refused(entry, poll)
        raise RefusedError(poll.reason, poll.codes)
    if isinstance(poll, Gone):
        await purchases.note(entry, "gone", story="the provider does not know the operation any more")
        raise ProviderError(_without_result(entry, "the provider does not know it any more"))
    if isinstance(poll, Failed):
        await purchases.note(entry, "failed", story=poll.message)
        raise ProviderError(_without_result(entry, f"it failed: {poll.message}"))
    await _fetch(purchases, wanted, poll, draft.path)
    return Making(
        _told(entry), entry.price, fingerprint=entry.fingerprint, placed=lambda: settle(purchases.ledger, entry)
    )


async def _poll_to_end(purchases: Purchases, entry: Request, wanted: Commission) -> Done | Refused | Failed | Gone:
    policy, loop, operation = purchases.policy, asyncio.get_running_loop(), entry.operation or ""
    deadline = loop.time() + policy.wait_seconds
    while True:
        try:
            poll = await policy.retry.run(lambda: wanted.port.poll(operation), resend_lost=True)
        except (NotAcceptedError, ReplyLostError) as error:
            raise WaitingError(f"{wanted.model.name}: cannot ask about operation {operation}: {error}") from error
        if not isinstance(poll, Running):
            return poll
        if loop.time() >= deadline:
            raise WaitingError(
                f"{wanted.model.name}: operation {operation} still runs after {policy.wait_seconds:g} s "
                f"({dollars(entry.price)} are spent); run again to go on waiting for it"
            )
        await asyncio.sleep(policy.poll_seconds * random.uniform(0.8, 1.2))


async def _fetch(purchases: Purchases, wanted: Commission, done: Done, path: Path) -> None:
    try:
        await purchases.policy.retry.run(lambda: wanted.port.fetch(done, path), resend_lost=True)
    except (NotAcceptedError, ReplyLostError) as error:
        said = f"{wanted.model.name}: cannot fetch a finished clip: {error}"
        raise WaitingError(f"{said}; run again to try again") from error


async def _fetch_again(purchases: Purchases, entry: Request, draft: Draft, wanted: Commission) -> Making | None:
    """Fetch the result of a settled operation once more, for nothing, if the provider still has it."""
    operation = entry.operation or ""
    try:
        poll = await purchases.policy.retry.run(lambda: wanted.port.poll(operation), resend_lost=True)
        if not isinstance(poll, Done):
            return None
        await _fetch(purchases, wanted, poll, draft.path)
    except (NotAcceptedError, ReplyLostError, WaitingError):
        return None
    return Making(_told(entry), entry.price, fingerprint=entry.fingerprint, fetched=True)


def _told(entry: Request) -> dict[str, Json]:
    return {"request": entry.id, "operation": entry.operation}


def _without_result(entry: Request, what: str) -> str:
    return f"operation {entry.operation}: {what}; run again to ask anew, which costs {dollars(entry.price)}"
