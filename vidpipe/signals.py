"""The signals that end a program before its time, and the exit code of each."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

CODES = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED, signal.SIGHUP: Exit.TERMINATED}


class TerminatedError(KeyboardInterrupt):
    """The program was asked to end, by another one or because its terminal went away."""


def heeded() -> tuple[signal.Signals, ...]:
    """Return the signals that count here: what whoever began the program had it ignore (`nohup`) stays ignored."""
    return tuple(number for number in CODES if signal.getsignal(number) is not signal.SIG_IGN)


@contextmanager
def like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise TerminatedError, as Ctrl-C raises KeyboardInterrupt, until the block ends."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python runs no handlers there
        return
    before = {number: signal.getsignal(number) for number in heeded() if number != signal.SIGINT}
    for number in before:
        signal.signal(number, _terminate)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminate(number: int, _frame: object) -> None:
    raise TerminatedError(f"ended by {signal.Signals(number).name}")
