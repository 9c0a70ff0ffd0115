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


def show(as_json: bool, document: Callable[[], Document], lines: Callable[[], Sequence[str]]) -> None:
    """Print an answer in the form that was asked for; only that form is made."""
    from vidpipe.report.jsonout import written
    from vidpipe.report.stream import say

    say(sys.stdout, written(document()) if as_json else "\n".join(lines()))
