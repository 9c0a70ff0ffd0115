"""Keep keys and tokens out of everything that is written: messages, files, logs, tracebacks."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HIDDEN = "(secret)"
SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|COOKIE|AUTH", re.IGNORECASE)
SECRET_TEXT = re.compile(
    r"AIza[0-9A-Za-z_-]{20,}"  # an API key
    r"|ya29\.[0-9A-Za-z._-]+"  # an access token
    r"|(?<=[Bb]earer )[^\s'\",]+"
    r"|(?<=[?&]key=)[^\s&'\",]+"
)
SHORTEST_SECRET = 8
SHORTEST_KNOWN = 4
"""Known to be a secret, but shorter: it opens nothing, and hiding each of its letters would spoil every sentence."""


def redacted(text: str, known: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> str:
    """Return a text without known secrets, the values of variables named like one, and what looks like one."""
    values = {name: value.strip() for name, value in environ.items()}  # pasted with its line end, used without
    named = {value for name, value in values.items() if SECRET_NAME.search(name) and _may_be_secret(value)}
    known = {secret for secret in known if len(secret) >= SHORTEST_KNOWN}
    forms = {form for secret in {*known, *named} for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, HIDDEN)
    return SECRET_TEXT.sub(HIDDEN, text)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it may be written: as it is, between quotes, in JSON, in an address."""
    yield secret
    if not secret.isalnum():
        yield repr(secret)[1:-1]
        yield json.dumps(secret)[1:-1]
        yield quote(secret, safe="")
        yield quote_plus(secret)


def _may_be_secret(value: str) -> bool:
    """Whether a variable's value is worth hiding: not a short word, nor the path of a file that holds the secret."""
    return len(value) >= SHORTEST_SECRET and not value.startswith("/")
