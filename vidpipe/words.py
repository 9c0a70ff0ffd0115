"""Small pieces of messages: how a value, a list of choices and a likely intention are put into words."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 60
RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])[ .]*(?:\..*)?", re.IGNORECASE
)
"""Names that Windows keeps for devices, with any ending."""
TOO_LONG_TO_GUESS = 200
JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners: Persian and emoji need them, and they move nothing."""


def shown(value: object) -> str:
    """Put a value from a file into one short, printable line, as its author would recognise it."""
    if isinstance(value, str):
        return shown_text(value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return shown_text(str(value))


def shown_text(text: str) -> str:
    """Return a text cut to one short line with its unprintable characters escaped."""
    if not text:
        return '""'
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)
    return f'"{printable}"' if short != short.strip() else printable


def visible(text: str) -> str:
    """Return a text as one line, with control, format and direction characters written out as escapes."""
    if text.isprintable():
        return text
    return "".join(char if _harmless(char) else char.encode("unicode_escape").decode("ascii") for char in text)


def _harmless(char: str) -> bool:
    return char.isprintable() or char in JOINERS or unicodedata.category(char) == "Zs"


def is_portable(name: str) -> bool:
    """Whether a file or folder can have a name on every file system, and shows as what it is."""
    plain = name.isprintable() and not set(name) & set('<>:"|?*\\/')
    return plain and not name.endswith((".", " ")) and not RESERVED.fullmatch(name)


def folded(name: str) -> str:
    """Return what is the same for names that some file system takes for one: in letter case, in normal form."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def listing(items: Iterable[str], last: str = "or") -> str:
    """Join items as a sentence does: `a`, `a or b`, `a, b or c`."""
    *head, tail = [*items] or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return `; did you mean X?` for the nearest known word, or an empty text."""
    if len(word) > TOO_LONG_TO_GUESS:
        return ""
    folded = {item.casefold(): item for item in known}
    close = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean {folded[close[0]]}?" if close else ""
