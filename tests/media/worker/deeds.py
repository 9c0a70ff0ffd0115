"""Tasks that only tests want of a worker: to crash, to hang, to be loud. `TASKS` takes the place of the real list."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.media.worker.wire import LONGEST_REPLY

if TYPE_CHECKING:
    from vidpipe.media.plain import Json

NAMES = """
    allocate boast burn chatter children crash echo environment forever garbage give_up hidden_memory interrupt limits
    missing nonsense pid read_zeros refuse sit_still starve wait_for_reader wait_for_writer
    work
"""
TASKS = {name: f"tests.media.worker.deeds:{name}" for name in NAMES.split()}
TASKS |= {"check_clip": TASKS["crash"], "absent": "tests.media.worker.no_such_module:task"}


def echo(arguments: dict[str, Json]) -> Json:
    return arguments


def pid(arguments: dict[str, Json]) -> Json:
    return os.getpid()


def environment(arguments: dict[str, Json]) -> Json:
    return dict(os.environ)


def limits(arguments: dict[str, Json]) -> Json:
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)
    return [list(resource.getrlimit(kind)) for kind in kinds]


def crash(arguments: dict[str, Json]) -> Json:
    return str(ctypes.string_at(0))


def starve(arguments: dict[str, Json]) -> Json:
    """Die as the kernel has a process die that takes the machine's last memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def give_up(arguments: dict[str, Json]) -> Json:
    os.write(2, b"first line\n\x1b[31mlast words\n")
    os._exit(7)


def allocate(arguments: dict[str, Json]) -> Json:
    return len(bytearray(4 << 30))


def hidden_memory(arguments: dict[str, Json]) -> Json:
    try:
        allocate(arguments)
    except MemoryError as error:
        raise BrokenFileError("the file is damaged") from error
    return None


def forever(arguments: dict[str, Json]) -> Json:
    """Say its number to the pipe at `ready`, and be busy until it is killed, with the pipe still open."""
    with Path(str(arguments["ready"])).open("w", encoding="ascii") as ready:
        print(os.getpid(), file=ready, flush=True)
        while True:
            pass


def sit_still(arguments: dict[str, Json]) -> Json:
    """Do the same without taking a processor."""
    with Path(str(arguments["ready"])).open("w", encoding="ascii") as ready:
        print(os.getpid(), file=ready, flush=True)
        Event().wait()
    return None


def children(arguments: dict[str, Json]) -> Json:
    """Leave the pipe at `ready` to a child that would live for ten minutes, and wait for it."""
    with Path(str(arguments["ready"])).open("w", encoding="ascii") as ready:
        print(os.getpid(), file=ready, flush=True)
        return subprocess.run(["sleep", "600"], stdout=ready, check=False).returncode


def burn(arguments: dict[str, Json]) -> Json:
    while True:
        pass


def work(arguments: dict[str, Json]) -> Json:
    """Take processor time until this process has had `seconds` of it, all in all."""
    while time.process_time() < float(str(arguments["seconds"])):
        pass
    return None


def wait_for_reader(arguments: dict[str, Json]) -> Json:
    with Path(str(arguments["pipe"])).open("w", encoding="ascii") as pipe:
        return pipe.write("met")


def wait_for_writer(arguments: dict[str, Json]) -> Json:
    return Path(str(arguments["pipe"])).read_text(encoding="ascii")


def chatter(arguments: dict[str, Json]) -> Json:
    sys.stdout.write('{"id": 1, "value": "forged"}\n')
    sys.stdout.flush()
    os.write(1, b"loud library\n" * 10_000)  # more than a pipe holds
    subprocess.run(["echo", "loud program"], check=True)
    return "what was asked for"


def read_zeros(arguments: dict[str, Json]) -> Json:
    return len(os.read(0, 1))


def interrupt(arguments: dict[str, Json]) -> Json:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def garbage(arguments: dict[str, Json]) -> Json:
    """Write to every pipe of this process, as a decoder could that a file has taken over."""
    line = str(arguments["line"]).encode()
    for descriptor in range(3, 64):
        with suppress(OSError):
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                os.write(descriptor, line)
    Event().wait()
    return None


def nonsense(arguments: dict[str, Json]) -> Json:
    return float("nan")


def boast(arguments: dict[str, Json]) -> Json:
    return "x" * LONGEST_REPLY


def refuse(arguments: dict[str, Json]) -> Json:
    """Give FFmpeg's filters a picture that they were not made for."""
    import av
    from av.filter import Graph

    graph = Graph()
    nodes = graph.add("buffer", "video_size=64x36:pix_fmt=yuv420p:time_base=1/24"), graph.add("bwdif")
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    for number, width in enumerate((64, 640, 640)):
        frame = av.VideoFrame(width, 36, "yuv420p")
        frame.pts = number
        graph.vpush(frame)
        with suppress(av.BlockingIOError):
            graph.vpull()
    return None


def missing(arguments: dict[str, Json]) -> Json:
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), json.dumps("no such film"))
