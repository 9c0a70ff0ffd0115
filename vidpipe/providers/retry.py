"""Retry: the one place where a request is sent again, and only where that can buy nothing twice unasked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential, wait_random

from vidpipe.providers.base import NotAcceptedError, ReplyLostError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon: exponential waits between `shortest` and `longest` seconds plus up to `jitter`.

    A wait that would end after the `deadline`, in seconds from the first attempt, is not begun: the error comes then.
    """

    attempts: int = 5
    shortest: float = 2.0
    longest: float = 60.0
    jitter: float = 2.0
    deadline: float = 600.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def wait(self, state: RetryCallState) -> float:
        """Return the seconds to wait: what the provider asked for, or more if it was asked often already.

        Fifty who are told the same number of seconds do not wake up together.
        """
        error = state.outcome.exception() if state.outcome else None
        apart = wait_random(0, self.jitter)(state)
        usual = wait_exponential(multiplier=self.shortest, max=self.longest)(state)
        asked = error.retry_after if isinstance(error, NotAcceptedError | ReplyLostError) else None
        if asked is None:
            return usual + apart
        return max(asked, usual if state.attempt_number > 1 else 0.0) + apart

    async def run(self, send: Callable[[], Awaitable[T]], *, resend_lost: bool = False) -> T:
        """Send until it is accepted; a lost reply is asked for again only where `resend_lost` says so."""

        def again(error: BaseException) -> bool:
            if isinstance(error, NotAcceptedError):
                return error.retry
            return resend_lost and isinstance(error, ReplyLostError)

        async def attempt() -> T:  # tenacity awaits what an `async def` returns, but not what a lambda returns
            return await send()

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.deadline),
            wait=self.wait,
            retry=retry_if_exception(again),
            sleep=self.sleep,
            reraise=True,
        )
        return await retrying(attempt)
