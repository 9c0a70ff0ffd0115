"""What the next run makes after something was done to a finished film: the rerun rule, row by row, priced.

The vendor gives no two equal answers, so whatever is made again for nothing would show.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.project import Project, long
from tests.toy import CLIP, NEXT_PICTURE, STORYBOARD, board, clip_of, entry, picture_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import restore, takes
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.providers import registry
from vidpipe.providers.base import VideoRequest
from vidpipe.steps import keyframe, prompts

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = {"storyboard", "start 0", "end 0", "end 1", "end 2", "clip 0", "clip 1", "clip 2", "film"}


def test_a_first_run_makes_every_target_once_and_pays_for_each_once(toy: Project) -> None:
    toy.spec()
    ran = toy.done()
    assert ran.made == ALL
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == ran.result.cost == ran.job.cost


def test_nothing_was_done_so_nothing_is_made_and_no_file_is_written(pier: Project) -> None:
    pier.rests()


def test_touching_every_file_makes_nothing_and_writes_nothing(pier: Project) -> None:
    for path in pier.root.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))
    pier.rests()
    for path in pier.root.rglob("*"):
        path.touch()
    pier.rests()


def test_comments_and_another_order_of_keys_in_the_spec_make_nothing(pier: Project) -> None:
    path = pier.spec()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("# a film about a pier\n" + "".join(reversed(lines)))
    pier.rests()


@pytest.mark.parametrize("way", [shutil.copytree, shutil.move])
def test_a_job_directory_that_was_copied_or_moved_elsewhere_makes_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch, way: Callable[..., object]
) -> None:
    elsewhere = pier.root.parent / f"{pier.root.name}-elsewhere"
    way(pier.root, elsewhere)
    monkeypatch.chdir(elsewhere)
    Project(elsewhere, pier.server).rests()


def test_a_job_that_is_renamed_with_its_directory_makes_nothing(pier: Project) -> None:
    pier.spec(name="pier", script="Waves beat on the old pier.")
    (pier.root / "specs/pier.yaml").rename(pier.root / "specs/jetty.yaml")
    spec = (pier.root / "specs/jetty.yaml").read_text().replace("name: pier", "name: jetty")
    (pier.root / "specs/jetty.yaml").write_text(spec)
    pier.layout().root.rename(pier.layout("jetty").root)
    ran = pier.done("jetty")
    assert ran.did == set()
    pier.rests("jetty")


def test_a_copied_job_directory_with_a_spec_of_its_own_makes_nothing_when_the_first_spec_is_gone(pier: Project) -> None:
    shutil.copytree(pier.layout().root, pier.layout("jetty").root)
    (pier.root / "specs/pier.yaml").rename(pier.root / "specs/jetty.yaml")
    assert pier.done("jetty").did == set()


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
    toy.run(until="storyboard")
    value = toy.board()
    for scene in value["scenes"]:
        scene["continuity"] = "cut"
    toy.write_board(value)
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
    toy.run(until="storyboard")
    value = toy.board()
    for scene in value["scenes"]:
        scene["continuity"] = "cut"
    toy.write_board(value)
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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_replaced_keyframe_is_kept_and_what_depends_on_it_is_made(pier: Project, kind: str) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "navy").save(pier.path("end 1"), kind)
    hand = pier.bytes("end 1")
    planned = pier.plan()
    assert planned.state("end 1") is State.EDITED
    ran = pier.done()
    assert ran.adopted == {"end 1"}
    assert ran.made == {"end 2", "clip 1", "clip 2", "film"}
    assert pier.bytes("end 1") == hand
    sent = [request for _, request in pier.server.requests if isinstance(request, VideoRequest)][-2:]
    assert {picture.media_type for request in sent for picture in (request.first, request.last)} == {
        "image/png",
        f"image/{kind.lower()}",
    }
    pier.rests()


def test_a_replaced_clip_is_kept_and_the_film_is_made(pier: Project) -> None:
    pier.path("clip 1").write_bytes(clip_of("by hand"))
    ran = pier.done()
    assert (ran.adopted, ran.made) == ({"clip 1"}, {"film"})
    assert pier.bytes("clip 1") == clip_of("by hand")
    assert pier.server.calls == (1, 4, 3)
    pier.rests()


def test_a_hand_made_file_that_goes_back_to_what_vidpipe_made_is_not_the_users_any_more(pier: Project) -> None:
    made = pier.bytes("clip 1")
    pier.path("clip 1").write_bytes(clip_of("by hand"))
    pier.done()
    pier.path("clip 1").write_bytes(made)
    ran = pier.done()
    assert (ran.adopted, ran.restored | ran.made) == ({"clip 1"}, {"film"})
    assert pier.record("clip 1").origin == "vidpipe"
    pier.spec(style="noir")
    assert "clip 1" in pier.done().made
    pier.rests()


def test_a_file_put_in_place_before_vidpipe_made_one_is_adopted(toy: Project) -> None:
    toy.spec()
    toy.path("start 0").parent.mkdir(parents=True)
    toy.path("start 0").write_bytes(picture_of("by hand"))
    planned = toy.plan()
    assert (planned.state("start 0"), planned.outcomes["start 0"].action) == (State.ADOPTED, Action.ADOPTED)
    ran = toy.done()
    assert ran.adopted == {"start 0"}
    assert toy.bytes("start 0") == picture_of("by hand")
    assert toy.server.calls == (1, 3, 3)
    assert planned.result.cost - STORYBOARD > ran.result.cost - 2 * STORYBOARD
    toy.rests()


def test_a_deleted_film_is_stitched_again_and_nothing_else(pier: Project) -> None:
    film = pier.bytes("film")
    pier.path("film").unlink()
    assert pier.done().made == {"film"}
    assert pier.bytes("film") == film
    assert pier.server.calls == (1, 4, 3)
    pier.rests()


def test_a_deleted_clip_is_fetched_from_its_operation_for_nothing(pier: Project) -> None:
    clip = pier.bytes("clip 1")
    pier.path("clip 1").unlink()
    ran = pier.done()
    assert ran.acted(Action.FETCHED) == {"clip 1"}
    assert pier.bytes("clip 1") == clip
    assert ran.made == set()
    assert pier.server.calls == (1, 4, 3)
    assert ran.result.cost == 0
    pier.rests()


def test_a_deleted_clip_whose_operation_is_gone_is_made_again_at_its_price(pier: Project) -> None:
    pier.server.operations.clear()
    pier.path("clip 1").unlink()
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"clip 1"}
    assert planned.acted(Action.MAYBE) == {"film"}
    ran = pier.done()
    assert ran.made == {"clip 1", "film"}
    assert planned.result.cost == ran.result.cost == CLIP
    assert pier.server.calls == (1, 4, 4)
    pier.rests()


def test_a_deleted_keyframe_is_made_again_and_the_plan_shows_the_tail_as_maybe(pier: Project) -> None:
    pier.path("end 1").unlink()
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"end 1"}
    assert planned.acted(Action.MAYBE) == {"end 2", "clip 1", "clip 2", "film"}
    assert planned.result.cost == 2 * NEXT_PICTURE + 2 * CLIP
    ran = pier.done()
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    assert ran.result.cost == planned.result.cost
    pier.rests()


def test_a_deleted_keyframe_that_comes_back_bit_for_bit_touches_nothing_else(toy: Project) -> None:
    toy.server.deterministic = True
    toy.spec()
    toy.done()
    toy.path("end 1").unlink()
    assert toy.done().made == {"end 1"}
    assert toy.server.calls == (1, 5, 3)
    toy.rests()


def test_accepting_the_tail_before_a_keyframe_is_remade_keeps_it(pier: Project) -> None:
    files = pier.files()
    pier.path("end 1").unlink()
    (loaded,) = pier.load()
    accept(loaded, ["keyframes/scene-002-end.png", "clips/*"])
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"end 1"}
    assert planned.result.cost == NEXT_PICTURE
    ran = pier.done()
    assert ran.made == {"end 1"}
    assert ran.adopted >= {"end 2", "clip 1", "clip 2"}
    for name in ("end 2", "clip 1", "clip 2", "film"):
        assert pier.bytes(name) == files[long(name)]
    assert pier.record("clip 1").origin == "vidpipe"
    pier.rests()


def test_changed_templates_outdate_what_was_paid_for_and_remake_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    monkeypatch.setattr(prompts, "END_FRAME", prompts.END_FRAME + "\nSlowly.")
    monkeypatch.setattr(prompts, "STORYBOARD", prompts.STORYBOARD + "\nSlowly.")
    pier.rests()
    planned = pier.plan()
    outdated = {name for name, outcome in planned.outcomes.items() if outcome.state is State.OUTDATED}
    assert outdated == {"storyboard", "end 0", "end 1", "end 2", "clip 0", "clip 1", "clip 2"}
    assert "prompt template changed" in planned.reasons("clip 0")
    upgraded = pier.done(upgrade=True)
    assert {"storyboard", "end 0", "clip 0", "clip 2", "film"} <= upgraded.made
    assert pier.server.calls == (2, 7, 6)
    pier.rests()


def test_a_changed_default_model_outdates_what_was_paid_for_and_naming_it_changes_nothing(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = entry(pier.server)
    swapped = tuple(sorted(usual.models, key=lambda model: model.id != "film-2"))
    monkeypatch.setitem(registry.PROVIDERS, "toy", registry.ProviderEntry("toy", swapped, usual.open))
    pier.rests()
    assert pier.plan().state("clip 0") is State.OUTDATED
    pier.spec(models={"video": "toy:film-1"})
    pier.rests()
    pier.spec(models={"video": "toy:film-2"})
    assert pier.done().made == {"clip 0", "clip 1", "clip 2", "film"}
    pier.rests()


def test_a_free_provider_follows_changed_templates(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec(provider="free")
    toy.done()
    monkeypatch.setattr(keyframe, "RECIPE_VERSION", 2)
    ran = toy.done()
    assert ran.made == ALL - {"storyboard"}
    toy.rests()


def test_a_redone_clip_gets_one_new_take_and_the_first_one_comes_back_for_nothing(pier: Project) -> None:
    first, film = pier.bytes("clip 1"), pier.bytes("film")
    (loaded,) = pier.load()
    redo(loaded, ["clips/scene-001.mp4"])
    assert pier.plan().result.cost == CLIP
    ran = pier.done()
    assert ran.made == {"clip 1", "film"}
    assert pier.server.calls == (1, 4, 4)
    assert ran.result.cost == CLIP
    assert pier.bytes("clip 1") != first
    pier.rests()
    lines = takes(loaded, "clips/scene-001.mp4")
    assert [line.live for line in lines] == [False, True]
    restore(loaded, "clips/scene-001.mp4", str(lines[0].take))
    assert pier.bytes("clip 1") == first
    ran = pier.done()
    assert ran.made | ran.restored == {"film"}
    assert ran.result.cost == 0
    assert (pier.bytes("clip 1"), pier.bytes("film")) == (first, film)
    pier.rests()


def test_a_changed_stitch_makes_the_film_only(pier: Project) -> None:
    pier.spec(stitch={"mode": "crossfade", "seconds": 0.25})
    assert pier.done().made == {"film"}
    assert pier.server.calls == (1, 4, 3)
    pier.rests()
    pier.spec()
    assert pier.done().restored == {"film"}
    pier.rests()


def test_a_style_that_is_changed_and_changed_back_costs_nothing_the_second_time(pier: Project) -> None:
    files = pier.files()
    pier.spec(style="noir")
    assert pier.done().made == ALL
    calls = pier.server.calls
    assert calls == (2, 8, 6)
    pier.spec()
    assert pier.plan().result.cost == 0
    ran = pier.done()
    assert (ran.restored, ran.made) == (ALL, set())
    assert pier.server.calls == calls
    after = pier.files()
    assert json.loads(after.pop("film.json"))["cost_usd"] > json.loads(files.pop("film.json"))["cost_usd"]
    assert after == files
    pier.rests()


def test_a_hand_edited_storyboard_and_a_new_script_are_a_conflict_with_two_ways_out(pier: Project) -> None:
    pier.spec("mole")
    pier.edit_scene(1, video_motion_prompt="by hand.")
    pier.done("pier")
    pier.spec(script="Another story.")
    calls = pier.server.calls
    before = pier.files()
    ran = pier.run("pier", "mole")
    assert ran.exit is Exit.DECISION
    assert ran.result.jobs[1].exit_code is Exit.DONE
    assert ran.state("storyboard") is State.CONFLICT
    assert "accept" in ran.reasons("storyboard")
    assert "redo" in ran.reasons("storyboard")
    assert pier.files() == before
    assert pier.server.calls == tuple(a + b for a, b in zip(calls, (1, 4, 3), strict=True))


def test_a_conflict_blocks_what_needs_it_and_the_rest_goes_on(pier: Project) -> None:
    pier.path("clip 0").write_bytes(clip_of("by hand"))
    pier.done()
    pier.edit_scene(0, video_motion_prompt="faster.")
    pier.edit_scene(1, video_motion_prompt="slower.")
    ran = pier.run()
    assert ran.exit is Exit.DECISION
    assert ran.state("clip 0") is State.CONFLICT
    assert (ran.made, ran.acted(Action.BLOCKED)) == ({"clip 1"}, {"clip 0", "film"})
    assert pier.bytes("clip 0") == clip_of("by hand")
    before = pier.snapshot()
    assert pier.run().exit is Exit.DECISION
    assert pier.changes(before) == set()


def test_a_conflict_that_is_accepted_keeps_the_hand_made_file(pier: Project) -> None:
    pier.edit_scene(1, video_motion_prompt="by hand.")
    pier.spec(script="Another story.")
    assert pier.run().exit is Exit.DECISION
    (loaded,) = pier.load()
    accept(loaded, ["storyboard.json"])
    ran = pier.done()
    assert (ran.adopted, ran.made) == ({"storyboard"}, {"clip 1", "film"})
    assert pier.board()["scenes"][1]["video_motion_prompt"] == "by hand."
    pier.rests()


def test_a_conflict_that_is_redone_archives_the_hand_made_file_and_makes_a_new_one(pier: Project) -> None:
    pier.edit_scene(1, video_motion_prompt="by hand.")
    hand = pier.bytes("storyboard")
    pier.spec(script="Another story.")
    (loaded,) = pier.load()
    redo(loaded, ["storyboard.json"])
    ran = pier.done()
    assert "storyboard" in ran.made
    assert pier.server.count("text") == 2
    assert "Another" in pier.board()["scenes"][0]["scene_description"]
    kept = [path.read_bytes() for path in (pier.layout().archive / "content").iterdir()]
    assert hand in kept
    pier.rests()


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


@pytest.mark.parametrize("target", ["end 1", "clip 2", "film"])
def test_a_damaged_file_is_broken_and_stops_the_job_before_anything_is_spent(pier: Project, target: str) -> None:
    pier.path(target).write_bytes(pier.bytes(target)[:100])
    pier.edit_scene(0, video_motion_prompt="faster.")
    before, sent = pier.snapshot(), len(pier.server.requests)
    ran = pier.run()
    assert ran.exit is Exit.FAILED
    assert ran.state(target) is State.BROKEN
    assert long(target) in ran.reasons(target)
    assert pier.changes(before) == set()
    assert len(pier.server.requests) == sent


def test_an_unreadable_record_is_broken_and_nothing_is_spent(pier: Project) -> None:
    path = pier.layout().record(long("clip 1"))
    path.write_text("{")
    before = pier.snapshot()
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.FAILED, State.BROKEN)
    assert shown_path(path) in ran.reasons("clip 1")
    assert pier.changes(before) == set()


def test_two_targets_that_want_one_fingerprint_share_one_making(toy: Project) -> None:
    toy.spec()
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"] = [{**value["scenes"][0], "continuity": "cut"}] * 3
    toy.write_board(value)
    planned = toy.plan()
    ran = toy.done()
    assert toy.server.calls == (1, 2, 1)
    assert planned.result.cost == ran.result.cost
    assert len(ran.made) == 4
    assert len(ran.restored) == 6
    assert toy.bytes("clip 0") == toy.bytes("clip 1") == toy.bytes("clip 2")
    toy.rests()


def test_forcing_a_step_makes_all_of_its_targets_again(pier: Project) -> None:
    ran = pier.done(force=frozenset({"clip"}))
    assert ran.made == {"clip 0", "clip 1", "clip 2", "film"}
    assert pier.server.calls == (1, 4, 6)
    pier.rests()


def test_forcing_a_step_leaves_the_users_own_files_alone(pier: Project) -> None:
    pier.path("clip 0").write_bytes(clip_of("by hand"))
    pier.done()
    pier.path("clip 1").write_bytes(clip_of("by hand as well"))
    ran = pier.done(force=frozenset({"clip"}))
    assert (ran.made, ran.adopted) == ({"clip 2", "film"}, {"clip 1"})
    assert pier.bytes("clip 0") == clip_of("by hand")
    assert pier.bytes("clip 1") == clip_of("by hand as well")
    pier.rests()


def test_a_hand_made_file_behind_a_keyframe_that_is_remade_is_a_conflict_and_priced_at_nothing(pier: Project) -> None:
    pier.path("clip 2").write_bytes(clip_of("by hand"))
    pier.done()
    pier.path("end 2").unlink()
    planned = pier.plan()
    assert planned.outcomes["clip 2"].action is Action.MAYBE
    ran = pier.run()
    assert (ran.exit, ran.state("clip 2")) == (Exit.DECISION, State.CONFLICT)
    assert ran.result.cost == planned.result.cost == NEXT_PICTURE
    assert pier.bytes("clip 2") == clip_of("by hand")


def test_stopping_early_makes_no_more_than_was_asked_for(toy: Project) -> None:
    toy.spec()
    assert toy.done(until="storyboard").made == {"storyboard"}
    assert toy.done(until="keyframes").made == {"start 0", "end 0", "end 1", "end 2"}
    assert toy.done(targets=("clips/scene-001.mp4",)).made == {"clip 1"}
    assert toy.done(until="clips").made == {"clip 0", "clip 2"}
    assert toy.done().made == {"film"}
    assert toy.server.calls == (1, 4, 3)
    toy.rests()
