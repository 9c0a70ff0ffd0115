"""A record that makes no sense is found before anything is bought for its target: what is bought finds a place."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hostile.odd import ODD, RECORD, VALUES
from vidpipe.errors import Exit
from vidpipe.steps.caption_files import windows_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.conftest import Yard
    from tests.project import Project

CLIP = "clips/scene-000.mp4"
TAKES = (10**400, 10**4298, 10**9 + 1, 10**9, 10**9 - 1, 0, -1, True, 1.0, "1", None)
PLACES = {
    "record": f"records/{CLIP}.json",
    "archive": f"archive/records/{CLIP}/000002.json",
    "another's": "records/keyframes/scene-000-end.png.json",
    "pending": f"pending/{CLIP}.json",
    "redo": f"marks/redo/{CLIP}.json",
    "accept": f"marks/accept/{CLIP}.json",
}
PROVENANCE = st.dictionaries(
    st.sampled_from(["request", "request_usd", "model", "prompt", "windows", "dropped", "held", "loudness", "seconds"]),
    VALUES,
    max_size=3,
)

a_few = settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def filmed(toy: Project) -> Project:
    """Return a project whose one clip has to be filmed anew, and a copy of it beside."""
    toy.spec(scenes=1)
    toy.done()
    toy.edit_scene(0, video_motion_prompt="Faster.")
    shutil.copytree(toy.layout().root, toy.root / "before", symlinks=True)
    return toy


def spoil(project: Project, place: str, changes: dict[str, object]) -> None:
    """Bring the job back to where it was, with changes to one of its files of JSON."""
    root = project.layout().root
    shutil.rmtree(root)
    shutil.copytree(project.root / "before", root, symlinks=True)
    path = root / ".vidpipe" / PLACES[place]
    value = contents(root, place)
    path.parent.mkdir(parents=True, exist_ok=True)
    inner = value["record"] if place == "pending" else value
    inner |= changes
    path.write_text(json.dumps(value))


def contents(root: Path, place: str) -> dict[str, Any]:
    records = root / ".vidpipe" / "records"
    if place in {"redo", "accept"}:
        return {"digest": None, "take": 1, "request": 0, "fingerprint": None}
    name = "keyframes/scene-000-end.png" if place == "another's" else CLIP
    record = json.loads((records / f"{name}.json").read_bytes())
    return {"record": record, "draft": "x", "judged": None} if place == "pending" else record


def buys_soundly(project: Project) -> int:
    """Run to the clips twice and return how many were bought: at most one, which is then in its place for good."""
    before = project.server.count("video")
    first = project.run(until="clips")
    assert "a bug in vidpipe" not in first.said
    bought = project.server.count("video") - before
    assert bought <= 1
    if bought:
        assert first.exit is Exit.DONE, first.said
        assert project.done(until="clips").did == set()
        assert project.server.count("video") - before == 1
    return bought


@pytest.mark.parametrize("place", ["record", "archive", "pending", "redo", "another's"])
@pytest.mark.parametrize("take", TAKES, ids=lambda take: str(take)[:12])
def test_a_take_that_is_none_costs_nothing_or_does_no_harm(filmed: Project, place: str, take: object) -> None:
    spoil(filmed, place, {"take": take})
    bought = buys_soundly(filmed)
    if place == "record":
        assert bought == 0


@given(st.sampled_from(sorted(PLACES)), st.sampled_from(sorted(RECORD)), VALUES)
@example("record", "take", 0)
@example("archive", "take", 10**9)
@a_few
def test_whatever_one_value_is_what_is_bought_finds_its_place(
    filmed: Project, place: str, key: str, value: object
) -> None:
    spoil(filmed, place, {key: value})
    buys_soundly(filmed)


@given(st.sampled_from(["record", "another's", "archive"]), PROVENANCE)
@example("record", {"request": {"a": []}, "request_usd": "-5"})
@settings(a_few, max_examples=20)
def test_whatever_the_provenance_holds_what_is_bought_finds_its_place(
    filmed: Project, place: str, inside: dict[str, object]
) -> None:
    spoil(filmed, place, {"provenance": inside})
    assert buys_soundly(filmed) == 1


@given(st.lists(st.tuples(ODD, ODD) | VALUES, max_size=3) | VALUES)
@example([[0, 10**400]])
@example([[False, True]])
@example([[0, 10**8 + 1]])
@a_few
def test_whatever_times_a_films_record_names_captions_are_written_or_left_out(rows: object) -> None:
    for start, stop in windows_in({"windows": rows}):  # type: ignore[dict-item]
        assert type(start) is type(stop) is int
        assert 0 <= start <= stop <= 10**8


@pytest.mark.parametrize("rows", [[[0, 10**400]], [[0, 10**9]], [[False, True]], [[0, "9"]], [[0]], {"a": 1}])
def test_captions_of_times_that_are_none_end_no_run(yard: Yard, rows: object) -> None:
    board = json.loads((yard.job / "storyboard.json").read_bytes())
    board["scenes"][0]["narration"] = "Waves beat on the old pier."
    (yard.job / "storyboard.json").write_text(json.dumps(board))
    yard.project.spec(scenes=1, captions="sidecar")
    assert yard("run").code == 0
    path = yard.private / "records/film.mp4.json"
    record = json.loads(path.read_bytes())
    record["provenance"]["windows"] = rows
    path.write_text(json.dumps(record))
    (yard.job / "film.srt").unlink(missing_ok=True)
    assert yard("run").code == 0
