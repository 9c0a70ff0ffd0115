"""A command line in a process of its own, in a session of its own, which a test can stop at a known place."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

import vidpipe
from tests.signals.processes import heed_signals, mark_of, marked, redirect, stayed, stream
from vidpipe import conduct
from vidpipe.__main__ import main
from vidpipe.lock import hold

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from vidpipe.engine.layout import Layout
    from vidpipe.results import JobResult

TURNS = 200
"""Far more turns of the event loop than what is cancelled takes to give up."""
PATIENCE = 60.0
"""Seconds after which what a process should have told will not come any more."""


@dataclass(slots=True)
class Line:
    """The process's end of a line to the test that began it."""

    end: socket.socket
    said: set[bytes] = field(default_factory=set)

    def tell(self, word: bytes) -> None:
        """Tell the test one letter, once."""
        if word not in self.said:
            self.said.add(word)
            self.end.sendall(word)

    def wait(self) -> None:
        """Wait until the test says go, which lets everything go from then on."""
        self.end.recv(1, socket.MSG_PEEK)

    def stop_at(self, owner: object, name: str) -> None:
        """Stop a call, before it begins, until the test says go; the test is told `h`."""
        original = getattr(owner, name)

        def held(*given: Any, **named: Any) -> Any:
            self.tell(b"h")
            self.wait()
            return original(*given, **named)

        setattr(owner, name, held)

    def tell_when_waiting(self) -> None:
        """Tell the test `w` when the lock is tried for the second time."""
        tried: list[Layout] = []

        def told(layout: Layout, **named: str) -> AbstractContextManager[None]:
            tried.append(layout)
            if len(tried) == 2:
                self.tell(b"w")
            return hold(layout, **named)

        setattr(conduct, "hold", told)  # noqa: B010

    def report_signals(self) -> None:
        """Tell the test `s` as soon as the first signal has been understood, then `t` once the loop went round a lot.

        A job that comes to its end in between is told as `e`.
        """
        from vidpipe.conduct import Conductor
        from vidpipe.workshop import Run

        stop, conduct = Run.stop, Conductor.conduct

        def heard(run: Run, *given: Any) -> None:
            stop(run, *given)
            self.tell(b"s")
            self._go_round(TURNS)

        async def conducted(conductor: Conductor) -> JobResult:
            try:
                return await conduct(conductor)
            finally:
                if b"s" in self.said:
                    self.tell(b"e")

        Run.stop = heard  # type: ignore[assignment,method-assign]
        Conductor.conduct = conducted  # type: ignore[assignment,method-assign]

    def _go_round(self, turns: int) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(self._go_round, turns - 1) if turns else self.tell(b"t")


@dataclass(slots=True)
class Begun:
    """The test's end of that line, and the process."""

    pid: int
    end: socket.socket
    folder: Path

    def expect(self, word: bytes) -> None:
        """Wait until the process has told a letter."""
        readable, _, _ = select.select([self.end], [], [], PATIENCE)
        told = self.end.recv(1) if readable else b"nothing"
        assert told == word, f"{word!r} was to be told, {told!r} was\n{self.out}{self.err}"

    def go(self) -> None:
        """Let the process go on, if it has not ended: one that a signal finds while it starts waits for nobody."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.end.sendall(b"g")

    def kill(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to the process, or to its whole group."""
        (os.killpg if group else os.kill)(self.pid, number)

    def ended(self) -> int:
        """Wait for the end and return the exit code, or the negative number of the signal that killed it."""
        descriptor = os.pidfd_open(self.pid)
        try:
            readable, _, _ = select.select([descriptor], [], [], PATIENCE)
        finally:
            os.close(descriptor)
        if not readable:
            self.kill_all()
        code = self.reap()
        assert readable, f"the process does not end\n{self.out}{self.err}"
        return code

    def kill_all(self) -> None:
        """Kill the process, with all that it has begun."""
        for pid in {self.pid, *marked(mark_of(self.pid))}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def reap(self) -> int:
        """Take note of the end, which is near."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        _begun.remove(self)
        self.end.close()
        return code

    def left(self) -> set[int]:
        """Return the processes that it has begun and left behind, in whatever folder, group or session they are."""
        return stayed(marked(mark_of(self.pid)) - {self.pid})

    @property
    def out(self) -> str:
        """What was printed on stdout."""
        return (self.folder / f"{self.pid}.out").read_text()

    @property
    def err(self) -> str:
        """What was printed on stderr."""
        return (self.folder / f"{self.pid}.err").read_text()

    @property
    def json(self) -> Any:
        """The one object on stdout."""
        return json.loads(self.out)

    @property
    def told(self) -> str:
        """All messages of all jobs."""
        return "\n".join(line for job in self.json["jobs"] for line in job.get("messages", []))


_begun: list[Begun] = []
"""Those that nobody has waited for yet."""


def preload() -> None:
    """Import here, once, what every process would import for itself."""
    for module in pkgutil.walk_packages(vidpipe.__path__, "vidpipe."):
        import_module(module.name)
    import_module("google.genai.types")


def begin(folder: Path, *arguments: str, inside: Callable[[Line], None] = lambda _line: None) -> Begun:
    """Begin a command line; `inside` is called in its process first. What it prints is kept in `folder`."""
    mine, its = socket.socketpair()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            gc.disable()  # it would touch, and so copy, every page that the two processes share
            mine.close()
            os.setsid()
            heed_signals()
            os.environ["PATH"] += f":{mark_of(os.getpid())}"
            redirect(folder)
            inside(Line(its))
            sys.stdout, sys.stderr = stream(1), stream(2)
            told = main(arguments)
            for one in (sys.stdout, sys.stderr):
                if one is not None:
                    one.flush()
            code = told
        except BaseException:
            (folder / f"{os.getpid()}.err").write_text(traceback.format_exc())  # stderr may take nothing
        finally:
            os._exit(code)
    its.close()
    begun = Begun(child, mine, folder)
    _begun.append(begun)
    return begun


def end_all() -> None:
    """Kill every process that was begun here and that nobody has waited for, with all that it has begun."""
    while _begun:
        begun = _begun[-1]
        begun.kill_all()
        begun.reap()
