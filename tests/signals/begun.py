"""A command line in a process of its own, in a session of its own, which a test can stop at a known place."""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vidpipe
from vidpipe.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 30.0
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

    def report_signals(self) -> None:
        """Tell the test `s` as soon as the first signal has been understood."""
        from vidpipe.workshop import Run

        stop = Run.stop

        def heard(run: Run, *given: Any) -> None:
            stop(run, *given)
            self.tell(b"s")

        Run.stop = heard  # type: ignore[assignment,method-assign]


@dataclass(slots=True)
class Begun:
    """The test's end of that line, and the process."""

    pid: int
    end: socket.socket
    folder: Path
    root: Path
    """Current folder of the process, and so of every process that it begins."""

    def expect(self, word: bytes) -> None:
        """Wait until the process has told a letter."""
        readable, _, _ = select.select([self.end], [], [], PATIENCE)
        told = self.end.recv(1) if readable else b"nothing"
        assert told == word, f"{word!r} was to be told, {told!r} was\n{self.out}{self.err}"

    def go(self) -> None:
        """Let the process go on."""
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
            os.kill(self.pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.end.close()
        assert readable, f"the process does not end\n{self.out}{self.err}"
        return code

    def left(self) -> set[int]:
        """Return the processes that it has left behind, in whatever group or session they are."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                at_home = (entry / "cwd").readlink().is_relative_to(self.root)
            except OSError:
                continue
            if at_home and int(entry.name) != os.getpid():
                found.add(int(entry.name))
        return found

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
            _redirect(folder)
            inside(Line(its))
            code = main(arguments)
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)
    its.close()
    return Begun(child, mine, folder, Path.cwd())


def _redirect(folder: Path) -> None:
    """Send what is printed to files that are called after the process."""
    for number, name in ((1, "out"), (2, "err")):
        descriptor = os.open(folder / f"{os.getpid()}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115
