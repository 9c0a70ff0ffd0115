"""What a line of a caption is made of: words, or letters where a script has no spaces, and how well it breaks there."""

# ruff: noqa: RUF001 (signs of many scripts look like those of ASCII and are not)
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from vidpipe.media.captions.letters import clusters, columns, is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE = frozenset(".!?…。！？｡؟۔।॥።")
_CLAUSE = frozenset(",;:—–、，；：،؛")
_CLOSING = frozenset("\"'”’»›)]}」』）】》〉〕］｝〗｣")
_OPENING = frozenset("“‘«‹([{„‚「『（【《〈〔［｛〖｢¿¡")
_NOT_FIRST = (
    frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶーゝゞヽヾ々〻・％‰°℃") | _SENTENCE | _CLAUSE | _CLOSING
)
"""What no line begins with (the kinsoku rules of JIS X 4051, which the other scripts without spaces share)."""

_HIRAGANA = range(0x3041, 0x30A0)


class Break(Enum):
    """How well a text breaks after a unit."""

    SENTENCE = "sentence"
    CLAUSE = "clause"
    WORD = "word"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Unit:
    """Letters that stay on one line; `spaced` is whether a space stands before them, `ends` what ends with them."""

    text: str
    columns: int
    spaced: bool
    ends: Break


def units(text: str, width: int) -> list[Unit]:
    """Divide a cleaned text into units, none wider than a line of `width` columns, 2 or more."""
    found: list[Unit] = []
    for word in text.split():
        spaced = bool(found)
        pieces = list(_pieces(word, width))
        for place, piece in enumerate(pieces):
            wide = sum(map(columns, piece))
            after = pieces[place + 1][0][0] if place + 1 < len(pieces) else ""
            found.append(Unit("".join(piece), wide, spaced and place == 0, _ends(piece, after)))
    return found


def _ends(piece: list[str], after: str) -> Break:
    """Say what ends with a piece of a word, `after` which the word goes on, if it does.

    A full stop inside of a word, as in 3.14, ends nothing. In Japanese a phrase rarely begins with hiragana.
    """
    last = not after
    inner = [cluster for cluster in piece if cluster not in _CLOSING] or piece
    sign = inner[-1][0]
    wide = is_wide(inner[-1])
    if sign in _SENTENCE and (last or wide):
        return Break.SENTENCE
    if sign in _CLAUSE and (last or wide or sign in "—–"):
        return Break.CLAUSE
    return Break.WORD if last or (is_wide(piece[-1]) and ord(after) not in _HIRAGANA) else Break.LETTER


def _pieces(word: str, width: int) -> Iterator[list[str]]:
    """Yield a word in pieces of clusters: broken between wide letters, and wherever it is longer than a line."""
    piece: list[str] = []
    for cluster in clusters(word):
        if piece and (_may_break(piece[-1], cluster) or sum(map(columns, piece)) + columns(cluster) > width):
            yield piece
            piece = []
        piece.append(cluster)
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after[0] in _NOT_FIRST or before[-1] in _OPENING:
        return False
    return is_wide(before) or is_wide(after) or before in {"—", "–"}
