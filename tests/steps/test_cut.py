"""What the film is cut from: only what it uses is in its fingerprint, and no edit of it touches anything paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.toy import CLIP, clip_of, voice_of
from vidpipe.engine.judge import Action, State
from vidpipe.providers.base import RefusedError

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


def film_by_hand(project: Project, *seeds: str) -> None:
    """Put clips of one colour each in the place of those that were made."""
    for scene, seed in enumerate(seeds):
        project.path(f"clip {scene}").write_bytes(clip_of(seed))


def test_the_shared_frame_is_dropped_at_every_cut_into_a_scene_that_continues(pier: Project) -> None:
    film_by_hand(pier, "one", "one", "one")
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
    pier.done()
    film_by_hand(pier, "one", "one", "one")
    pier.spec(stitch={"mode": "cut", "drop_shared_frame": True})
    pier.done()
    assert pier.record("film").provenance["dropped"] == ["clips/scene-001.mp4"]


def test_no_frame_is_dropped_before_a_clip_that_begins_with_another_picture(pier: Project) -> None:
    film_by_hand(pier, "one", "one", "three")
    pier.spec(stitch={"mode": "cut", "drop_shared_frame": True})
    pier.done()
    provenance = pier.record("film").provenance
    assert (provenance["dropped"], provenance["unlike"]) == (["clips/scene-000.mp4"], ["clips/scene-001.mp4"])
    assert frames(pier) == 72 - 1
    assert "clips/scene-001.mp4 keeps its last frame" in " ".join(map(str, pier.heard))
    pier.rests()


@pytest.mark.parametrize("keys", [{"loudness": -20}, {"stitch": {"mode": "cut", "seconds": 0.9}}, {"captions": "none"}])
def test_what_a_silent_film_of_cuts_does_not_use_changes_nothing(pier: Project, keys: dict[str, object]) -> None:
    pier.spec(**keys)
    assert pier.plan().would == set()


def test_words_to_be_read_beside_a_silent_film_leave_it_as_it_is(pier: Project) -> None:
    pier.edit_scene(1, narration="The old pier.")
    ran = pier.done()
    assert (ran.made, ran.adopted) == (set(), {"storyboard"})
    assert pier.record("film").provenance["windows"] == [[0, 24], [24, 48], [48, 72]]
    pier.spec(captions="burned")
    assert pier.plan().reasons("film") == "caption 1 added; captions added"


def test_a_film_without_sound_takes_clips_that_have_some_and_gives_them_back(toy: Project) -> None:
    toy.spec(audio=True)
    toy.done()
    toy.path("clip 1").write_bytes(clip_of("by hand", audio=True))
    toy.done()
    sent = toy.server.calls
    toy.spec(audio=False)
    assert toy.done().made == {"film"}
    assert toy.record("clip 0").fingerprint.parts["audio"] is True
    toy.rests()
    toy.spec(audio=True)
    assert toy.done().restored == {"film"}
    assert toy.server.calls == sent


def test_an_earlier_take_with_sound_comes_back_for_a_film_without_and_stays_what_it_is(toy: Project) -> None:
    toy.spec(audio=True)
    toy.done()
    motion = toy.board()["scenes"][0]["video_motion_prompt"]
    toy.edit_scene(0, video_motion_prompt="The camera falls.")
    toy.done()
    toy.spec(audio=False)
    toy.edit_scene(0, video_motion_prompt=motion)
    assert toy.done().restored == {"clip 0"}
    assert toy.record("clip 0").fingerprint.parts["audio"] is True


def test_clips_that_were_made_without_sound_are_made_anew_for_a_film_that_has_some(pier: Project) -> None:
    pier.spec(audio=True)
    planned = pier.plan()
    assert planned.reasons("clip 0") == "audio changed: false -> true"
    assert planned.result.cost == 3 * CLIP


def test_a_clip_that_was_refused_with_sound_is_asked_for_without(toy: Project) -> None:
    toy.spec(audio=True)
    toy.server.on("video", RefusedError("its sound", ("1",)), holding="motion 1.", times=2)
    toy.run()
    toy.spec(audio=False)
    assert toy.done().made == {"clip 1", "film"}


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


SETTINGS: dict[str, dict[str, object]] = {
    "loudness": {"loudness": -20},
    "music": {"music": "song.wav"},
    "burned": {"captions": "burned"},
    "no captions": {"captions": "none"},
    "crossfade": {"stitch": "crossfade"},
    "transition": {"stitch": {"mode": "crossfade", "transition": "radial"}},
    "silent": {"audio": False},
    "shared frame": {"stitch": {"mode": "cut", "drop_shared_frame": True}},
}


@pytest.mark.parametrize("image", ["toy:draw-1", "free:draw-1"])
def test_no_setting_of_the_film_makes_a_picture_or_a_clip_anew_or_contests_one_made_by_hand(
    toy: Project, image: str
) -> None:
    usual = {"models": {"image": image}, "audio": True, "scenes": 2}
    toy.spec(**usual)
    toy.done(until="storyboard")
    toy.edit_scene(0, narration="Waves beat on the old pier.")
    toy.done()
    toy.path("clip 1").write_bytes(clip_of("by hand", audio=True))
    toy.done()
    (toy.root / "specs" / "song.wav").write_bytes(voice_of("song", 1.5))
    for name, setting in SETTINGS.items():
        toy.spec(**usual | setting)
        planned = toy.plan()
        assert planned.would == (set() if name == "no captions" else {"film"}), (name, planned.said)
        assert planned.result.cost == 0, name
        assert planned.acted(Action.BLOCKED) == set(), name
        assert State.CONFLICT not in {outcome.state for outcome in planned.outcomes.values()}, name
