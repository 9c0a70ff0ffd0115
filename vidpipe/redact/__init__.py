"""Keep keys and tokens out of everything that is written: messages, files, logs, tracebacks, what a model answers.

In force are what this process has learnt (a login's tokens), the values of variables that are named like a secret, and
who and what opens the addresses in other variables.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from vidpipe.redact.forms import SHORTEST, forms_of
from vidpipe.redact.names import secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HIDDEN = "(secret)"
SECRET_TEXT = re.compile(
    r"\bAIza[0-9A-Za-z_-]{20,}|\bAQ\.[0-9A-Za-z_-]{20,}"  # an API key
    r"|\bya29\.[0-9A-Za-z._-]+"  # an access token
    r"|(?<![0-9A-Za-z:])1//[0-9A-Za-z_-]{20,}|\bGOCSPX-[0-9A-Za-z_-]{20,}"  # what a login is renewed with
    r"|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}(?:\.[0-9A-Za-z_-]*)?"  # a signed assertion
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?<=://)[^\s/@'\"]*:[^\s/@'\"]*(?=@)"  # who opens an address
)
"""What is a secret by its form, whoever knows it."""
SECRET_VALUE = re.compile(
    r"(\b(?:x-goog-api-key|(?:proxy-)?authorization)['\"]?\s*[:=,]\s*(?:b?['\"])?)(?:(?:bearer|basic)\s+)?[^\s'\",]+"
    r"|(\b(?:bearer|basic) )[^\s'\",]+"
    r"|([?&](?:key|api_key|(?:access_|id_|refresh_)?token|client_secret|password|assertion|sig(?:nature)?)=)[^\s&#'\",]+",
    re.IGNORECASE,
)
"""What is one by the words before it. In a story they mean something else: a ring bearer, a basic rule."""

_learnt: dict[str, None] = {}


def learn(secrets: Iterable[str]) -> None:
    """Hide these too from now on, in this process: tokens that no variable holds, such as a login's."""
    _learnt.update((secret, None) for secret in secrets if len(secret) >= SHORTEST)


def redacted(text: str, known: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> str:
    """Return a text of a message or a report without secrets: those in force, `known` ones, and what looks like one."""
    text = SECRET_TEXT.sub(HIDDEN, without_known(text, known, environ))
    return SECRET_VALUE.sub(lambda found: f"{found[1] or found[2] or found[3]}{HIDDEN}", text)


def without_known(text: str, known: Iterable[str] = (), environ: Mapping[str, str] = os.environ) -> str:
    """Return a text without the secrets in force, however they are written in it, and with what only looks like one.

    What is so short that it opens nothing is left as well: hiding each of its letters would spoil every sentence.
    """
    secrets = {secret for secret in (*tuple(_learnt), *known, *secrets_of(environ)) if len(secret) >= SHORTEST}
    for secret in sorted(secrets, key=lambda each: (-len(each), each)):  # one may hold another one
        text = forms_of(secret).hidden(text, HIDDEN)
    return text


def without_learnt(text: str) -> str:
    """Return what a model made, and was paid for, without the secrets that this process has learnt.

    A service can repeat what it was sent, and that is learnt before. Variables do not count here: one of them may be
    named like a secret and hold a word of the story, or the project whose name stands in every operation's.
    """
    return without_known(text, environ={})


def holds_learnt(text: str) -> bool:
    """Whether a secret that this process has learnt stands in a text."""
    return without_learnt(text) != text
