"""A pool of workers: whatever one of them does, its caller learns it in words and everybody else goes on."""

from __future__ import annotations

import os
import resource
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.worker.ready import PATIENCE, Ready
from vidpipe.errors import BrokenFileError, StoppedError, UnreadableFileError
from vidpipe.media.worker.failure import UncheckedError, WorkerError, ended
from vidpipe.media.worker.pool import WorkerLimits, Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vidpipe.media.plain import Json

DEEDS = "tests.media.worker.deeds"
MEMORY = 1 << 30


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    with Workers(limits=WorkerLimits(MEMORY, PATIENCE), registry=DEEDS) as workers:
        yield workers


def test_arguments_and_results_come_through_as_they_are(pool: Workers) -> None:
    given: dict[str, Json] = {"text": "\udcff é\n", "numbers": [1, 2.5, None, True], "long": "x" * 300_000, "empty": {}}
    assert pool.call("echo", given, name="x") == given


def test_a_worker_is_used_again(pool: Workers) -> None:
    assert pool.call("pid", {}, name="x") == pool.call("pid", {}, name="x") != os.getpid()


def test_two_calls_run_at_the_same_time(pool: Workers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    both = {"pipe": str(tmp_path / "pipe")}
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(pool.call, task, both, name="x") for task in ("wait_for_reader", "wait_for_writer")]
        assert [call.result() for call in calls] == [3, "met"]


def test_more_calls_than_workers_wait_for_their_turn(pool: Workers) -> None:
    with ThreadPoolExecutor(8) as threads:
        pids = list(threads.map(lambda number: pool.call("pid", {"number": number}, name="x"), range(32)))
    assert len(set(pids)) <= 2


@pytest.mark.parametrize(
    ("task", "kind", "words"),
    [
        ("crash", WorkerError, "clip.mp4: the decoder crashed (signal 11, SIGSEGV)"),
        ("starve", UncheckedError, "clip.mp4: the decoder was killed (signal 9)"),
        ("give_up", UncheckedError, r"clip.mp4: the decoder ended (exit code 7: \x1b[31mlast words)"),
        ("boast", WorkerError, "clip.mp4: the decoder went wrong (its reply is longer than 4 MiB)"),
    ],
)
def test_a_worker_that_dies_is_told_in_words_and_replaced(
    pool: Workers, task: str, kind: type[WorkerError], words: str
) -> None:
    before = pool.call("pid", {}, name="x")
    with pytest.raises(WorkerError) as caught:
        pool.call(task, {}, name="clip.mp4")
    assert words in str(caught.value)
    assert caught.value.name == "clip.mp4"
    assert type(caught.value) is kind
    assert isinstance(caught.value, BrokenFileError)
    assert pool.call("pid", {}, name="x") != before


@pytest.mark.parametrize(
    ("signals", "stopped"),
    [
        ((signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL), False),
        ((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU), True),
    ],
)
def test_a_decoder_that_crashes_speaks_of_the_file_and_one_that_is_stopped_does_not(
    signals: tuple[signal.Signals, ...], stopped: bool
) -> None:
    for number in signals:
        assert isinstance(ended("clip.mp4", -number, b"", 1.0), UnreadableFileError) is stopped


@pytest.mark.parametrize(
    "line",
    ["\n", "{}\n", '{"id": 0, "value": 1}\n', '{"id": NaN, "value": 1}\n', "[" * 60_000 + "\n", "\x00\n", "{}\n{}"],
)
def test_a_reply_that_is_none_counts_as_a_crash(pool: Workers, line: str) -> None:
    with pytest.raises(WorkerError, match=r"clip.mp4: the decoder went wrong \(.+\)"):
        pool.call("garbage", {"line": line}, name="clip.mp4")
    assert pool.call("echo", {}, name="x") == {}


def test_what_ffmpeg_does_not_take_is_told_of_the_file_and_the_worker_goes_on(pool: Workers) -> None:
    before = pool.call("pid", {}, name="x")
    with pytest.raises(
        WorkerError, match=r"^clip.mp4: FFmpeg cannot work with it \(.+\); convert the file anew"
    ) as caught:
        pool.call("refuse", {}, name="clip.mp4")
    assert not isinstance(caught.value, UncheckedError)
    assert pool.call("pid", {}, name="x") == before


