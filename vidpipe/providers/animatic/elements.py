"""What a script's words can show: what each element is called in a prompt, what changes on it, what moves in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The part that an element plays in a picture."""

    PLACE = "place"
    INSIDE = "place with a ceiling"
    HOUR = "hour"
    WEATHER = "weather"
    THING = "thing"
    LIFE = "figure or animal"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing a picture can show. In its texts, {word} is the script's own word for it.

    `later` says what a few seconds have changed, `moving` what stirs meanwhile: whole clauses, without a full stop.
    """

    name: str
    kind: Kind
    phrase: str
    words: frozenset[str]
    later: tuple[str, ...]
    moving: tuple[str, ...]


def element(kind: Kind, name: str, phrase: str, words: str, later: str, moving: str) -> Element:
    """Make an element of plain texts: words parted by spaces, clauses by semicolons."""
    return Element(name, kind, phrase, frozenset(words.split()), _clauses(later), _clauses(moving))


def _clauses(text: str) -> tuple[str, ...]:
    return tuple(clause.strip() for clause in text.split(";"))
