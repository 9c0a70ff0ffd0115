"""Where secrets can be read, in any form: files, and what was printed."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CREDENTIALS = ("account.json", "subject", ".config/gcloud/application_default_credentials.json")
"""What tests put into the home to log in with."""


def leaks(base: Path, printed: Sequence[str], secrets: Sequence[str]) -> list[str]:
    """Return every place where a secret can be read: files by their names, but for credentials, and printed texts."""
    ours = {base / "home" / name for name in CREDENTIALS}
    marks = [form.encode() for secret in secrets for form in sorted(forms(secret))]
    held = {path: path.read_bytes() for path in base.rglob("*") if path.is_file() and path not in ours}
    files = [str(path) for path, data in held.items() if any(mark in data for mark in marks)]
    return files + [text for text in printed if any(mark in text.encode() for mark in marks)]


def forms(secret: str) -> set[str]:
    """Return how a secret may be written: as it is, in JSON, in an address, in hex, and in base64 behind anything."""
    data = secret.encode()
    plain = {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), quote_plus(secret), data.hex()}
    inner = {_inside(base64.b64encode(bytes(skip) + data).decode(), skip, skip + len(data)) for skip in range(3)}
    return plain | inner | {text.replace("+", "-").replace("/", "_") for text in inner}


def _inside(text: str, start: int, end: int) -> str:
    """Return the part of a text in base64 that stands for these bytes and for no other one."""
    return text[-(-8 * start // 6) : 8 * end // 6]
