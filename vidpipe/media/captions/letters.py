"""A text as a caption sees it: clusters that must stay whole, each with the columns that it takes."""

from __future__ import annotations

import unicodedata

_KEPT_FORMATS = frozenset("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_EMBEDDINGS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACEMENT = "\ufffd"
_JOINER = "\u200d"
_VIRAMAS = frozenset("\u094d\u09cd\u0acd\u0c4d\u0d4d\u1039\u17d2")
_HANGUL_VOWELS_AND_TAILS = range(0x1160, 0x1200)
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_LONGEST = 16
"""A longer chain of joiners is no letter of any script, and may be broken."""


def cleaned(text: str) -> str:
    """Return the text as captions hold it: single spaces, no control characters, no halves of surrogate pairs.

    Bidirectional embeddings, overrides and isolates are left out, for a line break would leave them open; the marks
    that say a direction by themselves (U+200E, U+200F, U+061C) and the joiners stay.
    """
    kept = []
    for character in text:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) == "Cs":
            kept.append(_REPLACEMENT)
        elif character not in _EMBEDDINGS and unicodedata.category(character) != "Cc":
            kept.append(character)
    return " ".join("".join(kept).split())


def is_hidden(character: str) -> bool:
    """Whether a character has no shape of its own: a joiner, a direction mark, a variation selector."""
    code = ord(character)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    return is_selector or character in _KEPT_FORMATS or unicodedata.category(character) == "Cf"


def clusters(text: str) -> list[str]:
    """Divide a text into what its reader takes for letters (nearly the grapheme clusters of UAX #29).

    A cluster holds a base with its marks, a conjunct of an Indic script, a Hangul syllable or a joined emoji.
    """
    found: list[str] = []
    for character in text:
        if found and not found[-1].isspace() and _belongs(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _belongs(cluster: str, character: str) -> bool:
    code, last = ord(character), cluster[-1]
    if character.isspace():
        return False
    if unicodedata.category(character)[0] == "M" or is_hidden(character) or code in _SKIN_TONES:
        return True
    if last == _JOINER or last in _VIRAMAS or is_hidden(last):
        return len(cluster) < _LONGEST
    is_flag = code in _FLAGS and len(cluster) == 1 and ord(last) in _FLAGS
    return is_flag or code in _HANGUL_VOWELS_AND_TAILS


def columns(cluster: str) -> int:
    """Return how many columns a cluster takes: 2 for wide ones (UAX #11), 0 for what nobody sees."""
    seen = [character for character in cluster if not is_hidden(character)]
    if not seen:
        return 0
    return 2 if any(unicodedata.east_asian_width(character) in {"W", "F"} for character in seen) else 1


def is_wide(cluster: str) -> bool:
    """Whether a cluster is written without spaces between words: Han, kana, full-width signs."""
    is_korean = 0xAC00 <= ord(cluster[0]) <= 0xD7A3 or 0x1100 <= ord(cluster[0]) <= 0x11FF
    return columns(cluster) == 2 and not is_korean
