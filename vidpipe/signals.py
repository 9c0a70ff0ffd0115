"""The signals that end a program before its time, and the exit code of each."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CODES = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.TERMINATED, signal.SIGHUP: Exit.TERMINATED}


class TerminatedError(KeyboardInterrupt):
    """The program was asked to end, by another one or because its terminal went away."""


def interruption(code: Exit) -> KeyboardInterrupt:
    """Return the error that says what a signal of this exit code has done."""
    return TerminatedError("ended by a signal") if code is Exit.TERMINATED else KeyboardInterrupt()


_parting: list[Callable[[], None]] = []


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


@contextmanager
def on_leaving(deed: Callable[[], None]) -> Iterator[None]:
    """Have something done if the process leaves at once before the block has ended; it must wait for nobody."""
    _parting.append(deed)
    try:
        yield
    finally:
        _parting.remove(deed)


def leave(code: Exit) -> NoReturn:
    """End the process at once, with nothing but what was asked for to be done then."""
    for deed in reversed(_parting):
        with suppress(Exception):
            deed()
    os._exit(code)


def leave_with(code: int) -> None:
    """Let a signal that comes from now on end the process at once with the code that its result has already got."""
    for number in heeded():
        signal.signal(number, lambda _number, _frame: os._exit(code))
