"""Processes that tests begin, and what these begin in their turn."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path

DYING = 5.0
"""Seconds that a process which is killed may need."""


def heed_signals() -> None:
    """Heed every signal, though whoever began the tests (`nohup`, or a shell's `&`) may have had some ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


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
