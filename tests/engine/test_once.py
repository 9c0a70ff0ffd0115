"""Asking twice builds once; asking oneself raises instead of hanging; what is in flight is finished."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.once import CycleError, Once, every
from vidpipe.engine.patience import to_the_end

if TYPE_CHECKING:
    from collections.abc import Coroutine


def run(work: Coroutine[object, object, object]) -> object:
    async def in_time() -> object:
        return await asyncio.wait_for(work, 5)

    return asyncio.run(in_time())


def test_a_question_that_is_asked_twice_at_once_is_answered_once() -> None:
    async def scenario() -> None:
        once, runs = Once(), 0

        async def answer() -> int:
            nonlocal runs
            await asyncio.sleep(0)
            runs += 1
            return runs

        assert await every(once.ask("a", answer), once.ask("a", answer)) == [1, 1]
        assert await once.ask("a", answer) == 1

    run(scenario())


def test_everybody_who_asked_gets_the_error() -> None:
    async def scenario() -> None:
        once, runs = Once(), 0

        async def answer() -> None:
            nonlocal runs
            runs += 1
            raise ValueError("no")

        for _ in range(2):
            with pytest.raises(ValueError, match="no"):
                await once.ask("a", answer)
        assert runs == 1

    run(scenario())


def test_a_question_that_needs_itself_raises() -> None:
    async def scenario() -> None:
        once = Once()

        async def answer() -> None:
            await once.ask("a", answer)

        with pytest.raises(CycleError, match="a needs a"):
            await once.ask("a", answer)

    run(scenario())


@pytest.mark.parametrize("gathered", [False, True])
def test_a_cycle_through_others_raises_instead_of_hanging(gathered: bool) -> None:
    async def scenario() -> None:
        once = Once()

        async def ask(question: str) -> None:
            following = {"a": "b", "b": "c", "c": "a"}[question]
            asked = once.ask(following, lambda: ask(following))
            await (every(asked, asyncio.sleep(0)) if gathered else asked)

        with pytest.raises(CycleError):
            await every(*(once.ask(name, lambda name=name: ask(name)) for name in "abc"))  # type: ignore[misc]

    run(scenario())


def test_a_diamond_is_no_cycle() -> None:
    async def scenario() -> None:
        once, runs = Once(), []
        needs = {"film": ["clip 0", "clip 1"], "clip 0": ["frame"], "clip 1": ["frame"], "frame": []}

        async def make(name: str) -> str:
            await every(*(once.ask(needed, lambda needed=needed: make(needed)) for needed in needs[name]))  # type: ignore[misc]
            runs.append(name)
            return name

        assert await once.ask("film", lambda: make("film")) == "film"
        assert sorted(runs) == sorted(needs)

    run(scenario())


def test_what_is_in_flight_is_finished_before_an_error_is_raised() -> None:
    async def scenario() -> None:
        done = []

        async def slow() -> None:
            await asyncio.sleep(0.01)
            done.append("slow")

        async def fail() -> None:
            raise ValueError("first")

        with pytest.raises(ValueError, match="first"):
            await every(fail(), slow())
        assert done == ["slow"]

    run(scenario())


def test_one_asker_that_is_cancelled_does_not_take_the_answer_from_the_others() -> None:
    async def scenario() -> None:
        once, go = Once(), asyncio.Event()

        async def answer() -> int:
            await go.wait()
            return 1

        first, second = (asyncio.create_task(once.ask("a", answer)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        go.set()
        assert await second == 1

    run(scenario())


def test_stopping_cancels_what_still_runs_and_waits_for_its_end() -> None:
    async def scenario() -> None:
        once, ended = Once(), []

        async def answer() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(True)

        asking = asyncio.create_task(once.ask("a", answer))
        await asyncio.sleep(0.01)
        await once.stop()
        assert ended == [True]
        with pytest.raises(asyncio.CancelledError):
            await asking

    run(scenario())


# Patience


@pytest.mark.parametrize("keep", [True, False])
def test_what_was_paid_for_is_awaited_to_its_end_although_its_caller_is_cancelled(keep: bool) -> None:
    async def scenario() -> None:
        written = []

        async def send() -> int:
            await asyncio.sleep(0.01)
            written.append("reply")
            return 1

        task = asyncio.create_task(to_the_end(send(), keep=keep))
        await asyncio.sleep(0)
        task.cancel()
        if keep:
            assert await task == 1
        else:
            with pytest.raises(asyncio.CancelledError):
                await task
        assert written == ["reply"]

    run(scenario())


def test_a_second_cancellation_gets_through() -> None:
    async def scenario() -> None:
        task = asyncio.create_task(to_the_end(asyncio.sleep(60), keep=True))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(scenario())


def test_work_that_fails_after_a_cancellation_stays_cancelled() -> None:
    async def scenario() -> None:
        async def fail() -> None:
            await asyncio.sleep(0.01)
            raise ValueError

        task = asyncio.create_task(to_the_end(fail(), keep=True))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(scenario())
