"""A person's file and a changed wish: a conflict blocks what needs it, and has two ways out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests.toy import NEXT_PICTURE, clip_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from tests.project import Project


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


def test_a_clip_that_is_replaced_while_it_is_filmed_anew_stays_and_the_one_that_was_paid_for_is_in_the_archive(
    pier: Project,
) -> None:
    first = pier.bytes("clip 1")
    pier.edit_scene(1, video_motion_prompt="slower.")
    pier.server.on("poll", lambda: pier.path("clip 1").write_bytes(clip_of("by hand")), holding="slower.")
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.DECISION, State.CONFLICT)
    assert "your file stays, the new one is in the archive" in ran.reasons("clip 1")
    assert pier.bytes("clip 1") == clip_of("by hand")
    filmed = [*pier.server.operations.values()][-1]
    kept = {path.name: path.read_bytes() for path in (pier.layout().archive / "content").iterdir()}
    assert clip_of((filmed.request, filmed.serial)) in kept.values()
    assert {hashlib.sha256(data).hexdigest() for data in kept.values()} == set(kept), "under another file's digest"
    assert all(request.status == "settled" for request in pier.ledger().requests.values())
    pier.path("clip 1").write_bytes(first)
    assert "clip 1" in pier.done().restored
    assert pier.server.count("video") == 4
