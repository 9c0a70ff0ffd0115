"""The program on a terminal: a real one of the kernel's, at whose other end the test reads and types."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path

import vidpipe
from tests.signals.begun import PATIENCE
from tests.signals.processes import heed_signals, mark_of, marked, stayed

CTRL_C = b"\x03"
HIDE, SHOW = b"\x1b[?25l", b"\x1b[?25h"
ROWS, COLUMNS = 24, 100
SEQUENCE = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z])|\r|\n|[^\x1b\r\n]+")
HOME = Path(vidpipe.__file__).parents[1]


@dataclass(slots=True)
class Terminal:
    """The end of a terminal at which a person sits."""

    master: int
    slave: int
    pid: int
    modes: list[object]
    shown: bytearray = field(default_factory=bytearray)
    over: bool = False

    def read(self, seconds: float = 0.0) -> bool:
        """Take in what the program has written by now, after waiting for something at most so long."""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                data = os.read(self.master, 1 << 16)
            except OSError:
                return False
            if not data:
                return False
            self.shown += data
            seconds = 0.0
        return True

    def expect(self, text: bytes, *, after: int = 0) -> None:
        """Wait until the program has written something."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown[after:] and time.monotonic() < end:
            self.read(0.1)
        assert text in self.shown[after:], f"{text!r} was to be shown\n{bytes(self.shown)!r}"

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.master, keys)

    def hang_up(self) -> None:
        """Close the window."""
        self.read()
        os.close(self.master)
        self.master = -1

    def ended(self) -> int:
        """Read on to the end of the process and return its exit code, or the negative number of what killed it."""
        descriptor, end = os.pidfd_open(self.pid), time.monotonic() + PATIENCE
        watched = [one for one in (descriptor, self.master) if one >= 0]
        try:
            while descriptor not in (ready := select.select(watched, [], [], PATIENCE)[0]):
                if not ready or time.monotonic() > end:
                    os.kill(self.pid, signal.SIGKILL)
                    break
                self.read()
        finally:
            os.close(descriptor)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.over = True
        if self.master >= 0:
            self.read()
        assert code != -signal.SIGKILL, f"the process does not end\n{bytes(self.shown)!r}"
        return code

    def close(self) -> None:
        """Let go of both ends; a run that should have ended by now is killed."""
        if not self.over:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for descriptor in (self.master, self.slave):
            if descriptor >= 0:
                os.close(descriptor)

    def left(self) -> set[int]:
        """Return the processes that it has begun and left behind."""
        return stayed(marked(mark_of(self.pid)) - {self.pid})

    def hides_cursor(self) -> bool:
        """Whether the cursor cannot be seen."""
        return self.shown.rfind(HIDE) > self.shown.rfind(SHOW)

    @property
    def unchanged(self) -> bool:
        """Whether the terminal's modes are those that it had before."""
        return termios.tcgetattr(self.slave) == self.modes

    @property
    def lines(self) -> list[str]:
        """What can be read on the screen, as far as anything is written there."""
        return drawn(self.shown.decode())


def drawn(text: str) -> list[str]:
    """Return the lines that a terminal of any height shows after a text; knows what the program uses, no more."""
    lines, row, column = [""], 0, 0
    for found in SEQUENCE.finditer(text):
        private, number, letter = found.groups()
        if found[0] == "\r":
            column = 0
        elif found[0] == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif letter is None:
            kept = lines[row].ljust(column)
            lines[row] = kept[:column] + found[0] + kept[column + len(found[0]) :]
            column += len(found[0])
        elif letter == "A":
            row = max(row - int(number or 1), 0)
        elif letter == "K":
            assert number == "2", f"{found[0]!r} is not known here"
            lines[row] = ""
        else:
            assert letter == "m" or (private and number == "25"), f"{found[0]!r} is not known here"
    return [line.rstrip() for line in lines]


def on_terminal(*arguments: str, prelude: str = "") -> Terminal:
    """Begin `python -m vidpipe` as a person does in a new terminal; a `prelude` is Python that is executed before."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    modes = termios.tcgetattr(slave)
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(HOME)}
    program = ["-c", f"{prelude}\nimport sys, vidpipe.__main__\nsys.exit(vidpipe.__main__.main())"]
    program = program if prelude else ["-m", "vidpipe"]
    for name in ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        environment.pop(name, None)
    child = os.fork()
    if child == 0:
        try:
            os.close(master)
            os.login_tty(slave)
            heed_signals()
            os.closerange(3, 256)
            environment["PATH"] += f":{mark_of(os.getpid())}"
            os.execve(sys.executable, [sys.executable, *program, *arguments], environment)
        finally:
            os._exit(99)
    return Terminal(master, slave, child, modes)
