"""Processes that tests begin, and what these begin in their turn."""

from __future__ import annotations

import os
import select
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DYING = 5.0
"""Seconds that a process which is killed may need."""


def heed_signals() -> None:
    """Heed every signal, though whoever began the tests (`nohup`, or a shell's `&`) may have had some ignored."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@contextmanager
def heeded_signals() -> Iterator[None]:
    """Heed every signal until the block ends. One that was ignored and is not expected then still ends nothing."""
    ignored = [number for number in ENDING if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else lambda _number, _frame: None)
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)


def redirect(folder: Path) -> None:
    """Send what is printed to files that are called after the process."""
    for number, name in ((1, "out"), (2, "err")):
        descriptor = os.open(folder / f"{os.getpid()}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(descriptor, number)
        os.close(descriptor)


def stream(number: int) -> TextIO | None:
    """Return a standard stream as Python has it at its start: none where the descriptor is closed."""
    try:
        return open(number, "w", closefd=False)
    except OSError:
        return None


def mark_of(pid: int) -> str:
    """Return a folder, which there is not, for PATH: the one variable that every program which vidpipe begins gets."""
    return f"/nowhere/begun-by-{pid}"


def marked(mark: str) -> set[int]:
    """Return the living processes that were begun with a mark in their PATH."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def stayed(processes: set[int]) -> set[int]:
    """Return the processes that do not end; one that the kernel is killing for its parent's end takes a moment."""
    found = set()
    for pid in processes:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ended, _, _ = select.select([descriptor], [], [], DYING)
        finally:
            os.close(descriptor)
        if not ended:
            found.add(pid)
    return found
