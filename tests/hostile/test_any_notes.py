"""Whatever notes hold of what vidpipe put somewhere: nobody's file is replaced or removed for what they say."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile.odd import ODD, VALUES, a_little
from vidpipe.commands.preview_copies import copied, place_copies
from vidpipe.commands.preview_place import Place
from vidpipe.engine.layout import Layout, is_target_name
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, DecisionError, UsageError
from vidpipe.steps.caption_files import CaptionFile
from vidpipe.steps.placed import Placed

if TYPE_CHECKING:
    from pathlib import Path

ODDER = ODD | st.sampled_from(
    ["x", "../x", "..", ".", "", "a/../../x", "runs", "x/y", "keyframes/x.png", "\0", ".vidpipe"]
)
NOTES = st.one_of(
    VALUES,
    st.lists(ODDER, max_size=6),
    st.dictionaries(st.sampled_from(["copies", "digests"]), st.lists(ODDER, max_size=6) | VALUES),
)
NOBODYS = b"somebody's own"


def text_of(value: object) -> str:
    """Return JSON, lone surrogates and all."""
    return json.dumps(value)


@given(NOTES)
@example({"copies": ["../../../x"]})
@example({"copies": ["/etc/passwd", "\ud800", "a\0b", "x" * 5_000]})
@example({"copies": [["x"], {"x": 1}, None]})
@a_little
def test_notes_of_copies_name_targets_only_and_nothing_outside_goes(tmp_path: Path, value: object) -> None:
    layout = Layout(tmp_path / "runs" / ".preview" / "pier")
    layout.private.mkdir(parents=True, exist_ok=True)
    beside = [tmp_path / name for name in ("x", "x.json", "runs/x", "runs/x.json", "runs/.preview/x")]
    for path in beside:
        path.write_bytes(NOBODYS)
    (layout.private / "copies.json").write_text(text_of(value))
    with suppress(BrokenFileError):
        assert all(is_target_name(name) for name in copied(layout.private / "copies.json"))
        place_copies({}, Store(layout))
        assert copied(layout.private / "copies.json") == []
    assert all(path.read_bytes() == NOBODYS for path in beside)


@given(NOTES)
@example({"digests": ["\ud800", None, 7, {}]})
@a_little
def test_notes_of_placed_files_hold_texts_or_are_broken(tmp_path: Path, value: object) -> None:
    placed = Placed(tmp_path / "output.json", 4)
    placed.note.write_text(text_of(value))
    try:
        found = placed.digests()
    except BrokenFileError as error:
        assert "output.json" in str(error)  # noqa: PT017
        return
    assert all(isinstance(digest, str) for digest in found)
    placed.remember("0" * 64, scratch=tmp_path)
    assert placed.digests()[-1] == "0" * 64
    assert len(placed.digests()) <= placed.most


@given(NOTES)
@a_little
def test_a_preview_and_captions_replace_only_what_the_notes_say_by_its_digest(tmp_path: Path, value: object) -> None:
    film, note, made = (tmp_path / name for name in ("pier.preview.mp4", ".placed.json", "film.mp4"))
    film.write_bytes(NOBODYS)
    note.write_text(text_of(value))
    try:
        Place(film, made, note).check()
    except (DecisionError, BrokenFileError, UsageError) as error:
        assert str(error)  # noqa: PT017
    else:
        raise AssertionError("somebody's own film would be replaced")
    with suppress(BrokenFileError):
        captions = CaptionFile(film, b"captions")
        assert captions.is_strange(Placed(note, 4).digests())
        assert captions.is_right(Placed(note, 4).digests())
