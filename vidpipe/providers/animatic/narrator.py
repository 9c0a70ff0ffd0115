"""What a voice says over a scene: the script's own words, as many as can be said while the scene lasts."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.sentences import WIDE, Break, joined, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.animatic.partition import Beat

PER_SECOND = 12
"""Letters, spaces among them: two words."""
WIDE_LETTER = 4
"""How many letters one of those counts for that stand for a syllable or a word."""
STRETCH = 1.4
"""How far one whole sentence may go over that: the scene's last picture is held for it."""

STOPS = " ,;:-\N{EN DASH}\N{EM DASH}\N{IDEOGRAPHIC COMMA}\N{FULLWIDTH COMMA}"
"""What a speech does not end on."""


def spoken(beat: Beat, seconds: int) -> str:
    """Return the words for one scene, at most about two a second.

    They are whole sentences if at least one of them can be said, else as many clauses or words as can be. Where several
    scenes show the same text, each says its share.
    """
    room = PER_SECOND * seconds
    parts = pieces(beat.text)
    sentences = joined(parts, Break.SENTENCE)
    if beat.views > 1:
        sentences = _share(joined(parts, Break.JOINT) if len(sentences) < beat.views else sentences, beat)
        return _fitting(sentences, room) or _cut(" ".join(sentences), room)
    whole = _fitting(sentences, room) or _fitting(sentences[:1], room * STRETCH)
    return whole or _cut(sentences[0] if sentences else "", room)


def _share(texts: Sequence[str], beat: Beat) -> tuple[str, ...]:
    """Return the texts that begin in one view of those that share them."""
    ends = list(accumulate(map(length, texts)))
    total = ends[-1] if ends else 0
    begins = [end - length(text) for end, text in zip(ends, texts, strict=True)]
    return tuple(
        text for begin, text in zip(begins, texts, strict=True) if begin * beat.views // (total or 1) == beat.view
    )


def _fitting(texts: Sequence[str], room: float) -> str:
    """Return as many of the first texts as there is room for."""
    ends = accumulate(length(text) + 1 for text in texts)
    return " ".join(text for text, end in zip(texts, ends, strict=True) if end - 1 <= room)


def _cut(sentence: str, room: float) -> str:
    """Return the beginning of a sentence that is too long to be said: clauses, or if none fits words."""
    clauses = _fitting(joined(pieces(sentence), Break.JOINT), room)
    words = clauses or _fitting(sentence.split(), room) or sentence[: int(room) // WIDE_LETTER]
    return words.rstrip(STOPS)


def length(text: str) -> int:
    """Return how long a text takes to be said, in letters of an alphabet."""
    return len(text) + (WIDE_LETTER - 1) * len(WIDE.findall(text))
