"""What every command does with its answer: lines for a person, or one JSON object, on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vidpipe.report.jsonout import Document
    from vidpipe.report.voice import Voice


def voice_of(quiet: bool = False, verbose: bool = False) -> Voice:
    """Return the voice for stdout."""
    from vidpipe.report.voice import Voice, wants_colour

    return Voice(wants_colour(sys.stdout), quiet, verbose)


def show(as_json: bool, document: Callable[[], Document], lines: Callable[[], Sequence[str]], *, code: int = 0) -> None:
    """Print an answer in the form that was asked for; only that form is made.

    Raises OSError where stdout takes nothing, unless the exit `code` is that of a signal: its terminal may be gone.
    """
    from vidpipe.errors import Exit
    from vidpipe.report.jsonout import written
    from vidpipe.report.stream import say, tell

    try:
        say(sys.stdout, written(document()) if as_json else "\n".join(lines()))
    except OSError as error:
        if code not in {Exit.INTERRUPTED, Exit.TERMINATED}:
            raise
        tell(sys.stderr, f"vidpipe: {error.filename}: {error.strerror}")
