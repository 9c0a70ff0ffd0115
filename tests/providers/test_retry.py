"""When a request is sent again: not all at the same moment, and not after the time that a run has for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from vidpipe.providers.base import NotAcceptedError, ReplyLostError
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[[float | None], NotAcceptedError | ReplyLostError]


async def _waits(*errors: Exception, deadline: float = 600.0) -> tuple[list[float], object]:
    """Send until the errors are used up; return what was slept, and the reply or the error that came of it."""
    slept: list[float] = []
    left = list(errors)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def send() -> str:
        if left:
            raise left.pop(0)
        return "reply"

    try:
        return slept, await RetryPolicy(deadline=deadline, sleep=sleep).run(send, resend_lost=True)
    except (NotAcceptedError, ReplyLostError) as error:
        return slept, error


def waits(*errors: Exception, deadline: float = 600.0) -> tuple[list[float], object]:
    return asyncio.run(_waits(*errors, deadline=deadline))


def busy(seconds: float | None) -> NotAcceptedError:
    return NotAcceptedError("429", retry=True, retry_after=seconds)


def lost(seconds: float | None) -> ReplyLostError:
    return ReplyLostError("503", retry_after=seconds)


TOLD = pytest.mark.parametrize("told", [busy, lost])


@TOLD
def test_fifty_who_are_told_to_wait_37_seconds_do_not_wake_up_together(told: Told) -> None:
    slept = [waits(told(37))[0][0] for _ in range(50)]
    assert all(37 <= seconds <= 39 for seconds in slept)
    assert len(set(slept)) > 40


def test_who_is_told_nothing_waits_longer_each_time() -> None:
    slept, reply = waits(*[busy(None)] * 4)
    assert reply == "reply"
    assert [low <= seconds <= low + 2 for seconds, low in zip(slept, (2, 4, 8, 16), strict=True)] == [True] * 4


def test_who_is_told_to_hurry_again_and_again_takes_the_usual_time_nevertheless() -> None:
    slept, _ = waits(*[busy(0)] * 3)
    assert slept[0] <= 2
    assert slept[1] >= 4
    assert slept[2] >= 8


@TOLD
def test_a_wait_that_would_pass_the_deadline_is_not_begun(told: Told) -> None:
    error = told(37)
    assert waits(error, deadline=36) == ([], error)
    slept, reply = waits(error, deadline=45)
    assert (len(slept), reply) == (1, "reply")


def test_a_request_that_is_wrong_is_sent_once() -> None:
    error = NotAcceptedError("400", retry_after=1)
    assert waits(error) == ([], error)
