"""What every command does with its answer: lines for a person, or one JSON object, on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from vidpipe.report.stream import say
from vidpipe.report.voice import Voice, wants_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vidpipe.report.jsonout import Document


def voice_of(quiet: bool = False, verbose: bool = False) -> Voice:
    """Return the voice for stdout."""
    return Voice(wants_colour(sys.stdout), quiet, verbose)


def show(as_json: bool, document: Callable[[], Document], lines: Callable[[], Sequence[str]]) -> None:
    """Print an answer in the form that was asked for; only that form is made."""
    if as_json:
        from vidpipe.report.jsonout import written

        say(sys.stdout, written(document()))
    else:
        say(sys.stdout, "\n".join(lines()))
