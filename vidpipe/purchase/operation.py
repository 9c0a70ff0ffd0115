"""Go on with an operation that was bought: poll it to its end, fetch its result, say what became of it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.order import Making
from vidpipe.errors import LostError, WaitingError
from vidpipe.files import refuse_detour
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
)
from vidpipe.purchase.books import ProviderError, settle

if TYPE_CHECKING:
    from decimal import Decimal

    from vidpipe.engine.order import Draft
    from vidpipe.errors import VidpipeError
    from vidpipe.ledger.request import Request
    from vidpipe.providers.base import Poll, Unclear, VideoModel
    from vidpipe.purchase.books import Purchases

FORGOTTEN = "the provider does not know it any more"
TRANSIENT = "the provider calls a new request reasonable"
LASTING = "the same request will probably fail again, so change its prompt or redo its keyframes first"


async def finish(purchases: Purchases, entry: Request, draft: Draft, port: VideoModel) -> Making:
    """Poll an open operation to its end and fetch its result into the draft.

    Raises RefusedError, WaitingError where the next run is to ask again, LostError where a name that was adopted is
    nobody's, ProviderError where nothing will come of it.
    """
    poll = await _poll_to_end(purchases, entry, draft, port)
    if isinstance(poll, Refused):
        await purchases.refused(entry, poll)
        raise RefusedError(poll.reason, poll.codes)
    if isinstance(poll, Gone):
        raise await _gone(purchases, entry, draft, poll)
    if isinstance(poll, Failed):
        advice = TRANSIENT if poll.transient else LASTING
        raise await _ended(purchases, entry, poll, f"it failed: {poll.message}; {advice}")
    if not isinstance(poll, Done):
        raise WaitingError(_of_no_use(entry, draft, f"its result is not understood: {poll.received}"))
    try:
        await _fetch(purchases, port, poll, draft)
    except (NotAcceptedError, ReplyLostError) as error:
        raise _cannot("fetch the clip of", entry, draft, error) from error
    return replace(_making(entry, draft), placed=lambda: settle(purchases.ledger, entry, entry.price))


async def fetch_again(purchases: Purchases, entry: Request, draft: Draft, port: VideoModel) -> Making | None:
    """Fetch the result of a settled operation once more, for nothing; None where it is certain that there is none.

    Raises WaitingError in every other case: what was paid for is not paid for again because a server is out of order.
    """
    try:
        poll = await _ask(purchases, entry, port)
        if isinstance(poll, Done):
            await _fetch(purchases, port, poll, draft)
            return replace(_making(entry, draft), fetched=True)
    except NotThereError:
        return None
    except (NotAcceptedError, ReplyLostError) as error:
        raise WaitingError(_out_of_reach(entry, draft, str(error))) from error
    if isinstance(poll, Failed | Refused) or poll == Gone():
        return None
    raise WaitingError(_out_of_reach(entry, draft, told_of(poll)))


async def pause(purchases: Purchases) -> None:
    """Wait until an operation may be asked about again; those that began together are not asked about together."""
    await purchases.policy.retry.sleep(purchases.policy.poll_seconds * random.uniform(0.8, 1.2))


def told_of(poll: Running | Gone | Unclear) -> str:
    """Put into words how an operation stands that has brought nothing."""
    if isinstance(poll, Gone):
        return f"{FORGOTTEN}{f' ({poll.hint})' if poll.hint else ''}"
    return "it is said to run still" if isinstance(poll, Running) else f"its result is not understood: {poll.received}"


def lost_ways(target: str, price: Decimal) -> str:
    """Name the ways out for a request whose reply is lost."""
    return (
        f"--on-lost resubmit pays {dollars(price)} again, --on-lost abandon counts it as refused, and "
        f"`vidpipe adopt JOB {target} OPERATION` goes on with the operation that the provider's console shows"
    )


async def _poll_to_end(
    purchases: Purchases, entry: Request, draft: Draft, port: VideoModel
) -> Done | Refused | Failed | Gone | Unclear:
    policy, loop = purchases.policy, asyncio.get_running_loop()
    deadline = loop.time() + policy.wait_seconds
    while True:
        try:
            poll = await _ask(purchases, entry, port)
        except (NotAcceptedError, ReplyLostError) as error:
            raise _cannot("ask about", entry, draft, error) from error
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


async def _fetch(purchases: Purchases, port: VideoModel, done: Done, draft: Draft) -> None:
    refuse_detour(draft.path.parent)  # polling took minutes
    await purchases.policy.retry.run(lambda: port.fetch(done, draft.path), resend_lost=True)


async def _gone(purchases: Purchases, entry: Request, draft: Draft, poll: Gone) -> VidpipeError:
    """Return the error for an operation that the provider does not know, with the ledger as that asks for.

    A name that a person gave may be mistyped: its request is lost again. Where there is another possible reason, such
    as another key, the operation stays open.
    """
    if entry.status == "adopted":
        story = f"{told_of(poll)}, though it was adopted"
        await purchases.note(entry, "unknown", story=story)
        ways = lost_ways(draft.target, entry.price)
        return LostError(f"{entry.model}: operation {entry.operation}: {story}; its request is lost again: {ways}")
    if poll.hint:
        return WaitingError(
            f"{entry.model}: operation {entry.operation}: {told_of(poll)}; {dollars(entry.price)} are spent, so it "
            f"stays open: run again as it was begun, or {_new_take(entry, draft)}"
        )
    return await _ended(purchases, entry, poll, FORGOTTEN)


async def _ended(purchases: Purchases, entry: Request, poll: Failed | Gone, what: str) -> ProviderError:
    """Write down that an operation came to nothing, and return the error that says so and what a new attempt costs."""
    story = f"{what}; run again to ask anew, which costs {dollars(entry.price)}"
    await purchases.note(entry, "gone" if isinstance(poll, Gone) else "failed", story=story)
    return ProviderError(f"operation {entry.operation}: {story}")


def _making(entry: Request, draft: Draft) -> Making:
    return Making(
        {"request": entry.id, "operation": entry.operation},
        entry.price,
        fingerprint=entry.fingerprint,
        damaged=lambda found: WaitingError(_of_no_use(entry, draft, f"its clip arrived damaged: {found}")),
    )


def _cannot(what: str, entry: Request, draft: Draft, error: NotAcceptedError | ReplyLostError) -> WaitingError:
    """Say that an open operation is out of reach, and what helps: another run, or where none will, a new take."""
    lasts = isinstance(error, NotAcceptedError) and not error.retry and error.retry_after is None
    way = f"if that cannot be helped, {_new_take(entry, draft)}" if lasts else "run again to try again"
    return WaitingError(f"{entry.model}: cannot {what} operation {entry.operation}: {error}; {way}")


def _out_of_reach(entry: Request, draft: Draft, why: str) -> str:
    return (
        f"{entry.model}: the clip of operation {entry.operation} is paid for ({dollars(entry.spent)}), and cannot be "
        f"fetched again now: {why}; run again to try again, or {_new_take(entry, draft)}"
    )


def _of_no_use(entry: Request, draft: Draft, why: str) -> str:
    return (
        f"{entry.model}: operation {entry.operation} is finished, but {why}; {dollars(entry.spent)} are spent, so "
        f"nothing is bought instead and the next run asks about it again; if you can fetch the clip yourself, put it "
        f"at {draft.target} and vidpipe adopts it, or {_new_take(entry, draft)}"
    )


def _new_take(entry: Request, draft: Draft) -> str:
    return f"`vidpipe redo JOB {draft.target}` asks for a new take, which costs {dollars(entry.price)}"
