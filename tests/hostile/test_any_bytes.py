"""Whatever records, ledgers, replies, pictures and clips hold: a value that makes sense, or one kind of error."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from tests import toy
from tests.hostile.odd import FINGERPRINT, HURTS, RECORD, VALUES, a_few, a_little, hurt
from tests.toy import clip_of
from vidpipe.engine.layout import is_target_name
from vidpipe.engine.pending import read_pending
from vidpipe.engine.record import read_record
from vidpipe.errors import BrokenFileError
from vidpipe.ledger import read_ledger
from vidpipe.ledger.request import is_operation_name
from vidpipe.media.picture import MAX_PIXELS, open_picture
from vidpipe.media.verify import check_clip
from vidpipe.spec.board import reply_board

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

ENTRIES: tuple[dict[str, object], ...] = (
    {"id": "a", "entry": "intent", "at": "", "target": "clips/scene-000.mp4", "kind": "video",
     "fingerprint": FINGERPRINT, "request": "", "model": "toy:film-1", "price_usd": "0.50"},
    {"id": "a", "entry": "submitted", "at": "", "operation": "operations/1"},
    {"id": "a", "entry": "settled", "at": "", "price_usd": "0.50"},
)  # fmt: skip


def is_price(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < 10**9


@given(st.sampled_from(sorted(RECORD)), VALUES)
@example("cost_usd", "-0")
@a_little
def test_a_record_makes_sense_or_is_broken(tmp_path: Path, key: str, value: object) -> None:
    for path, whole in (
        (tmp_path / "record", RECORD | {key: value}),
        (tmp_path / "pending", {"record": RECORD, "draft": "x", "judged": None, key: value}),
    ):
        path.write_text(json.dumps(whole))
        try:
            found = read_record(path) if path.name == "record" else getattr(read_pending(path), "record", None)
        except BrokenFileError as error:
            assert str(error)  # noqa: PT017
            continue
        assert found is not None
        assert is_target_name(found.target)
        assert is_price(found.cost)
        assert set(found.digest) <= set("0123456789abcdef")


@given(
    st.integers(0, 2),
    st.sampled_from(["id", "entry", "target", "kind", "model", "price_usd", "operation", "story", "fingerprint"]),
    VALUES,
)
@a_little
def test_a_ledger_makes_sense_or_is_damaged(tmp_path: Path, number: int, key: str, value: object) -> None:
    path = tmp_path / "ledger.jsonl"
    entries = [entry | ({key: value} if place == number else {}) for place, entry in enumerate(ENTRIES)]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    try:
        ledger = read_ledger(path)
    except BrokenFileError as error:
        assert "nothing is spent until it is whole again" in str(error)  # noqa: PT017
        return
    assert is_price(ledger.spent())
    for request in ledger.requests.values():
        assert is_target_name(request.target)
        assert request.operation is None or is_operation_name(request.operation)


@given(st.text(alphabet=st.sampled_from("ab/.:%?#@\\ \n\t~0\u202e"), max_size=24))
@example("//elsewhere.example/x")
@example("http://elsewhere.example")
@a_little
def test_the_name_of_an_operation_never_changes_host_query_or_folder(name: str) -> None:
    if not is_operation_name(name):
        return
    base = "https://here.example/v1/"
    there = urlsplit(urljoin(base, f"./{name}"))
    assert (there.scheme, there.netloc, there.query, there.fragment) == ("https", "here.example", "", "")
    assert there.path == f"/v1/{name}"


@given(st.text(max_size=40) | st.text(alphabet='{}[]",:0-9.eE+\\untrfals `', max_size=60) | VALUES.map(json.dumps))
@a_little
def test_any_reply_is_a_storyboard_or_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        reply_board(text, 1)


@given(st.sampled_from(["visual_style", "scene_description", "scene_index", "continuity"]), VALUES)
@a_little
def test_a_reply_with_one_odd_value_is_a_storyboard_that_can_be_written_or_told(key: str, value: object) -> None:
    board: Any = toy.board("Waves", "plain", 1)
    for part in (board["style_guide"], board["scenes"][0]):
        if key in part:
            part[key] = value
    try:
        found = reply_board(json.dumps(board), 1)
    except ValueError as error:
        assert str(error)  # noqa: PT017
        return
    json.dumps(found.model_dump(), ensure_ascii=False).encode()


def _picture(kind: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 6), "red").save(buffer, kind)
    return buffer.getvalue()


@given(st.sampled_from(["PNG", "JPEG", "WEBP"]), HURTS)
@a_little
def test_a_picture_with_odd_bytes_opens_or_is_broken(kind: str, places: list[tuple[int, int]]) -> None:
    try:
        image = open_picture(hurt(_picture(kind), places), "x")
    except BrokenFileError as error:
        assert str(error).startswith("x: ")  # noqa: PT017
    else:
        assert image.width * image.height <= MAX_PIXELS


@given(HURTS, st.booleans())
@a_few
def test_a_clip_with_odd_bytes_is_a_clip_or_broken(
    tmp_path: Path, places: list[tuple[int, int]], near_the_start: bool
) -> None:
    data = clip_of("odd")
    index = data.index(b"moov") if near_the_start else 0
    path = tmp_path / "clip.mp4"
    path.write_bytes(data[:index] + hurt(data[index : index + 900], places) + data[index + 900 :])
    try:
        assert check_clip(path, "clip.mp4").frames > 0
    except BrokenFileError as error:
        assert "clip.mp4" in str(error)  # noqa: PT017
