"""Text from files and models, made safe to show: nothing in it can steer a terminal or turn the reading direction."""

from __future__ import annotations

import unicodedata

JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners: Persian and emoji need them, and they move nothing."""


def visible(text: str) -> str:
    """Return a text as one line, with control, format and direction characters written out as escapes."""
    if text.isprintable():
        return text
    return "".join(char if _harmless(char) else char.encode("unicode_escape").decode("ascii") for char in text)


def visible_lines(text: str) -> list[str]:
    """Return the lines of a message of vidpipe's own, each made safe by itself."""
    return [visible(line) for line in text.split("\n")]


def _harmless(char: str) -> bool:
    return char.isprintable() or char in JOINERS or unicodedata.category(char) == "Zs"
