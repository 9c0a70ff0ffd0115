"""The ledger after a run that was killed: its name and its lines are durable before anything follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.entries import intend
from tests.failing import disk_error
from tests.syncs import watch
from vidpipe.ledger import Ledger, read_ledger

if TYPE_CHECKING:
    from pathlib import Path


NAME = "ledger.jsonl"


def test_the_name_of_a_new_ledger_is_durable_before_its_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[tuple[str, int]] = []
    watch(monkeypatch, tmp_path, lambda path: sizes.append((path, (tmp_path / NAME).stat().st_size)))
    intend(Ledger(tmp_path / NAME))
    assert sizes == [(".", 0), (NAME, (tmp_path / NAME).stat().st_size)]


def test_a_ledger_that_a_killed_run_has_made_and_not_synced_gets_a_durable_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME).touch()
    synced = watch(monkeypatch, tmp_path)
    intend(read_ledger(tmp_path / NAME))
    assert synced == [".", NAME]


def test_a_name_that_could_not_be_synced_is_synced_with_the_next_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [True]

    def once(path: str) -> None:
        if path == "." and fails.pop() if fails else False:
            disk_error()

    synced = watch(monkeypatch, tmp_path, once)
    ledger = Ledger(tmp_path / NAME)
    with pytest.raises(OSError, match="Input/output error"):
        intend(ledger)
    assert ledger.requests == {}
    intend(ledger)
    assert synced == [".", NAME]


@pytest.mark.parametrize("torn", [b"", b'{"id": "torn'])
def test_an_intent_that_could_not_be_synced_is_taken_back_for_its_request_was_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torn: bytes
) -> None:
    ledger = Ledger(tmp_path / NAME)
    intend(ledger)
    with ledger.path.open("ab") as file:
        file.write(torn)
    before = ledger.path.read_bytes()
    watch(monkeypatch, tmp_path, disk_error)
    with pytest.raises(OSError, match=r"Input/output error.*ledger\.jsonl"):
        intend(ledger)
    assert ledger.path.read_bytes() == before
    assert read_ledger(ledger.path).requests == ledger.requests


def test_what_became_of_a_request_is_left_in_the_ledger_even_if_it_could_not_be_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path / NAME)
    request = intend(ledger)
    watch(monkeypatch, tmp_path, disk_error)
    with pytest.raises(OSError, match="Input/output error"):
        ledger.note(request, "submitted", operation="operations/1")
    assert read_ledger(ledger.path).requests[request.id].operation == "operations/1"


def test_an_error_in_the_middle_of_reading_a_ledger_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    intend(Ledger(tmp_path / NAME))

    class Failing:
        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def read(self, _size: int) -> bytes:
            disk_error()

    monkeypatch.setattr("vidpipe.ledger.lines.open_regular", lambda _path: Failing())
    with pytest.raises(OSError, match="Input/output error") as caught:
        read_ledger(tmp_path / NAME)
    assert caught.value.filename == str(tmp_path / NAME)
