"""How a report is to be worded: in colour or not, short or with everything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["good", "warn", "bad", "dim", "bold"]

CODES: dict[Role, str] = {"good": "32", "warn": "33", "bad": "31", "dim": "2", "bold": "1"}


@dataclass(frozen=True, slots=True)
class Voice:
    """`quiet` tells only errors and the last line, `verbose` every reason and event."""

    colour: bool = False
    quiet: bool = False
    verbose: bool = False

    def paint(self, role: Role | None, text: str) -> str:
        """Return a text in the colour of its role, where colours are wanted."""
        return f"\033[{CODES[role]}m{text}\033[0m" if self.colour and role else text


PLAIN = Voice()


def wants_colour(stream: IO[str] | None, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream is a terminal that may be sent colours (https://no-color.org)."""
    return is_terminal(stream, environ) and not environ.get("NO_COLOR")


def is_terminal(stream: IO[str] | None, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream is a terminal that understands escape sequences."""
    return stream is not None and stream.isatty() and environ.get("TERM") != "dumb"
