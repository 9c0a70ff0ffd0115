"""Which variables of the environment hold secrets: by their names, or as an address that says who opens it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECRET_NAME = re.compile(
    r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|COOKIE)S?(?![A-Z])"  # not KEYMAP
    r"|(?<![A-Z])(?:PASS|AUTH|AUTHORIZATION|CREDS?|JWT|PAT)(?![A-Z])",  # nor COMPASS or AUTHOR
    re.IGNORECASE,
)
PLAIN_NAME = re.compile(r"_(?:URI|URL|FILE|PATH|DIR|NAME|SOCK|TYPE)$|^GOOGLE_APPLICATION_CREDENTIALS$", re.IGNORECASE)
"""Names of variables that say where something lies, and not what it is."""
ADDRESS_NAME = re.compile(r"(?:PROXY|URI|URL|HOST|ENDPOINT)$", re.IGNORECASE)
OPENER = re.compile(r"(https?|[a-z][a-z0-9+.-]*)://([^\s?#]*)@", re.IGNORECASE)
LINE = 16
"""Characters: shorter lines of a key that has several are not looked for by themselves."""


def secrets_of(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what must not be told of an environment; some of it may be too short to matter."""
    for name, pasted in environ.items():
        value = pasted.strip()  # pasted with its line end, used without
        if SECRET_NAME.search(name) and not value.startswith("/") and not PLAIN_NAME.search(name):
            yield from _lines(value)
        if value.startswith("{"):
            yield from _in_json(value)
        if "@" in value:
            yield from _openers(name, value)


def _lines(value: str) -> Iterator[str]:
    """Yield a secret and, where it has several, its lines: those of a private key, without what stands around it."""
    yield value
    if "\n" in value:
        yield from (line for each in value.split("\n") if len(line := each.strip()) >= LINE and line[0] != "-")


def _in_json(value: str) -> Iterator[str]:
    """Yield what a key file holds that was put into a variable as a whole."""
    try:
        fields = json.loads(value)
    except (ValueError, RecursionError):
        return
    for name, held in fields.items() if isinstance(fields, dict) else ():
        if isinstance(held, str) and SECRET_NAME.search(name) and not PLAIN_NAME.search(name):
            yield from _lines(held)


def _openers(name: str, value: str) -> Iterator[str]:
    """Yield who opens an address: USER:PASSWORD, and the password alone, as it is written and as it is meant."""
    found = [(scheme.lower(), opener) for scheme, opener in OPENER.findall(value)]
    if not found and "://" not in value and ADDRESS_NAME.search(name):
        found = [("http", value.rpartition("@")[0])]
    for scheme, opener in found:
        _, colon, password = opener.partition(":")
        if colon:
            yield from (opener, unquote(opener), password, unquote(password))
        elif scheme in {"http", "https"}:  # a token; elsewhere a user's name
            yield opener
