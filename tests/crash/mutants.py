"""Precautions that are left out on purpose: whatever looks for their lack has to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe import ledger
from vidpipe.engine import commit
from vidpipe.engine.judge import Standing
from vidpipe.purchase.books import Purchases

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

    from vidpipe.engine.fingerprint import Json


def intent_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an intent down with what became of it, instead of before the request is sent."""
    held: dict[object, Mapping[str, Json]] = {}

    def late(path: Path, entry: Mapping[str, Json]) -> None:
        if entry["entry"] == "intent":
            held[entry["id"]] = entry
            return
        if entry["id"] in held:
            append(path, held.pop(entry["id"]))
        append(path, entry)

    append = ledger._append
    monkeypatch.setattr(ledger, "_append", late)


def no_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pending record out."""
    monkeypatch.setattr(commit, "write_pending", lambda _store, _pending: None)


def resent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send for a clip again whose reply was lost."""
    monkeypatch.setattr(Purchases, "standing", lambda _self, _wanted, _floor: (Standing.NONE, ""))
