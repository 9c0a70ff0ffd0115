"""The record: what is written is read again, and what cannot be understood is told, never guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.record import RECORD_LIMIT, Record, dump, read_record, record_from
from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from pathlib import Path

RECORD = Record(
    "clips/scene-000.mp4",
    "a" * 64,
    3,
    "vidpipe",
    Fingerprint({"prompt": "See “it”\n", "first frame": "b" * 64}, {"step": "clip", "recipe_version": 1}),
    Decimal("0.50"),
    {"model": "toy:film-1", "seed": None, "normalised": {"clip": "why"}},
    (1, 2, 3, 4),
    5,
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(dump(RECORD.to_json()))
    assert read_record(path) == RECORD


def test_the_form_on_disk_is_stable() -> None:
    assert dump(RECORD.to_json()) == dump(record_from(json.loads(dump(RECORD.to_json())), None).to_json())  # type: ignore[arg-type]


def test_no_record_is_none(tmp_path: Path) -> None:
    assert read_record(tmp_path / "none") is None
    (tmp_path / "file").write_text("")
    assert read_record(tmp_path / "file" / "below") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("digest", "a" * 63),
        ("digest", "../" + "a" * 61),
        ("digest", "A" * 64),
        ("digest", None),
        ("target", 1),
        ("take", "3"),
        ("origin", "nobody"),
        ("origin", None),
        ("fingerprint", {"user": {}}),
        ("fingerprint", {"user": [], "own": {}}),
        ("cost_usd", 0.5),
        ("cost_usd", "much"),
        ("provenance", []),
        ("stamp", [1, 2, 3]),
        ("stamp", [1, 2, 3, "4"]),
        ("recorded_ns", "now"),
    ],
)
def test_a_record_with_a_senseless_part_is_broken(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps({**RECORD.to_json(), key: value}))
    with pytest.raises(BrokenFileError, match="remove it to go on"):
        read_record(path)


@pytest.mark.parametrize("key", ["digest", "target", "take", "origin", "fingerprint", "cost_usd", "provenance"])
def test_a_record_without_a_part_is_broken(tmp_path: Path, key: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps({name: value for name, value in RECORD.to_json().items() if name != key}))
    with pytest.raises(BrokenFileError):
        read_record(path)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (RECORD_LIMIT + 1)], ids=lambda _: ""
)
def test_a_file_that_is_no_json_object_is_broken(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(data)
    with pytest.raises(BrokenFileError, match=str(path)):
        read_record(path)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(st.characters()), st.lists, max_leaves=5))
def test_any_provenance_can_be_written(value: object) -> None:
    told = dump({"value": value})  # type: ignore[dict-item]
    assert json.loads(told) == {"value": value}
