"""Writing to the standard streams: a reader that went away, or a full disk behind stderr, never stops a paid run."""

from __future__ import annotations

import io
import os
import select
from typing import IO

STANDARD_OUTPUT = "standard output"
"""What an error calls the stream that results go to."""


def say(stream: IO[str] | None, text: str) -> None:
    """Write a result. A reader that went away (`| head -1`) is no error. Raises OSError where it cannot be written."""
    try:
        _write(stream, text)
    except BrokenPipeError:
        silence(stream)
    except OSError as error:
        silence(stream)
        raise OSError(error.errno, error.strerror, STANDARD_OUTPUT) from error


def tell(stream: IO[str] | None, text: str) -> None:
    """Write progress; what cannot be written is left out."""
    try:
        _write(stream, text)
    except OSError:
        silence(stream)


def silence(stream: IO[str] | None) -> None:
    """Send a stream, and what is still in its buffer, to nowhere: the interpreter flushes it once more at its end."""
    if stream is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def _write(stream: IO[str] | None, text: str) -> None:
    if stream is not None and text:
        stream.write(text + "\n")
        stream.flush()


def tell_if_taken(stream: IO[str] | None, text: str) -> None:
    """Write past every buffer and lock, if that can be done without waiting: words of a process that leaves at once."""
    if stream is None:
        return
    try:
        _, ready, _ = select.select([], [stream.fileno()], [], 0)
        if ready:
            os.write(stream.fileno(), text.encode(errors="backslashreplace"))
    except (OSError, ValueError):
        return


class Screen(io.TextIOBase):
    """A terminal that may go away while something is drawn on it: what cannot be written is left out."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal."""
        return str(getattr(self._stream, "encoding", None) or "utf-8")

    def write(self, text: str) -> int:
        """Write, or leave it out."""
        try:
            return self._stream.write(text)
        except OSError:
            silence(self._stream)
            return len(text)

    def flush(self) -> None:
        """Write what is still in the buffer, or leave it out."""
        try:
            self._stream.flush()
        except OSError:
            silence(self._stream)

    def isatty(self) -> bool:
        """Whether it is still a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._stream.fileno()
