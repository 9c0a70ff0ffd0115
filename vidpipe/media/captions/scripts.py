"""What is known of scripts: how a letter's script is called, who needs shaping, and which fonts have it."""

from __future__ import annotations

import unicodedata

from vidpipe.media.captions.letters import is_hidden

_CALLED = {"CJK": "Han", "IDEOGRAPHIC": "Han", "KATAKANA-HIRAGANA": "Katakana"}
_NOT_SCRIPTS = frozenset({"COMBINING", "MODIFIER", "VARIATION", "FULLWIDTH", "HALFWIDTH", "MATHEMATICAL", "SQUARE"})
_HAN = frozenset({"Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"})
_IN_DEJAVU = frozenset({"Latin", "Greek", "Cyrillic", "Armenian", "Georgian", "Hebrew", "Arabic"})
# Blocks whose letters change their shape or place beside others: Indic ones, Thai to Myanmar, Jamo, Khmer to Mongolian…
_SHAPED = (
    *(range(0x0900, 0x1100), range(0x1100, 0x1200), range(0x1700, 0x18B0), range(0x1900, 0x1D00)),
    *(range(0xA800, 0xAC00), range(0x10A00, 0x10A60), range(0x11000, 0x12000), range(0x1E900, 0x1E960)),
)
_GEORGIAN = range(0x10A0, 0x1100)


def script_of(letter: str) -> str:
    """Return the name of a letter's script, as the Unicode names of letters begin; "" for signs of no script."""
    if unicodedata.category(letter)[0] not in {"L", "M"}:
        return ""
    first = unicodedata.name(letter, "").partition(" ")[0]
    if not first or first in _NOT_SCRIPTS:
        return ""
    return _CALLED.get(first, first.capitalize())


def is_shaped(text: str) -> bool:
    """Whether a text (NFC) needs more than one letter after the other: another direction, joined letters, marks."""
    return any(_is_shaped(character) for character in text if not is_hidden(character))


def _is_shaped(character: str) -> bool:
    moves = unicodedata.bidirectional(character) in {"R", "AL", "AN"} or unicodedata.category(character)[0] == "M"
    return moves or (any(ord(character) in block for block in _SHAPED) and ord(character) not in _GEORGIAN)


def regions(text: str) -> tuple[str, ...]:
    """Return how those faces' names end that draw a text's Han letters as its readers write them."""
    scripts = {script_of(character) for character in text}
    if scripts & {"Hiragana", "Katakana"}:
        return ("JP",)
    if "Hangul" in scripts:
        return ("KR",)
    return ("TC",) if "Bopomofo" in scripts else ("SC",)


def package_for(script: str) -> str:
    """Say which fonts have a script, and how their package is called."""
    if script in _HAN:
        return "Noto Sans CJK (Debian and Ubuntu: fonts-noto-cjk)"
    if script in _IN_DEJAVU:
        return "DejaVu Sans (Debian and Ubuntu: fonts-dejavu-core) or Noto Sans (fonts-noto-core)"
    if script:
        return f"Noto Sans {script} (Debian and Ubuntu: fonts-noto-core)"
    return "a font that has it (DejaVu Sans and Noto Sans Symbols have many signs, Noto Emoji has emoji)"
