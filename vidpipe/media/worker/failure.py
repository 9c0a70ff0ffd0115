"""What is said of a worker that did not answer."""

from __future__ import annotations

import signal

from vidpipe.errors import BrokenFileError, UnreadableFileError
from vidpipe.words import shown_text

_LONGEST = 200
MAKE_ANEW = "convert the file anew, or delete it to have it made again"
_CRASHES = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGSYS}
)
"""Signals that a process gets for what it did itself."""


class WorkerError(BrokenFileError):
    """A worker process crashed, or answered nonsense, at the file `name`, which counts as damage to that file."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name


class UncheckedError(WorkerError, UnreadableFileError):
    """A worker could not finish with the file `name` here and now: it was stopped, or took too much memory or time.

    Nothing is known of the file. It counts as broken, since nothing can be made from it, but on another day or another
    machine it may be found whole: so nothing that was paid for may be given up for this.
    """


def too_much_memory(name: str, most: int) -> UncheckedError:
    """Say that a task ran out of memory; `most` is in bytes."""
    return UncheckedError(name, f"this needed more than {_size(most)} of memory; use smaller or shorter clips")


def too_long(name: str, seconds: float) -> UncheckedError:
    """Say that a task took too much time."""
    return UncheckedError(
        name,
        f"this took longer than {seconds:,g} s and was given up; run again when the machine has less to do, "
        "or use smaller or shorter clips",
    )


def ended(name: str, code: int, last_words: bytes, processor: float) -> WorkerError:
    """Say how a worker ended; `code` as of `subprocess`, `last_words` the end of its standard error."""
    if -code in _CRASHES:
        return WorkerError(name, f"the decoder crashed ({_signal(-code)}); {MAKE_ANEW}")
    return UncheckedError(name, _stopped(code, last_words, processor))


def _stopped(code: int, last_words: bytes, processor: float) -> str:
    if code == -signal.SIGXCPU:
        return f"this needed more than {processor:,g} s of processor time; use smaller or shorter clips"
    if code == -signal.SIGKILL:
        return "the decoder was killed (signal 9), as a machine out of memory does; close other programs and run again"
    if code < 0:
        return f"the decoder was stopped ({_signal(-code)}); run again"
    words = _last_line(last_words)
    return f"the decoder ended (exit code {code}{f': {words}' if words else ''}); run again, or {MAKE_ANEW}"


def refused(name: str, what: str) -> WorkerError:
    """Say that FFmpeg did not take what is in a file; `what` is its own text."""
    return WorkerError(name, f"FFmpeg cannot work with it ({shown_text(what)}); {MAKE_ANEW}")


def nonsense(why: str) -> str:
    """Say that a worker answered with what is no reply."""
    return f"the decoder went wrong ({why}); {MAKE_ANEW}"


def _size(most: int) -> str:
    return f"{most / (1 << 30):,g} GiB" if most >= 1 << 30 else f"{most >> 20} MiB"


def _signal(number: int) -> str:
    try:
        return f"signal {number}, {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"


def _last_line(last_words: bytes) -> str:
    lines = [line for line in last_words.decode("utf-8", "replace").splitlines() if line.strip()]
    return shown_text(lines[-1].strip()[:_LONGEST]) if lines else ""
