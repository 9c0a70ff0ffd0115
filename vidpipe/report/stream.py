"""Writing to the standard streams: a reader that went away, or a full disk behind stderr, never stops a paid run."""

from __future__ import annotations

import os
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
