"""Keep keys and tokens out of every message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "***"
LOOKS_SECRET = re.compile(
    r"AIza[0-9A-Za-z_-]{20,}"  # an API key
    r"|ya29\.[0-9A-Za-z._-]+"  # an access token
    r"|(?<=Bearer )[^\s'\",]+"
    r"|(?<=[?&]key=)[^\s&'\",]+"
)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the secrets that are known, and without anything that looks like one."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return LOOKS_SECRET.sub(HIDDEN, text)
