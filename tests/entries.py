"""Entries of a ledger, as tests write them and read them again."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.ledger import Ledger, read_ledger

if TYPE_CHECKING:
    from vidpipe.ledger.request import Request

WANTED = Fingerprint({"prompt": "a"}, {"step": "clip", "template": "1"})
OTHER = Fingerprint({"prompt": "b"}, {"step": "clip", "template": "1"})
PRICE = Decimal("0.50")


def intend(ledger: Ledger, wanted: Fingerprint = WANTED, kind: str = "video", price: Decimal = PRICE) -> Request:
    """Write an intent down."""
    return ledger.intend("clips/scene-000.mp4", kind, wanted, "toy:film-1", price, "0" * 64)


def again(ledger: Ledger) -> Ledger:
    """Read what the ledger wrote, and prove that it is what it holds."""
    read = read_ledger(ledger.path)
    assert read.requests == ledger.requests
    return read


def lines(ledger: Ledger) -> list[bytes]:
    """Return the ledger's lines as they are on the disk."""
    return ledger.path.read_bytes().split(b"\n")
