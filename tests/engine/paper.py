"""A job directory of plain text files, for tests of the engine: it knows no video, and neither do these."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.kind import Kind
from vidpipe.engine.layout import Layout
from vidpipe.engine.record import Record
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError
from vidpipe.files import make_directory, temporary

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.judge import Disk

NAME = "notes/one.txt"


def check(path: Path) -> None:
    """Refuse a text that says it is damaged."""
    if path.read_bytes().startswith(b"damaged"):
        raise BrokenFileError(f"{path}: damaged")


TEXT = Kind("text", check)


def digest(text: str) -> str:
    """Return the digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(words: str = "a", **own: str) -> Fingerprint:
    """Return a fingerprint of the text step."""
    return Fingerprint({"words": words}, {"step": "text", **own})


def open_store(root: Path) -> Store:
    """Return fresh books of a job directory that is ready for work."""
    layout = Layout(root)
    make_directory(layout.scratch)
    return Store(layout)


def record_of(store: Store, text: str, words: str = "a", name: str = NAME) -> Record:
    """Return the record that a text of vidpipe's would get."""
    return Record(name, digest(text), store.next_take(), "vidpipe", fingerprint(words))


def draft(store: Store, text: str) -> Path:
    """Write a draft."""
    path = temporary(store.layout.scratch, "draft")
    path.write_text(text)
    return path


def look(store: Store, name: str = NAME) -> Disk:
    """Return what stands on disk."""
    return TEXT.look(store.layout.target(name), None)
