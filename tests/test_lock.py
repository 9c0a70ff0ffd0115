"""One run per job directory: who comes second is told who was first, and a killed run leaves nothing to clean up."""

from __future__ import annotations

import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from vidpipe.engine.judge import State
from vidpipe.engine.layout import Layout
from vidpipe.errors import BusyError, Exit
from vidpipe.lock import Holder, hold, holder
from vidpipe.place import shown_path
from vidpipe.results import JobState

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setattr("vidpipe.lock.PATIENCE", 0.0)
    return Layout(tmp_path / "job")


def test_nobody_holds_what_is_not_there_and_looking_writes_nothing(layout: Layout) -> None:
    assert holder(layout) is None
    assert not layout.root.exists()


def test_the_second_one_is_told_who_was_first(layout: Layout) -> None:
    with hold(layout):
        assert holder(layout) == Holder(os.getpid(), socket.gethostname())
        with pytest.raises(BusyError, match=f"pid {os.getpid()} on {socket.gethostname()}"), hold(layout):
            pass
    assert holder(layout) is None
    with hold(layout):
        pass
    assert layout.lock.exists()


def test_a_killed_holder_leaves_the_lock_free(layout: Layout) -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with hold(layout):
                os.write(writer, b"held")
                signal.pause()
        finally:
            os._exit(1)
    assert os.read(reader, 4) == b"held"
    assert holder(layout) == Holder(child, socket.gethostname())
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    assert holder(layout) is None
    with hold(layout):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x", "host": 1}', '{"pid": 1}'])
def test_a_lock_whose_file_says_nothing_sensible_is_still_a_lock(layout: Layout, text: str) -> None:
    with hold(layout):
        layout.lock.write_text(text)
        assert holder(layout) == Holder()
        assert "pid" not in str(holder(layout))


def test_a_look_at_a_free_lock_does_not_take_it(layout: Layout) -> None:
    with hold(layout):
        pass
    for _ in range(3):
        assert holder(layout) is None
    with hold(layout):
        pass


def test_a_run_that_finds_its_job_held_exits_75_and_names_the_holder(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidpipe.lock.PATIENCE", 0.0)
    toy.spec("one")
    toy.spec("two")
    with hold(toy.layout("one")):
        ran = toy.run("one", "two")
    one, two = ran.result.jobs
    assert (one.exit_code, one.state, two.exit_code) == (Exit.BUSY, JobState.BUSY, Exit.DONE)
    assert one.messages[0].startswith(
        f"{shown_path(toy.layout('one').root)}: another run holds this job (pid {os.getpid()}"
    )
    assert ran.exit is Exit.BUSY
    assert not toy.path("storyboard", "one").exists()


def test_a_run_with_nothing_to_do_needs_no_lock(toy: Project) -> None:
    toy.spec()
    toy.done()
    with hold(toy.layout()):
        assert toy.run().exit is Exit.DONE


def test_a_plan_of_a_held_job_says_busy_and_waits_for_nobody(toy: Project) -> None:
    toy.spec()
    toy.done(until="storyboard")
    with hold(toy.layout()):
        planned = toy.plan()
    assert planned.job.state is JobState.BUSY
    assert planned.exit is Exit.DONE
    assert f"pid {os.getpid()}" in planned.said


def test_while_a_run_is_at_work_a_pending_target_is_being_made_and_not_edited(toy: Project) -> None:
    from dataclasses import replace

    from tests.project import long
    from tests.toy import clip_of
    from vidpipe.engine.pending import Pending, write_pending
    from vidpipe.engine.store import Store

    toy.spec()
    toy.done()
    new = clip_of("new")
    store = Store(toy.layout())
    write_pending(store, Pending(replace(toy.record("clip 1"), digest="f" * 64), "draft", None))
    toy.path("clip 1").write_bytes(new)
    with hold(toy.layout()):
        planned = toy.plan()
    assert planned.state("clip 1") is State.BUSY
    assert long("clip 1") not in planned.said


def test_a_run_that_waits_gets_its_turn(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.lock.PATIENCE", 0.0)
    monkeypatch.setattr("vidpipe.conduct.WAIT_SECONDS", 0.0)
    toy.spec()
    held = hold(toy.layout())
    held.__enter__()
    looks = 0

    def look(layout: Layout, *, otherwise: str) -> object:
        nonlocal looks
        looks += 1
        if looks == 3:
            held.__exit__(None, None, None)
        return hold(layout, otherwise=otherwise)

    monkeypatch.setattr("vidpipe.conduct.hold", look)
    assert toy.run(wait=True).exit is Exit.DONE
    assert looks >= 3
