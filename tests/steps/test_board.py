"""What the next run makes after the storyboard was edited, scene by scene."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.project import Project, long
from tests.steps.films import ALL, cut_board
from tests.toy import CLIP, board
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_edited_motion_prompt_makes_that_clip_and_the_film(pier: Project) -> None:
    pier.edit_scene(1, video_motion_prompt="faster.")
    planned = pier.plan()
    assert (planned.acted(Action.MAKE), planned.acted(Action.MAYBE)) == ({"clip 1"}, {"film"})
    assert planned.result.cost == CLIP
    assert "video_motion_prompt changed" in planned.reasons("clip 1")
    ran = pier.done()
    assert (ran.made, ran.adopted) == ({"clip 1", "film"}, {"storyboard"})
    assert pier.server.calls == (1, 4, 4)
    pier.rests()


def test_an_edited_end_frame_prompt_makes_that_keyframe_the_chain_after_it_their_clips_and_the_film(
    toy: Project,
) -> None:
    toy.spec(scenes=5)
    toy.done()
    value = toy.board()
    value["scenes"][3]["continuity"] = "cut"
    toy.write_board(value)
    toy.done()
    calls = toy.server.calls
    toy.edit_scene(1, end_frame_prompt="a gull lands.")
    ran = toy.done()
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    assert toy.server.calls == (calls[0], calls[1] + 2, calls[2] + 2)
    toy.rests()


def test_reformatting_the_storyboard_makes_nothing_and_writes_nothing(pier: Project) -> None:
    pier.write_board(pier.board())
    pier.rests()
    value = pier.board()
    pier.path("storyboard").write_text(json.dumps(value, sort_keys=True), encoding="utf-8")
    pier.rests()


def test_a_scene_added_at_the_end_makes_its_own_targets_and_the_film(pier: Project) -> None:
    value = pier.board()
    value["scenes"].append({**board("Gulls", "plain", 4)["scenes"][3]})  # type: ignore[index]
    pier.write_board(value)
    assert pier.done().made == {"end 3", "clip 3", "film"}
    pier.rests()


def test_a_dropped_last_scene_makes_the_film_and_its_files_stay_as_orphans(pier: Project) -> None:
    value = pier.board()
    value["scenes"].pop()
    pier.write_board(value)
    kept = pier.bytes("clip 2"), pier.bytes("end 2")
    ran = pier.done()
    assert ran.made == {"film"}
    assert {name for name, outcome in ran.outcomes.items() if outcome.state is State.ORPHAN} == {"clip 2", "end 2"}
    assert (pier.bytes("clip 2"), pier.bytes("end 2")) == kept
    told = json.loads((pier.layout().root / "film.json").read_text())
    assert {part["name"] for part in told["targets"]} == {long(name) for name in ALL - {"clip 2", "end 2"}}
    pier.rests()


def test_a_scene_inserted_in_front_of_a_cut_shifts_the_others_for_nothing(toy: Project) -> None:
    toy.spec()
    value = cut_board(toy)
    toy.done()
    calls = toy.server.calls
    new = {**value["scenes"][0], "start_frame_prompt": "new start.", "end_frame_prompt": "new end."}
    toy.write_board({**value, "scenes": [new, *value["scenes"]]})
    planned = toy.plan()
    assert planned.acted(Action.MAKE) | planned.acted(Action.MAYBE) == {"start 0", "end 0", "clip 0", "film"}
    ran = toy.done()
    assert ran.made == {"start 0", "end 0", "clip 0", "film"}
    assert toy.server.calls == (calls[0], calls[1] + 2, calls[2] + 1)
    assert planned.result.cost == ran.result.cost
    toy.rests()


def test_scenes_that_change_places_cost_nothing(toy: Project) -> None:
    toy.spec()
    value = cut_board(toy)
    toy.done()
    calls, files = toy.server.calls, toy.files()
    toy.write_board({**value, "scenes": value["scenes"][::-1]})
    assert toy.plan().result.cost == 0
    ran = toy.done()
    moved = {f"{what} {scene}" for what in ("start", "end", "clip") for scene in (0, 2)}
    assert (ran.restored, ran.made) == (moved, {"film"})
    assert toy.server.calls == calls
    assert toy.bytes("clip 0") == files[long("clip 2")]
    assert toy.bytes("clip 2") == files[long("clip 0")]
    toy.rests()


@pytest.mark.parametrize(
    ("break_it", "place"),
    [
        (lambda text: text.replace('",\n', '"\n', 1), "storyboard.json:3:28: "),
        (lambda text: text.replace('"scene_index": 1', '"scene_idx": 1'), "scene_idx"),
        (lambda text: text.replace('"scene_index": 1', '"scene_index": 0'), "scene_index: must be 1"),
    ],
)
def test_a_broken_storyboard_is_told_with_its_place_and_nothing_is_made(
    pier: Project, break_it: Callable[[str], str], place: str
) -> None:
    text = pier.path("storyboard").read_text()
    assert break_it(text) != text
    pier.path("storyboard").write_text(break_it(text))
    before, sent = pier.snapshot(), len(pier.server.requests)
    ran = pier.run()
    assert ran.exit is Exit.FAILED
    assert ran.state("storyboard") is State.BROKEN
    assert place in ran.reasons("storyboard")
    assert pier.changes(before) == set()
    assert len(pier.server.requests) == sent
