"""What the film is cut from: only what it uses is in its fingerprint, and no edit of it touches anything paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.project import Project


def frames(project: Project) -> object:
    return project.record("film").provenance["frames"]


def test_a_transition_in_the_storyboard_recuts_the_film_alone(pier: Project) -> None:
    pier.edit_scene(1, transition="crossfade")
    planned = pier.plan()
    assert planned.result.cost == 0
    assert planned.reasons("film") == "transition 1 added; transition 1 look added; transition 1 seconds added"
    ran = pier.done()
    assert (ran.made, ran.adopted) == ({"film"}, {"storyboard"})
    assert frames(pier) == 72 - 12
    pier.rests()


def test_a_transition_that_is_the_specs_own_changes_nothing(pier: Project) -> None:
    pier.edit_scene(0, transition="cut")
    assert pier.done().did == {"storyboard"}


def test_the_transition_of_the_last_scene_leads_nowhere(pier: Project) -> None:
    pier.edit_scene(2, transition="crossfade")
    assert pier.done().did == {"storyboard"}


def test_a_fade_that_no_boundary_uses_is_not_in_the_fingerprint(pier: Project) -> None:
    for scene in (0, 1):
        pier.edit_scene(scene, transition="cut")
    pier.spec(stitch={"mode": "crossfade", "seconds": 0.2})
    pier.done()
    pier.spec(stitch={"mode": "crossfade", "seconds": 0.4, "transition": "radial"})
    assert pier.plan().would == set()


def test_a_storyboard_may_fade_for_longer_than_the_spec(pier: Project) -> None:
    value = pier.board()
    value["scenes"][0]["transition"] = {"mode": "crossfade", "seconds": 0.25}
    pier.write_board(value)
    pier.spec(stitch="crossfade")
    pier.done()
    assert frames(pier) == 72 - 6 - 12
    parts = pier.record("film").fingerprint.parts
    assert parts["transition 0 seconds"] == 0.25
    assert (parts["stitch"], parts["stitch seconds"]) == ("crossfade", 0.5)


def test_the_shared_frame_is_dropped_at_every_cut_into_a_scene_that_continues(pier: Project) -> None:
    pier.spec(stitch={"mode": "cut", "drop_shared_frame": True})
    ran = pier.done()
    assert ran.made == {"film"}
    assert frames(pier) == 72 - 2
    assert pier.record("film").provenance["dropped"] == ["clips/scene-000.mp4", "clips/scene-001.mp4"]
    assert "clips/scene-001.mp4 was encoded anew without its last frame" in " ".join(map(str, pier.heard))
    pier.edit_scene(0, transition="crossfade")
    pier.done()
    assert frames(pier) == 72 - 1 - 11, "a fade is no longer than half of the 23 frames that are left"


def test_no_frame_is_dropped_before_a_scene_that_opens_on_a_picture_of_its_own(pier: Project) -> None:
    pier.edit_scene(1, continuity="cut")
    pier.spec(stitch={"mode": "cut", "drop_shared_frame": True})
    pier.done()
    assert pier.record("film").provenance["dropped"] == ["clips/scene-001.mp4"]


@pytest.mark.parametrize("keys", [{"loudness": -20}, {"stitch": {"mode": "cut", "seconds": 0.9}}, {"captions": "none"}])
def test_what_a_silent_film_of_cuts_does_not_use_changes_nothing(pier: Project, keys: dict[str, object]) -> None:
    pier.spec(**keys)
    assert pier.plan().would == set()


def test_words_to_be_read_recut_a_silent_film_alone(pier: Project) -> None:
    pier.edit_scene(1, narration="The old pier.")
    ran = pier.done()
    assert (ran.made, ran.adopted) == ({"film"}, {"storyboard"})
    assert pier.record("film").provenance["captions"] == [[24, 48, "The old pier."]]
    pier.spec(captions="none")
    assert pier.plan().reasons("film") == "caption 1 removed; captions removed"


def test_a_second_cut_finds_the_pieces_of_the_first(pier: Project) -> None:
    pier.spec(stitch="crossfade")
    pier.done()
    cache = pier.layout().cache / "pieces"
    before = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert len(before) == 8
    pier.edit_scene(1, transition="cut")
    pier.done()
    after = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert len(after) == 6
    assert len(before.items() & after.items()) == 4
