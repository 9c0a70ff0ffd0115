"""One worker process as its parent sees it: started, asked, ended."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from vidpipe.errors import StoppedError
from vidpipe.media.worker.wire import LONGEST_REPLY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import IO

LOOK_UP = 0.1
"""Seconds between two looks at whether to stop."""
_READ = 1 << 16
_LAST_WORDS = 1 << 13
_KEPT = frozenset(
    {"PATH", "LANG", "LANGUAGE", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
    | {"HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS"}  # where fonts lie
)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""numpy would start a thread a core, which costs time and address space and is never used."""


class TimeUpError(Exception):
    """The worker has not answered in time."""


class NoReplyError(Exception):
    """The worker closed its end, or or, as its text then says, answered with what is no reply."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a worker gets: none that holds a secret, and the modules that this process uses."""
    kept = {name: value for name, value in given.items() if name in _KEPT or name.startswith("LC_")}
    modules = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
    return kept | _ONE_THREAD | {"PYTHONPATH": modules}


class Worker:
    """One process, in a session and group of its own. It is used by one thread at a time.

    The thread that makes it must live as long as it does: Linux takes that thread's end for the parent's.
    """

    def __init__(self, memory: int, registry: str) -> None:
        options = ["-P", "-s", *(["-B"] if sys.dont_write_bytecode else [])]
        options += ["-X", f"utf8={sys.flags.utf8_mode}"]  # file names mean the same on both sides
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *options, "-m", "vidpipe.media.worker", str(os.getpid()), str(memory), registry],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd="/",
            env=environment(os.environ),
            start_new_session=True,
        )
        self.pid = self._process.pid
        self.last_words = b""
        self._requests, self._replies, self._errors = (
            cast("IO[bytes]", pipe) for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        for pipe in (self._requests, self._replies, self._errors):
            os.set_blocking(pipe.fileno(), False)

    def quiet(self) -> bool:
        """Whether the worker, which is asked nothing now, is still there and has said nothing."""
        with selectors.PollSelector() as watch:
            watch.register(self._replies, selectors.EVENT_READ)
            return not watch.select(0)

    def ask(self, request: bytes, seconds: float, stop: Callable[[], bool]) -> bytes:
        """Return the line that answers a line; raises TimeUpError, NoReplyError or StoppedError, and never waits on."""
        end = time.monotonic() + seconds
        rest, reply = memoryview(request), bytearray()
        with selectors.PollSelector() as watch:
            watch.register(self._requests, selectors.EVENT_WRITE)
            watch.register(self._replies, selectors.EVENT_READ)
            watch.register(self._errors, selectors.EVENT_READ)
            while not reply.endswith(b"\n"):
                if stop():
                    raise StoppedError
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeUpError
                for key, _ in watch.select(min(left, LOOK_UP)):
                    if key.fileobj is self._requests:
                        rest = self._write(rest)
                        if not rest:
                            watch.unregister(self._requests)
                    elif key.fileobj is self._replies:
                        self._read_reply(reply)
                    elif not self._read_errors():
                        watch.unregister(self._errors)
        return bytes(reply)

    def _write(self, rest: memoryview) -> memoryview:
        try:
            return rest[os.write(self._requests.fileno(), rest) :]
        except BlockingIOError:
            return rest
        except BrokenPipeError:
            return rest[:0]  # the end of its replies tells the rest

    def _read_reply(self, reply: bytearray) -> None:
        data = os.read(self._replies.fileno(), _READ)
        if not data:
            raise NoReplyError
        reply += data
        if b"\n" in data[:-1]:
            raise NoReplyError("its reply is more than one line")
        if len(reply) > LONGEST_REPLY:
            raise NoReplyError(f"its reply is longer than {LONGEST_REPLY >> 20} MiB")

    def _read_errors(self) -> bool:
        """Keep the end of what it says on standard error; False once that is closed."""
        try:
            data = os.read(self._errors.fileno(), _READ)
        except BlockingIOError:
            return False
        self.last_words = (self.last_words + data)[-_LAST_WORDS:]
        return bool(data)

    def end(self) -> int:
        """Kill the worker and its group, and return how it ended, as `subprocess` counts: -11 for signal 11."""
        if self._process.returncode is not None:
            return self._process.returncode
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses it for a group that is dead already
            os.killpg(self.pid, signal.SIGKILL)  # not reaped yet, so the number is still its own
        code = self._process.wait()
        self._read_errors()
        self._close()
        return code

    def forget(self) -> None:
        """Let go of a worker that belongs to the process this one was forked from."""
        self._process.returncode = 0
        self._close()

    def _close(self) -> None:
        for pipe in (self._requests, self._replies, self._errors):
            pipe.close()
