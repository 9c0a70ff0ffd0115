"""A worker process and what is around it: no secret reaches it, and it never outlives those it works for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.worker.ready import PATIENCE
from vidpipe.media.worker.failure import ended
from vidpipe.media.worker.pool import Workers
from vidpipe.media.worker.process import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.media.worker.ready import Ready

DEEDS = "tests.media.worker.deeds"

CANARY = "canary-8f3a"
SECRETS = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells, or does, it")
PARENT = """
import subprocess, sys
from vidpipe.media.worker.pool import Workers
with Workers(registry="tests.media.worker.deeds") as pool:
    {before}
    pool.call(sys.argv[1], {{"ready": sys.argv[2]}}, name="x")
"""
LEAK = """
    pool.call("echo", {}, name="x")
    held = pool._idle[0]._requests.fileno()
    subprocess.Popen(["sleep", "600"], pass_fds=[held], stdout=sys.stderr)
"""


def python(*arguments: str, piped: bool = False) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE if piped else None
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environ,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@LINUX
def test_no_secret_is_in_the_environment_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, CANARY)
    with Workers(registry=DEEDS) as pool:
        pid = pool.call("pid", {}, name="x")
        told = Path(f"/proc/{pid}/environ").read_bytes() + Path(f"/proc/{pid}/cmdline").read_bytes()
        found = pool.call("environment", {}, name="x")
    assert b"PYTHONPATH=" in told
    assert CANARY.encode() not in told
    assert isinstance(found, dict)
    assert CANARY not in found.values()


def test_a_worker_gets_few_variables_and_these_as_they_are() -> None:
    needed = {"PATH": "/bin", "LC_ALL": "C.UTF-8", "TMPDIR": "/t", "HOME": "/home/me"}
    kept = environment(needed | {"PYTHONSTARTUP": "x", "PYTHONPATH": "y", "USER": "me", "VIDPIPE_ANYTHING": "z"})
    assert {name: kept.pop(name) for name in needed} == needed
    assert kept.pop("PYTHONPATH").split(os.pathsep)[0] == str(Path(sys.path[0]).absolute())
    assert kept == {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@LINUX
def test_a_worker_has_no_descriptor_of_its_parent_and_a_group_of_its_own(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as file, Workers(2, registry=DEEDS) as pool:
        os.set_inheritable(file.fileno(), True)
        pid = int(str(pool.call("pid", {}, name="x")))
        opened = {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
        assert os.getpgid(pid) == os.getsid(pid) == pid != os.getpgid(0)
    assert str(tmp_path / "open") not in opened
    assert len(opened) == 4  # nothing, and three pipes to its parent


@pytest.mark.parametrize("task", ["forever", "sit_still"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_dies_with_its_parent(how: signal.Signals, task: str, ready: Ready) -> None:
    parent = python("-c", PARENT.format(before=""), task, str(ready.path))
    with parent:
        ready.pid()
        parent.send_signal(how)
        parent.wait(PATIENCE)
    ready.assert_gone()


@LINUX
def test_a_worker_dies_with_its_parent_even_if_somebody_else_holds_its_pipe(ready: Ready) -> None:
    parent = python("-c", PARENT.format(before=LEAK.strip()), "forever", str(ready.path))
    try:
        with parent:
            ready.pid()
            parent.kill()
        ready.assert_gone()
    finally:
        os.killpg(parent.pid, signal.SIGKILL)  # the program that held the pipe


def serve(requests: Sequence[dict[str, object]]) -> subprocess.Popen[bytes]:
    """Start a worker by hand and ask it, without the parent's side of things."""
    arguments = ["-m", "vidpipe.media.worker", str(os.getpid()), str(1 << 32), DEEDS]
    worker = python(*arguments, piped=True)
    assert worker.stdin is not None
    for number, request in enumerate(requests):
        line = {"id": number, "arguments": {}, "cpu": 60} | request
        worker.stdin.write(json.dumps(line).encode() + b"\n")
    worker.stdin.flush()
    return worker


def test_a_busy_worker_ends_when_its_input_does(ready: Ready) -> None:
    with serve([{"task": "forever", "arguments": {"ready": str(ready.path)}}]) as worker:
        ready.pid()
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(PATIENCE) == 0


def test_processor_time_is_counted_from_the_start_of_each_task() -> None:
    work = [{"task": "work", "arguments": {"seconds": seconds}, "cpu": 1} for seconds in (0.8, 1.4)]
    with serve([*work, {"task": "burn", "cpu": 0}]) as worker:
        assert worker.stdout is not None
        assert [json.loads(worker.stdout.readline())["id"] for _ in range(2)] == [0, 1]
        code = worker.wait(PATIENCE)
    said = str(ended("clip.mp4", code, b"", 3))
    assert said == "clip.mp4: this needed more than 3 s of processor time; use smaller or shorter clips"


def test_a_worker_of_somebody_else_serves_nobody() -> None:
    done = python("-m", "vidpipe.media.worker", "1", str(1 << 32), DEEDS, piped=True)
    with done:
        assert done.wait(PATIENCE) == 0


def test_a_worker_outlives_the_thread_that_first_wanted_it() -> None:
    with Workers(1, registry=DEEDS) as pool:
        found: list[object] = []
        for _ in range(2):
            thread = threading.Thread(target=lambda: found.append(pool.call("pid", {}, name="x")))
            thread.start()
            thread.join()
        assert found[0] == found[1]


def test_a_fork_of_the_parent_leaves_its_workers_alone(ready: Ready) -> None:
    with Workers(1, registry=DEEDS) as pool:
        mine = pool.call("pid", {}, name="x")
        pipes = pool._idle[0]
        child = os.fork()
        if child == 0:
            code = 1
            try:
                assert pipes._requests.closed
                assert pipes._replies.closed
                assert pool.call("pid", {}, name="x") != mine
                pool.close()
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert pool.call("pid", {}, name="x") == mine
