"""The ledger: what was paid for is written down before anything else, and damage is never guessed away."""

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

from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.judge import Standing
from vidpipe.errors import BrokenFileError
from vidpipe.ledger import Ledger, read_ledger
from vidpipe.ledger.request import PART, STATUSES, Request, Status, is_operation_name

if TYPE_CHECKING:
    from pathlib import Path

WANTED = Fingerprint({"prompt": "a"}, {"step": "clip", "template": "1"})
OTHER = Fingerprint({"prompt": "b"}, {"step": "clip", "template": "1"})
PRICE = Decimal("0.50")
ANY_TEXT = st.text(st.characters())
"""Lone surrogates included: a reply in JSON may hold them."""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return read_ledger(tmp_path / "job" / "ledger.jsonl")


def intend(ledger: Ledger, wanted: Fingerprint = WANTED, kind: str = "video", price: Decimal = PRICE) -> Request:
    return ledger.intend("clips/scene-000.mp4", kind, wanted, "toy:film-1", price, "0" * 64)


def again(ledger: Ledger) -> Ledger:
    """Read what the ledger wrote, and prove that it is what it holds."""
    read = read_ledger(ledger.path)
    assert read.requests == ledger.requests
    return read


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


# How things stand


def test_nothing_was_asked_so_nothing_stands(ledger: Ledger) -> None:
    intend(ledger, OTHER)
    assert ledger.standing(WANTED, 0) == (Standing.NONE, None)


def test_an_open_operation_goes_before_everything_else(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "unknown")
    request = ledger.note(intend(ledger), "submitted", operation="operations/1")
    ledger.note(intend(ledger), "refused")
    assert ledger.standing(WANTED, 0) == (Standing.OPEN, request)
    adopted = ledger.note(request, "adopted", operation="operations/2")
    assert ledger.standing(WANTED, 0) == (Standing.OPEN, adopted)


@pytest.mark.parametrize("status", ["intent", "unknown"])
def test_a_lost_clip_is_not_forgotten_because_a_later_request_went_through(ledger: Ledger, status: Status) -> None:
    lost = intend(ledger)
    lost = ledger.note(lost, status) if status != "intent" else lost
    ledger.note(intend(ledger), "rejected")
    assert ledger.standing(WANTED, 0) == (Standing.UNKNOWN, lost)


@pytest.mark.parametrize("kind", ["text", "image"])
def test_a_lost_storyboard_or_picture_does_not_block(ledger: Ledger, kind: str) -> None:
    ledger.note(intend(ledger, kind=kind), "unknown")
    assert ledger.standing(WANTED, 0)[0] is Standing.NONE


@pytest.mark.parametrize(
    ("status", "operation", "standing"),
    [
        ("refused", None, Standing.REFUSED),
        ("refused", "operations/1", Standing.REFUSED),
        ("settled", "operations/1", Standing.SETTLED),
        ("settled", None, Standing.NONE),
        ("failed", "operations/1", Standing.NONE),
        ("gone", "operations/1", Standing.NONE),
        ("abandoned", None, Standing.NONE),
    ],
)
def test_the_newest_request_decides(ledger: Ledger, status: Status, operation: str | None, standing: Standing) -> None:
    ledger.note(intend(ledger), "settled", operation="operations/0")
    newest = ledger.note(intend(ledger), status, operation=operation)
    assert ledger.standing(WANTED, 0) == (standing, newest)


@pytest.mark.parametrize(("status", "standing"), [("refused", Standing.REFUSED), ("settled", Standing.SETTLED)])
def test_a_request_that_was_never_accepted_decides_nothing(ledger: Ledger, status: Status, standing: Standing) -> None:
    before = ledger.note(intend(ledger), status, operation="operations/0")
    ledger.note(intend(ledger), "rejected")
    assert ledger.standing(WANTED, 0) == (standing, before)


def test_a_request_that_was_abandoned_as_refused_stands_as_refused(ledger: Ledger) -> None:
    newest = ledger.note(intend(ledger), "abandoned", refused=True)
    assert ledger.standing(WANTED, 0) == (Standing.REFUSED, newest)


def test_requests_before_a_redo_do_not_stand(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    assert ledger.standing(WANTED, 1) == (Standing.NONE, None)


def test_a_request_stands_although_vidpipes_own_parts_differ_unless_they_are_to_be_exact(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    newer = Fingerprint(WANTED.user, {**WANTED.own, "template": "2"})
    assert ledger.standing(newer, 0)[0] is Standing.OPEN
    assert ledger.standing(newer, 0, exact=True)[0] is Standing.NONE
    assert ledger.standing(Fingerprint(OTHER.user, newer.own), 0)[0] is Standing.NONE


def test_a_lost_clip_stands_even_where_vidpipes_own_parts_are_to_be_exact(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "unknown")
    newer = Fingerprint(WANTED.user, {**WANTED.own, "template": "2"})
    assert ledger.standing(newer, 0, exact=True)[0] is Standing.UNKNOWN


def test_a_keyframe_and_a_clip_of_the_same_words_are_not_the_same_request(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    assert ledger.standing(Fingerprint(WANTED.user, {**WANTED.own, "step": "keyframe"}), 0)[0] is Standing.NONE


# Torn lines and damage


def lines(ledger: Ledger) -> list[bytes]:
    return ledger.path.read_bytes().split(b"\n")


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
