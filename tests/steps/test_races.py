"""Things that happen at the same moment, or at the wrong one: money and files come through all the same."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import TYPE_CHECKING

from tests.project import Project, long
from tests.toy import picture_of
from vidpipe import workshop
from vidpipe.engine.judge import Action, State
from vidpipe.engine.look import Looker
from vidpipe.errors import Exit
from vidpipe.lock import holder
from vidpipe.providers.base import NotAcceptedError, RefusedError, VideoRequest
from vidpipe.steps import clip, film

if TYPE_CHECKING:
    import pytest

    from vidpipe.engine.look import View
    from vidpipe.engine.order import Making, Order


def test_an_operation_is_written_down_at_once_however_busy_the_worker_threads_are(toy: Project) -> None:
    toy.spec(scenes=1)
    gate = threading.Event()
    seen: list[str] = []

    def look() -> None:
        seen.extend(request.status for request in toy.ledger().requests.values() if request.kind == "video")
        gate.set()

    async def occupy() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(40):
            loop.run_in_executor(None, gate.wait, 10)
        loop.call_later(0.3, look)

    toy.server.on("video", occupy)
    toy.done()
    assert seen == ["submitted"]


def test_a_target_that_is_looked_at_while_its_like_comes_to_its_end_is_not_bought_twice(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"] = [{**value["scenes"][0], "continuity": "cut"}] * 2
    toy.write_board(value)
    look, made = Looker.look, threading.Event()

    def slowly(self: Looker, order: Order) -> View:
        view = look(self, order)
        if order.name == long("start 1") and not self.settings.dry and not made.is_set():
            made.wait(10)  # what was seen is old by the time it is told
        return view

    def ended(event: object) -> None:
        outcome = getattr(event, "outcome", None)
        if outcome is not None and outcome.name == long("start 0"):
            threading.Timer(0.1, made.set).start()

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


def test_pictures_are_read_when_their_clips_turn_has_come_and_not_for_all_scenes_at_once(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    toy.spec(scenes=6)
    toy.done(until="keyframes")
    built, ahead = [], []
    request = clip._request

    def counted(*args: object) -> VideoRequest:
        built.append(args)
        return request(*args)  # type: ignore[arg-type]

    async def submitted() -> None:
        await asyncio.sleep(0.02)
        ahead.append(len(built) - toy.server.sent("video"))

    monkeypatch.setattr(clip, "_request", counted)
    toy.server.on("video", submitted, times=None)
    toy.done()
    assert len(built) == 6
    assert max(ahead) == 0


def test_a_frame_that_is_repainted_while_its_clip_waits_for_its_turn_costs_nothing(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "1")
    toy.spec()
    toy.done(until="keyframes")
    waits: list[int] = []

    def repaint() -> None:
        (first,) = (request for _, request in toy.server.requests if isinstance(request, VideoRequest))
        waits.append(max({0, 1, 2} - {int(first.motion_prompt[-2])}))
        toy.path(f"end {waits[0]}").write_bytes(picture_of("by hand"))

    toy.server.on("poll", repaint)
    ran = toy.run()
    assert (ran.exit, ran.outcomes[f"clip {waits[0]}"].action) == (Exit.DECISION, Action.BLOCKED)
    assert toy.server.sent("video") == 2


def test_failing_fast_reaches_a_job_that_was_only_being_planned(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec("one", scenes=1)
    toy.spec("two", scenes=1)
    failed = threading.Event()

    def late(loaded: object, layout: object, say: object) -> None:
        if getattr(layout, "root").name == "two":  # noqa: B009 - an object to this test
            failed.wait(10)
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
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    stitch, held = film._stitch, []

    def slowly(*args: object) -> Making:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)  # in a worker thread, while the loop hears of the signal
        held.append(holder(toy.layout()))
        return stitch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(film, "_stitch", slowly)
    assert toy.run().exit is Exit.INTERRUPTED
    assert held != [None]
    monkeypatch.setattr(film, "_stitch", stitch)
    toy.done()
    assert toy.server.calls == (1, 2, 1)
