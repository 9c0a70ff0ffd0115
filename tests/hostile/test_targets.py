"""Names of targets, and the places in `.vidpipe/` that go by them: none leads out, none is written that cannot be."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vidpipe.engine.layout import Layout, is_target_name
from vidpipe.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hostile.conftest import Yard

PIECES = st.sampled_from(
    ["..", ".", "", "a", "/", "\\", "\0", ".vidpipe", ".VidPipe", "~", "con", "é", "e\u0301", ":", "\u202e"]
)

small = settings(max_examples=150, derandomize=True, deadline=None)


@given(st.lists(PIECES, max_size=6).map("".join))
@small
def test_no_name_of_a_target_leads_out_of_its_directory_or_into_what_is_vidpipes(name: str) -> None:
    root = Path("/somewhere/runs/pier")
    if not is_target_name(name):
        with pytest.raises(UsageError):
            Layout(root).target(name)
        return
    path = Layout(root).target(name)
    assert path.parts[: len(root.parts)] == root.parts
    assert len(path.parts) > len(root.parts)
    assert not {"..", ".vidpipe"} & {part.casefold() for part in path.parts}


@given(st.lists(PIECES | st.text(max_size=3), max_size=6).map("".join) | st.text(max_size=8))
@example("\ud800")
@example("a\x1b[2Jb")
@example(".VIDPIPE/ledger")
@example("/etc/passwd")
@example("\u6d77" * 100)
@small
def test_every_place_of_a_target_is_inside_its_folder_and_can_be_written_or_there_is_none(name: str) -> None:
    layout = Layout(Path("/somewhere/runs/pier"))
    places: tuple[tuple[Callable[[str], Path], Path], ...] = (
        (layout.target, layout.root),
        (layout.record, layout.records),
        (layout.pending, layout.pendings),
        (lambda text: layout.take(text, 1), layout.archive / "records"),
        (lambda text: layout.mark("redo", text), layout.marks / "redo"),
    )
    for place, folder in places:
        if not is_target_name(name):
            with pytest.raises(UsageError) as caught:
                place(name)
            assert str(caught.value).isprintable()
            continue
        path = place(name)
        assert Path(os.path.normpath(path)) == path
        assert path.is_relative_to(folder)
        assert path != folder
        assert max(map(len, os.fsencode(path).split(b"/"))) <= 240
        assert str(path).isprintable()


@pytest.mark.parametrize(
    "target", ["../../specs/pier.yaml", "/etc/passwd", ".vidpipe/ledger.jsonl", "*", "\x1b[2J", "x" * 5000]
)
def test_a_command_line_cannot_name_a_target_elsewhere(yard: Yard, target: str) -> None:
    for command in (
        ("redo", "pier", target),
        ("takes", "pier", target),
        ("restore", "pier", target, "1"),
        ("adopt", "pier", target, "x"),
    ):
        done = yard(*command)
        assert done.code in {0, 1, 2}, done.told
        assert "\x1b" not in done.told


@pytest.mark.parametrize("folder", ["records", "pending", "marks/redo", "marks/accept", "archive/records"])
@pytest.mark.parametrize("name", ["", "a\x1b[2J", "a\\b", "x" * 230, ".vidpipe/lock", "\udcff"], ids=ascii)
def test_notes_of_what_no_target_is_called_are_nobodys(yard: Yard, folder: str, name: str) -> None:
    path = yard.private / folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = json.loads((yard.private / "records/clips/scene-000.mp4.json").read_bytes())
    mark = {"digest": record["digest"], "take": 1, "request": 0}
    path.write_text(json.dumps(record | mark | {"record": record, "draft": "x", "judged": None}))
    for command in (("run", "-v"), ("plan",), ("redo", "pier", "film.mp4"), ("clean", "--archive", "--orphans")):
        done = yard(*command)
        assert done.code == 0, done.told
        assert "\x1b" not in done.told
    assert path.exists()
