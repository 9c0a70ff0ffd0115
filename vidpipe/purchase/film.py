"""Buy a clip: at most one paid request, ever, unless somebody says otherwise."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Standing
from vidpipe.engine.order import Making, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.errors import LostError
from vidpipe.files import refuse_detour
from vidpipe.ledger.request import is_operation_name
from vidpipe.providers.base import Done, NotAcceptedError, RefusedError, ReplyLostError, Running
from vidpipe.purchase.books import ProviderError, refusal_text
from vidpipe.purchase.operation import fetch_again, finish, lost_ways
from vidpipe.redact import redacted
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from vidpipe.engine.order import Draft
    from vidpipe.ledger.request import Request
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
                return await finish(purchases, entry, draft, wanted.port)
        except RefusedError as error:
            _raise_if_refused(purchases, draft, error)
    if standing is Standing.SETTLED and entry is not None:
        async with purchases.limits.slot(wanted.model.name):
            making = await fetch_again(purchases, entry, draft, wanted.port)
        if making is not None:
            return making
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
        refuse_detour(draft.path.parent)
        await wanted.port.fetch(poll, draft.path)
    return Making()


async def _film_new(purchases: Purchases, draft: Draft, wanted: Commission) -> Making:
    while True:
        try:
            async with purchases.limits.slot(wanted.model.name):
                entry = await _order(purchases, draft, wanted)
                return await finish(purchases, entry, draft, wanted.port)
        except RefusedError as error:
            _raise_if_refused(purchases, draft, error)
        except NotAcceptedError as error:
            raise ProviderError(f"{wanted.model.name}: {error}") from error
        except ReplyLostError as error:
            raise LostError(
                f"{wanted.model.name}: {error}: the request may have been accepted, so it is not sent again by itself: "
                f"{lost_ways(draft.target, wanted.price)}"
            ) from error


async def _order(purchases: Purchases, draft: Draft, wanted: Commission) -> Request:
    """Have a request accepted; one that certainly was not is sent again, at the pace that the model's limits set."""
    request = await asyncio.to_thread(wanted.request)
    sent = 0

    async def submit() -> Request:
        nonlocal sent
        if sent:  # the first start is the slot's own
            await purchases.limits.start(wanted.model.name)
        sent += 1
        return await to_the_end(_submit(purchases, draft, wanted, request), keep=False)

    return await purchases.policy.retry.run(submit)


def _raise_if_refused(purchases: Purchases, draft: Draft, error: RefusedError) -> None:
    """Raise RefusedTargetError where no further attempt is allowed after a refusal."""
    if purchases.refusal_holds(draft.fingerprint, draft.request_floor):
        raise RefusedTargetError(draft.target, refusal_text(error.refusal)) from error


async def _submit(purchases: Purchases, draft: Draft, wanted: Commission, request: VideoRequest) -> Request:
    entry = await purchases.intend(draft, wanted.model, wanted.price, request)
    try:
        await purchases.give_up_lost(draft)  # not before the new request is certain to be sent, and is paid for
    except OSError:
        await purchases.rejected(entry, "not sent: the ledger cannot be written")
        raise
    try:
        operation = await wanted.port.submit(request)
        if not is_operation_name(operation):
            named = shown_text(redacted(operation))
            raise ReplyLostError(f"the answer names an operation that cannot be asked for: {named}")
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
