"""Things that happen at the same moment, or at the wrong one: money and files come through all the same."""

from __future__ import annotations

import asyncio
import signal
import threading
from typing import TYPE_CHECKING

from tests.project import Project, long
from tests.steps.films import repeat_scene
from tests.steps.turns import PATIENCE, Interruption, turns
from vidpipe import workshop
from vidpipe.engine.judge import State
from vidpipe.engine.look import Looker
from vidpipe.errors import Exit
from vidpipe.lock import holder
from vidpipe.providers.base import NotAcceptedError, RefusedError
from vidpipe.steps import film

if TYPE_CHECKING:
    import pytest

    from vidpipe.engine.look import View
    from vidpipe.engine.order import Making, Order


def test_an_operation_is_written_down_at_once_however_busy_the_worker_threads_are(toy: Project) -> None:
    toy.spec(scenes=1)
    gate = threading.Event()
    busy: list[asyncio.Future[bool]] = []

    def work() -> bool:
        done = gate.wait(PATIENCE)
        gate.set()
        return done

    async def occupy() -> None:
        loop = asyncio.get_running_loop()
        busy.extend(loop.run_in_executor(None, work) for _ in range(40))

    toy.server.on("video", occupy)
    toy.server.on("poll", gate.set)  # which comes only after the operation was written down
    toy.done()
    assert all(thread.result() for thread in busy), "the ledger waited for a worker thread"


def test_a_target_that_is_looked_at_while_its_like_comes_to_its_end_is_not_bought_twice(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    repeat_scene(toy, 2)
    look, made = Looker.look, threading.Event()
    soon: list[asyncio.Task[None]] = []

    def slowly(self: Looker, order: Order) -> View:
        view = look(self, order)
        if order.name == long("start 1") and not self.settings.dry and not made.is_set():
            made.wait(PATIENCE)  # what was seen is old by the time it is told
        return view

    async def tell() -> None:
        await turns()
        made.set()

    def ended(event: object) -> None:
        outcome = getattr(event, "outcome", None)
        if outcome is not None and outcome.name == long("start 0"):
            soon.append(asyncio.get_running_loop().create_task(tell()))

    monkeypatch.setattr(Looker, "look", slowly)
    ran = toy.run(report=ended)
    assert ran.exit is Exit.DONE, ran.said
    assert toy.server.calls == (1, 2, 1)


def test_a_refusal_holds_although_asking_again_was_not_accepted(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", RefusedError("violence"), holding="motion 1.", times=2)
    toy.run()
    toy.server.on("video", NotAcceptedError("429", retry=True), holding="motion 1.", times=5)
    assert toy.run(retry_refused=True).exit is Exit.FAILED
    sent = toy.server.sent("video")
    ran = toy.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.INCOMPLETE, State.REFUSED)
    assert toy.server.sent("video") == sent


def test_failing_fast_reaches_a_job_that_was_only_being_planned(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec("one", scenes=1)
    toy.spec("two", scenes=1)
    failed = threading.Event()

    def late(loaded: object, layout: object, say: object) -> None:
        if getattr(layout, "root").name == "two":  # noqa: B009 - an object to this test
            failed.wait(PATIENCE)
        workshop.prepare(loaded, layout, say)  # type: ignore[arg-type]

    def hear(event: object) -> None:
        if getattr(getattr(event, "outcome", None), "exit_code", None) is Exit.FAILED:
            failed.set()

    monkeypatch.setattr("vidpipe.conduct.prepare", late)
    toy.server.on("text", NotAcceptedError("400"), times=1)
    ran = toy.run("one", "two", fail_fast=True, report=hear)
    assert ran.exit is Exit.FAILED
    assert toy.server.sent("text") == 1


def test_the_job_is_held_until_a_film_that_is_being_stitched_has_stopped_writing(
    toy: Project, monkeypatch: pytest.MonkeyPatch, interruption: Interruption
) -> None:
    toy.spec(scenes=1)
    stitch, held = film._stitch, []

    def slowly(*args: object) -> Making:
        interruption.send(signal.SIGINT)
        held.append(holder(toy.layout()))
        return stitch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(film, "_stitch", slowly)
    assert toy.run().exit is Exit.INTERRUPTED
    assert len(held) == 1
    assert held != [None]
    monkeypatch.setattr(film, "_stitch", stitch)
    toy.done()
    assert toy.server.calls == (1, 2, 1)


def test_no_thread_stays_behind_for_a_job_that_is_done(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_JOBS", "1")
    names = [f"job-{number}" for number in range(5)]
    for name in names:
        toy.spec(name, scenes=1)
    seen: list[int] = []
    before = _writers()  # of tests that end a run in the middle
    toy.server.on("poll", lambda: seen.append(len(_writers() - before)), times=None)
    toy.done(*names)
    assert len(seen) >= len(names)
    assert max(seen) <= 2, "one of the job at work, one that is about to end"


def _writers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("ledger")}
