"""Go on with an operation that was bought: poll it to its end, fetch its result, say what became of it."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.order import Making
from vidpipe.errors import WaitingError
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Refused, RefusedError, ReplyLostError, Running
from vidpipe.purchase.books import ProviderError, settle

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft
    from vidpipe.ledger import Request
    from vidpipe.providers.base import Poll, Unclear, VideoModel
    from vidpipe.purchase.books import Purchases

FORGOTTEN = "the provider does not know it any more"
TRANSIENT = "the provider calls a new request reasonable"
LASTING = "the same request will probably fail again, so change its prompt or redo its keyframes first"


async def finish(purchases: Purchases, entry: Request, draft: Draft, port: VideoModel) -> Making:
    """Poll an open operation to its end and fetch its result into the draft.

    Raises RefusedError, WaitingError where the next run is to ask again, ProviderError where nothing will come of it.
    """
    poll = await _poll_to_end(purchases, entry, port)
    if isinstance(poll, Refused):
        await purchases.refused(entry, poll)
        raise RefusedError(poll.reason, poll.codes)
    if isinstance(poll, Gone):
        raise await _ended(purchases, entry, poll, f"{FORGOTTEN}{f' ({poll.hint})' if poll.hint else ''}")
    if isinstance(poll, Failed):
        advice = TRANSIENT if poll.transient else LASTING
        raise await _ended(purchases, entry, poll, f"it failed: {poll.message}; {advice}")
    if not isinstance(poll, Done):
        raise WaitingError(_unclear(entry, draft, poll))
    await _fetch(purchases, entry.model, port, poll, draft.path)
    return Making(
        _told(entry),
        entry.price,
        fingerprint=entry.fingerprint,
        placed=lambda: settle(purchases.ledger, entry, entry.price),
    )


async def fetch_again(purchases: Purchases, entry: Request, draft: Draft, port: VideoModel) -> Making | None:
    """Fetch the result of a settled operation once more, for nothing, if the provider still has it."""
    try:
        poll = await _ask(purchases, entry, port)
        if not isinstance(poll, Done):
            return None
        await _fetch(purchases, entry.model, port, poll, draft.path)
    except (NotAcceptedError, ReplyLostError, WaitingError):
        return None
    return Making(_told(entry), entry.price, fingerprint=entry.fingerprint, fetched=True)


async def pause(purchases: Purchases) -> None:
    """Wait until an operation may be asked about again; those that began together are not asked about together."""
    await purchases.policy.retry.sleep(purchases.policy.poll_seconds * random.uniform(0.8, 1.2))


async def _poll_to_end(
    purchases: Purchases, entry: Request, port: VideoModel
) -> Done | Refused | Failed | Gone | Unclear:
    policy, loop = purchases.policy, asyncio.get_running_loop()
    deadline = loop.time() + policy.wait_seconds
    while True:
        try:
            poll = await _ask(purchases, entry, port)
        except (NotAcceptedError, ReplyLostError) as error:
            raise WaitingError(f"{entry.model}: cannot ask about operation {entry.operation}: {error}") from error
        if not isinstance(poll, Running):
            return poll
        if loop.time() >= deadline:
            raise WaitingError(
                f"{entry.model}: operation {entry.operation} still runs after {policy.wait_seconds:g} s "
                f"({dollars(entry.price)} are spent); run again to go on waiting for it"
            )
        await pause(purchases)


async def _ask(purchases: Purchases, entry: Request, port: VideoModel) -> Poll:
    """Ask how an operation stands. That it is gone is believed only if it is said twice, a poll's pause apart."""
    retry, operation = purchases.policy.retry, entry.operation or ""
    poll = await retry.run(lambda: port.poll(operation), resend_lost=True)
    if not isinstance(poll, Gone):
        return poll
    await pause(purchases)
    return await retry.run(lambda: port.poll(operation), resend_lost=True)


async def _fetch(purchases: Purchases, model: str, port: VideoModel, done: Done, path: Path) -> None:
    try:
        await purchases.policy.retry.run(lambda: port.fetch(done, path), resend_lost=True)
    except (NotAcceptedError, ReplyLostError) as error:
        raise WaitingError(f"{model}: cannot fetch a finished clip: {error}; run again to try again") from error


async def _ended(purchases: Purchases, entry: Request, poll: Failed | Gone, what: str) -> ProviderError:
    """Write down that an operation came to nothing, and return the error that says so and what a new attempt costs."""
    story = f"{what}; run again to ask anew, which costs {dollars(entry.price)}"
    await purchases.note(entry, "gone" if isinstance(poll, Gone) else "failed", story=story)
    return ProviderError(f"operation {entry.operation}: {story}")


def _unclear(entry: Request, draft: Draft, poll: Unclear) -> str:
    return (
        f"{entry.model}: operation {entry.operation} is finished, but its result is not understood: {poll.received}; "
        f"{dollars(entry.price)} are spent, so it stays open and the next run asks about it again; if you can fetch "
        f"the clip yourself, put it at {draft.target} and vidpipe adopts it, or `vidpipe redo JOB {draft.target}` asks "
        f"for a new take, which costs {dollars(entry.price)}"
    )


def _told(entry: Request) -> dict[str, Json]:
    return {"request": entry.id, "operation": entry.operation}
