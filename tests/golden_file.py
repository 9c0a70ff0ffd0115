"""Golden files: what people see, kept in tests/golden and compared as a whole.

VIDPIPE_WRITE_GOLDEN=1 writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
VARYING = (
    (re.compile(r"\b\d+\.\d s\b"), "0.0 s"),
    (re.compile(r"sha256 [0-9a-f]{12}"), "sha256 0123456789ab"),
    (re.compile(r"request [0-9a-f]{8}"), "request 01234567"),
)
"""What differs from run to run, and what stands for it in a golden file."""


def matches_golden(name: str, text: str, *, varying: bool = False) -> None:
    """Prove that a text is the one in tests/golden/NAME.txt, but for what differs from run to run."""
    for pattern, constant in VARYING if varying else ():
        text = pattern.sub(constant, text)
    path = FOLDER / f"{name}.txt"
    if os.environ.get("VIDPIPE_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
