"""A torn last line of a ledger costs no other entry; any other damage is told with its line and never guessed away."""

from __future__ import annotations

import pytest

from tests.entries import again, intend, lines
from vidpipe.errors import BrokenFileError
from vidpipe.ledger import Ledger, read_ledger


def test_a_torn_last_line_is_ignored_and_closed_by_the_next_entry(ledger: Ledger) -> None:
    first = intend(ledger)
    whole = ledger.path.read_bytes()
    intend(ledger)
    ledger.path.write_bytes(ledger.path.read_bytes()[:-40])
    read = read_ledger(ledger.path)
    assert [*read.requests] == [first.id]
    assert ledger.path.read_bytes() != whole
    intend(read)
    assert len(again(read).requests) == 2


def test_a_whole_last_line_that_only_lacks_its_end_counts_and_stays_whole(ledger: Ledger) -> None:
    intend(ledger)
    ledger.path.write_bytes(ledger.path.read_bytes()[:-1])
    read = read_ledger(ledger.path)
    assert len(read.requests) == 1
    intend(read)
    assert len(again(read).requests) == 2


def test_an_entry_that_is_torn_at_any_byte_twice_in_a_row_costs_no_other_entry(ledger: Ledger) -> None:
    first = intend(ledger)
    start = ledger.path.read_bytes()
    intend(ledger)
    torn = ledger.path.read_bytes()[: len(start) + 10]
    ledger.path.write_bytes(torn)
    intend(read_ledger(ledger.path))
    closed = ledger.path.read_bytes()
    for length in range(len(torn), len(closed)):
        ledger.path.write_bytes(closed[:length])
        read = read_ledger(ledger.path)
        assert first.id in read.requests
        intend(read)
        assert first.id in again(read).requests


@pytest.mark.parametrize("number", [1, 2])
def test_damage_anywhere_else_is_told_with_its_line(ledger: Ledger, number: int) -> None:
    for _ in range(3):
        intend(ledger)
    damaged = lines(ledger)
    damaged[number - 1] = damaged[number - 1][:-3]
    ledger.path.write_bytes(b"\n".join(damaged))
    with pytest.raises(BrokenFileError, match=rf"ledger\.jsonl:{number}: the ledger is damaged here"):
        read_ledger(ledger.path)


def test_a_damaged_last_line_that_was_ended_is_damage_and_not_torn(ledger: Ledger) -> None:
    intend(ledger)
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"intent", b"int\nnt"))
    with pytest.raises(BrokenFileError, match="damaged here"):
        read_ledger(ledger.path)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "1", "entry": "paid"}',
        '{"id": "1", "entry": "settled"}',
        '{"entry": "settled"}',
        "[]",
        "null",
        '{"id": "1", "entry": "intent", "target": "x", "kind": "video", "model": "m", "price_usd": "1"}',
        (
            '{"id": "1", "entry": "intent", "target": "x", "kind": "video", "model": "m", "price_usd": "free",'
            ' "fingerprint": {"user": {}, "own": {}}}'
        ),
        (
            '{"id": "1", "entry": "intent", "target": "x", "kind": "video", "model": "m", "price_usd": "0.5",'
            ' "fingerprint": {"user": [], "own": {}}}'
        ),
        '{"id": 1, "entry": "intent"}',
        (
            '{"id": "1", "entry": "intent", "target": "x", "kind": "video", "model": "m", "price_usd": "NaN",'
            ' "fingerprint": {"user": {}, "own": {}}}'
        ),
        "[" * 100_000,
    ],
)
def test_a_line_that_says_nothing_sensible_is_damage(ledger: Ledger, line: str) -> None:
    intend(ledger)
    with ledger.path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    intend(Ledger(ledger.path))
    with pytest.raises(BrokenFileError, match=r"ledger\.jsonl:2:"):
        read_ledger(ledger.path)
