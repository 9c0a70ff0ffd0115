"""Precautions that are left out on purpose: whatever looks for their lack has to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from vidpipe import ledger
from vidpipe.engine import commit, store
from vidpipe.engine.judge import Standing
from vidpipe.files import make_directory
from vidpipe.ledger import lines
from vidpipe.purchase import ask
from vidpipe.purchase.books import Purchases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from pathlib import Path

    import pytest

    from vidpipe.engine.fingerprint import Json

T = TypeVar("T")


def intent_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an intent down with what became of it, instead of before the request is sent."""
    _written_late(monkeypatch, "intent")


def operation_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an operation's name down with what came of it, instead of before it is polled."""
    _written_late(monkeypatch, "submitted")


def _written_late(monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    held: dict[object, Mapping[str, Json]] = {}

    def late(path: Path, entry: Mapping[str, Json], **named: bool) -> None:
        if entry["entry"] == status:
            held[entry["id"]] = entry
            return
        if entry["id"] in held:
            append(path, held.pop(entry["id"]))
        append(path, entry, **named)

    append = lines.append_line
    monkeypatch.setattr(ledger, "append_line", late)


def no_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pending record out."""
    monkeypatch.setattr(commit, "write_pending", lambda _store, _pending: None)


def resent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send for a clip again whose reply was lost."""
    monkeypatch.setattr(Purchases, "standing", lambda _self, _wanted, _floor: (Standing.NONE, ""))


def settled_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settle a storyboard or a picture at its reply, instead of when it has its place."""

    def settled(reply: T, cost: Decimal, told: Mapping[str, Json], settle: Callable[[], None]) -> ask.Bought[T]:
        settle()
        return bought(reply, cost, told, lambda: None)

    bought = ask.Bought
    monkeypatch.setattr(ask, "Bought", settled)


def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write records straight under their names."""

    def write(path: Path, data: bytes, *, scratch: Path) -> None:
        make_directory(path.parent)
        path.write_bytes(data)
        scratch.mkdir(exist_ok=True)

    monkeypatch.setattr(store, "write_file", write)
