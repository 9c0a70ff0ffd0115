"""What is said of a worker that did not answer."""

from __future__ import annotations

import signal

from vidpipe.errors import BrokenFileError
from vidpipe.words import shown_text

_LONGEST = 200
MAKE_ANEW = "convert the file anew, or delete it to have it made again"


class WorkerError(BrokenFileError):
    """A worker process crashed, or needed too much memory or time, at the file `name`."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name


def too_much_memory(most: int) -> str:
    """Say that a task ran out of memory; `most` is in bytes."""
    return f"this needed more than {_size(most)} of memory; use smaller or shorter clips"


def too_long(seconds: float) -> str:
    """Say that a task took too much time."""
    return (
        f"this took longer than {seconds:,g} s and was given up; run again when the machine has less to do, "
        "or use smaller or shorter clips"
    )


def ended(code: int, last_words: bytes, processor: float) -> str:
    """Say how a worker ended; `code` as of `subprocess`, `last_words` the end of its standard error."""
    if code == -signal.SIGXCPU:
        return f"this needed more than {processor:,g} s of processor time; use smaller or shorter clips"
    if code == -signal.SIGKILL:
        return "the decoder was killed (signal 9), as a machine out of memory does; close other programs and run again"
    if code < 0:
        return f"the decoder crashed ({_signal(-code)}); {MAKE_ANEW}"
    words = _last_line(last_words)
    return f"the decoder ended (exit code {code}{f': {words}' if words else ''}); {MAKE_ANEW}"


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