@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="macOS does not hold the limit")
@pytest.mark.parametrize("task", ["allocate", "hidden_memory"])
def test_a_task_that_takes_too_much_memory_is_given_up(pool: Workers, task: str) -> None:
    with pytest.raises(UncheckedError, match="this needed more than 1 GiB of memory"):
        pool.call(task, {}, name="clip.mp4")


def test_a_task_that_takes_too_long_is_killed_with_its_children(pool: Workers, ready: Ready) -> None:
    with pytest.raises(UncheckedError, match=r"clip.mp4: this took longer than 1.5 s and was given up"):
        pool.call("children", {"ready": str(ready.path)}, name="clip.mp4", seconds=1.5)
    ready.pid()
    ready.assert_gone()


def test_a_worker_killed_from_outside_costs_one_call(pool: Workers, ready: Ready) -> None:
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.call, "forever", {"ready": str(ready.path)}, name="clip.mp4")
        other = pool.call("pid", {}, name="x")
        os.kill(ready.pid(), signal.SIGKILL)
        with pytest.raises(UncheckedError, match="signal 9"):
            call.result()
    assert pool.call("pid", {}, name="x") == other


def test_a_worker_killed_while_it_waits_costs_nothing(pool: Workers) -> None:
    idle = pool.call("pid", {}, name="x")
    assert isinstance(idle, int)
    os.kill(idle, signal.SIGKILL)
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
    assert pool.call("pid", {}, name="x") != idle


def test_a_call_that_is_stopped_ends_its_worker(pool: Workers, ready: Ready) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(1) as threads:
        arguments = {"ready": str(ready.path)}
        call = threads.submit(pool.call, "forever", arguments, name="clip.mp4", stop=stop.is_set)
        ready.pid()
        stop.set()
        with pytest.raises(StoppedError):
            call.result()
    ready.assert_gone()


def test_a_call_that_waits_for_a_worker_can_be_stopped(ready: Ready) -> None:
    stop = threading.Event()
    with Workers(1, registry=DEEDS, stop=stop.is_set) as pool, ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.call, "sit_still", {"ready": str(ready.path)}, name="x")
        ready.pid()
        second = threads.submit(pool.call, "echo", {}, name="x")
        stop.set()
        for call in (first, second):
            with pytest.raises(StoppedError):
                call.result()


def test_close_ends_what_runs_and_what_waits(ready: Ready) -> None:
    pool = Workers(registry=DEEDS)
    idle = [pool.call("pid", {}, name="x")]
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pool.call, "sit_still", {"ready": str(ready.path)}, name="x")
        ready.pid()
        idle.append(pool.call("pid", {}, name="x"))
        pool.close()
        with pytest.raises(StoppedError):
            call.result()
    ready.assert_gone()
    for pid in idle:
        with pytest.raises(ProcessLookupError):
            os.kill(int(str(pid)), 0)
    with pytest.raises(StoppedError):
        pool.call("echo", {}, name="x")


def test_what_a_library_prints_does_not_reach_the_parent(pool: Workers) -> None:
    assert pool.call("chatter", {}, name="x") == "what was asked for"
    assert pool.call("read_zeros", {}, name="x") == 0


def test_a_task_that_raises_leaves_its_worker_in_service(pool: Workers) -> None:
    before = pool.call("pid", {}, name="x")
    with pytest.raises(FileNotFoundError) as lost:
        pool.call("missing", {}, name="x")
    assert lost.value.filename == '"no such film"'
    for task, words in (("nonsense", "Out of range float"), ("absent", "no_such_module"), ("unheard of", "KeyError")):
        with pytest.raises(RuntimeError, match=rf"(?s)a bug in a worker.*child\.py.*{words}"):
            pool.call(task, {}, name="x")
    with pytest.raises(TypeError):
        pool.call("echo", {"path": Path("x")}, name="x")  # type: ignore[dict-item]
    assert pool.call("echo", {}, name="x") == {}
    assert before


def test_an_interrupt_is_for_the_parent_to_understand(pool: Workers) -> None:
    assert pool.call("interrupt", {}, name="x") == "still here"


def test_a_worker_runs_under_its_limits(pool: Workers) -> None:
    limits = pool.call("limits", {}, name="x")
    expected = [MEMORY, 0, 256]
    if os.uname().sysname == "Darwin":
        assert isinstance(limits, list)
        limits, expected = limits[1:], expected[1:]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= 256
    assert limits == [[each, each] for each in expected]
