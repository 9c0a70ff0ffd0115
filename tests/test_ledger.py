"""The ledger: what was paid for is written down before anything else, and is read again as it was written."""

from __future__ import annotations

import errno
import json
import os
import threading
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.entries import OTHER, PRICE, again, intend, lines
from vidpipe.ledger import Ledger, read_ledger
from vidpipe.ledger.request import PART, STATUSES, Status, is_operation_name

if TYPE_CHECKING:
    from pathlib import Path

ANY_TEXT = st.text(st.characters())
"""Lone surrogates included: a reply in JSON may hold them."""


def test_a_ledger_that_is_not_there_is_empty_and_reading_it_writes_nothing(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none" / "ledger.jsonl").requests == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_read_again(ledger: Ledger) -> None:
    clip = ledger.note(intend(ledger), "submitted", operation="operations/1")
    ledger.note(clip, "settled", cost=Decimal("0.45"))
    picture = intend(ledger, OTHER, "image", Decimal("0.134"))
    ledger.note(picture, "refused", story="a “face”\n")
    lost = ledger.note(intend(ledger), "unknown", story="reset")
    ledger.note(lost, "abandoned", refused=True)
    read = again(ledger)
    first, second, third = read.requests.values()
    assert (first.status, first.operation, first.settled) == ("settled", "operations/1", Decimal("0.45"))
    assert (second.status, second.story, second.fingerprint) == ("refused", "a “face”\n", OTHER)
    assert (third.status, third.refused, third.story) == ("abandoned", True, "reset")


@pytest.mark.parametrize(
    ("status", "spent"),
    [
        ("intent", PRICE),
        ("submitted", PRICE),
        ("rejected", Decimal(0)),
        ("unknown", PRICE),
        ("settled", Decimal("0.40")),
        ("refused", Decimal(0)),
        ("failed", PRICE),
        ("gone", PRICE),
        ("abandoned", PRICE),
        ("adopted", PRICE),
    ],
)
def test_everything_counts_as_spent_that_is_not_certainly_free(ledger: Ledger, status: Status, spent: Decimal) -> None:
    request = intend(ledger)
    if status != "intent":
        ledger.note(request, status, cost=Decimal("0.40") if status == "settled" else None)
    assert again(ledger).spent() == spent


def test_the_table_above_knows_every_status() -> None:
    table = test_everything_counts_as_spent_that_is_not_certainly_free.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row[0] for row in table} == set(STATUSES)


def test_a_write_that_fails_leaves_the_books_as_they_were(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    request = intend(ledger)

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.write", full)
    with pytest.raises(OSError, match="No space left"):
        ledger.note(request, "submitted", operation="operations/1")
    with pytest.raises(OSError, match="No space left"):
        intend(ledger)
    assert [*ledger.requests.values()] == [request]
    again(ledger)


def test_entries_are_synced_before_the_request_is_returned(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    ledger.path.parent.mkdir()
    monkeypatch.setattr("os.fsync", lambda _descriptor: synced.append(ledger.path.read_bytes()))
    request = intend(ledger)
    assert request.id.encode() in synced[-1]
    ledger.note(request, "submitted", operation="operations/1")
    assert b"operations/1" in synced[-1]


def test_threads_that_write_at_once_lose_nothing(ledger: Ledger) -> None:
    def work() -> None:
        for _ in range(20):
            ledger.note(intend(ledger), "settled", cost=PRICE)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(again(ledger).requests) == 80
    assert ledger.spent() == 80 * PRICE


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT, st.from_regex(PART, fullmatch=True).filter(is_operation_name), st.decimals(0, 1000, places=4))
def test_any_text_survives_the_books(
    tmp_path_factory: pytest.TempPathFactory, story: str, operation: str, price: Decimal
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.jsonl")
    ledger.note(intend(ledger, price=price), "submitted", operation=operation, story=story)
    again(ledger)
    for line in lines(ledger)[:-1]:
        json.loads(line)
