"""The paragraphs of a script, and whether the ends of their lines are meant."""

# ruff: noqa: RUF001 - the marks that look like others are looked for here
from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

SEPARATOR = re.compile(r"[\s*#_~=•·⁂—–-]+")
LIST_ITEM = re.compile(r"(?:[-*•–]|\d{1,3}[.)]) ")
VERSE_WIDTH = 64
NARROW = 50
UNREACHED = 10**9


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines between blank lines; those of verse stay lines, others are joined. `gap` parts it from the next one."""

    text: str
    gap: str

    @property
    def is_separator(self) -> bool:
        """Whether it is a row of asterisks or dashes between two parts of a script."""
        return SEPARATOR.fullmatch(self.text) is not None


def paragraphs(script: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs and separators of a script, their white space made plain."""
    found = _lines(script)
    wrapped_at = _wrapped_at(found)
    gaps = ["\n" if _is_verse(lines, wrapped_at) else " " for lines in found]
    return tuple(Paragraph(gap.join(lines), gap) for lines, gap in zip(found, gaps, strict=True))


def _lines(script: str) -> list[list[str]]:
    """Return the lines of each paragraph, their inner white space made single; a separator is one of its own."""
    found: list[list[str]] = [[]]
    for line in script.splitlines():
        plain = " ".join(line.split())
        if not plain or SEPARATOR.fullmatch(plain):
            found += [[plain], []] if plain else [[]]
        else:
            found[-1].append(plain)
    return [lines for lines in found if lines]


def _is_verse(lines: list[str], wrapped_at: int) -> bool:
    """Tell lines that end where their writer meant them to from prose that an editor wrapped."""
    if len(lines) < 2:
        return False
    if all(LIST_ITEM.match(line) for line in lines):
        return True
    is_full = [_is_full(line, following, wrapped_at) for line, following in pairwise(lines)]
    capitals = len(lines) > 2 and all(line[0].isupper() for line in lines)
    return max(map(len, lines)) <= VERSE_WIDTH and (not all(is_full) or capitals)


def _wrapped_at(paragraphs: list[list[str]]) -> int:
    """Return the width that the prose of a script is wrapped at, out of reach if its line ends are meant.

    Wrapped prose shows itself: hardly a line could have taken the next line's first word within the common width.
    Few people wrap prose in a narrow column, so there it takes more to show it.
    """
    joins = [join for lines in paragraphs for join in pairwise(lines)]
    width = max((len(line) for lines in paragraphs for line in lines if len(lines) > 1), default=0)
    full = sum(_is_full(line, following, width) for line, following in joins)
    enough = 0.8 * len(joins) if width > NARROW else max(4, len(joins))
    return width if full >= enough else UNREACHED


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width
