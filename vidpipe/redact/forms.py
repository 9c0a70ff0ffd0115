"""The forms in which a secret may come back from a server that repeats what it was sent."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

SHORTEST = 8
"""Characters: what is shorter opens nothing."""
PLAIN = re.compile(r"[0-9A-Za-z._~-]+")
ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}|\\[ux]")
"""How a text begins to write characters out: all ways there are for plain ones. Most texts do nowhere."""
QUOTED = re.compile(r"[%\\+']")


@dataclass(frozen=True)
class Forms:
    """A secret and how else it may be written: encoded as a whole, or with some characters written out as escapes."""

    secret: str
    wholes: tuple[str, ...]

    def hidden(self, text: str, instead: str) -> str:
        """Return a text in which something else stands for the secret. Fast where no escape is in the text."""
        for form in self.wholes:
            text = text.replace(form, instead)
        escaped = ESCAPE.search(text) if PLAIN.fullmatch(self.secret) else QUOTED.search(text)
        return self._escaped.sub(instead, text) if escaped else text

    @cached_property
    def _escaped(self) -> re.Pattern[str]:
        return re.compile("".join(map(_any_way, self.secret)))


@lru_cache(maxsize=256)
def forms_of(secret: str) -> Forms:
    """Return the forms of a secret, which is not empty."""
    data = secret.encode("utf-8", "surrogateescape")
    encoded = [part for skipped in range(3) for part in _base64(data, skipped)]
    wholes = (secret, data.hex(), data.hex().upper(), *encoded)
    return Forms(secret, tuple(sorted(dict.fromkeys(wholes), key=len, reverse=True)))


def _base64(data: bytes, before: int) -> tuple[str, ...]:
    """Return what base64 makes of data that stands behind some other bytes, without what those and later ones change.

    Standard and for addresses; empty where too little remains to be told from a word.
    """
    whole = base64.b64encode(bytes(before) + data).decode("ascii")
    sure = whole[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
    return (sure, sure.replace("+", "-").replace("/", "_")) if len(sure) >= SHORTEST else ()


def _any_way(char: str) -> str:
    """Return a pattern for one character: as it is, in an address, in JSON, in Python, between quotes of a shell."""
    ways = [re.escape(char), _hex("%", char.encode("utf-8", "surrogateescape")), re.escape(json.dumps(char)[1:-1])]
    if ord(char) < 0x10000:
        ways.append(rf"\\+u{_either_case(f'{ord(char):04x}')}")
    if ord(char) < 0x100:
        ways.append(rf"\\+x{_either_case(f'{ord(char):02x}')}")
    if not char.isalnum():
        ways.append(rf"\\+{re.escape(char)}")
    ways += [r"\+"] if char == " " else [r"\\+[nrt]"] if char in "\n\r\t" else []
    ways += [re.escape("'\"'\"'")] if char == "'" else []
    return f"(?:{'|'.join(sorted(dict.fromkeys(ways), key=len, reverse=True))})"


def _hex(mark: str, data: bytes) -> str:
    return "".join(f"{mark}{_either_case(f'{byte:02x}')}" for byte in data)


def _either_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)
