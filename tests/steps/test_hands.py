"""A person's hand while a run is at work: it survives, it is announced, and nothing is recorded that is not so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.project import Project, long
from tests.toy import clip_of, picture_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import restore, takes
from vidpipe.engine.judge import Action, State
from vidpipe.engine.store import Store
from vidpipe.errors import DecisionError, Exit, UsageError
from vidpipe.events import Said

if TYPE_CHECKING:
    from collections.abc import Callable

HAND = picture_of("by hand")


def is_archived(project: Project, data: bytes) -> bool:
    """Whether the archive holds these bytes."""
    return data in [path.read_bytes() for path in (project.layout().archive / "content").iterdir()]


def test_a_frame_that_is_repainted_while_it_is_made_again_stays_the_hands(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").write_bytes(HAND), holding="a gull.")
    ran = pier.run()
    assert ran.exit is Exit.DECISION
    assert (ran.state("end 1"), ran.outcomes["end 1"].action) == (State.CONFLICT, Action.BLOCKED)
    assert "edited while it was being made" in ran.reasons("end 1")
    assert pier.bytes("end 1") == HAND
    assert pier.record("end 1").digest not in {"", HAND}
    again = pier.run()
    assert (again.exit, again.state("end 1"), pier.bytes("end 1")) == (Exit.DECISION, State.CONFLICT, HAND)


def test_the_paid_draft_of_a_frame_that_was_repainted_meanwhile_can_be_brought_back_for_nothing(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").write_bytes(HAND), holding="a gull.")
    pier.run()
    pictures = pier.server.count("image")
    (loaded,) = pier.load()
    newest = takes(loaded, long("end 1"))[-1]
    assert (newest.made_by, newest.available, newest.live) == ("vidpipe", True, False)
    restore(loaded, long("end 1"), str(newest.take))
    ran = pier.done()
    assert "end 1" not in ran.made
    assert pier.server.count("image") == pictures + 1  # the frame after it
    assert is_archived(pier, HAND)
    pier.rests()


def test_a_frame_that_is_put_in_place_while_the_first_one_is_drawn_stays_the_hands(toy: Project) -> None:
    toy.spec()

    def paint() -> None:
        toy.path("end 1").parent.mkdir(exist_ok=True)
        toy.path("end 1").write_bytes(HAND)

    toy.server.on("image", paint, holding="end 1.")
    assert toy.run().exit is Exit.DECISION
    assert toy.bytes("end 1") == HAND
    ran = toy.done()
    assert ran.adopted == {"end 1"}
    assert ran.made == {"end 2", "clip 1", "clip 2", "film"}
    toy.rests()


def test_a_frame_that_is_deleted_while_it_is_made_again_is_restored_from_the_paid_draft(pier: Project) -> None:
    pier.edit_scene(1, end_frame_prompt="a gull.")
    pier.server.on("image", lambda: pier.path("end 1").unlink(), holding="a gull.")
    assert pier.run().exit is Exit.DECISION
    pictures = pier.server.count("image")
    ran = pier.done()
    assert "end 1" in ran.restored
    assert pier.server.count("image") == pictures + 1  # the frame after it
    pier.rests()


def test_a_frame_that_is_repainted_while_its_clip_is_filmed_is_announced_and_taken_in_by_the_next_run(
    toy: Project,
) -> None:
    toy.spec()
    toy.server.on("poll", lambda: toy.path("end 2").write_bytes(HAND), holding="motion 2.")
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "keyframes/scene-002-end.png was changed during the run" in ran.said
    assert toy.bytes("end 2") == HAND
    assert toy.record("clip 2").fingerprint.user["last frame"] == toy.record("end 2").digest
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"end 2"}, {"clip 2", "film"})
    toy.rests()


def test_a_storyboard_that_is_edited_during_a_run_is_announced_and_taken_in_by_the_next_run(toy: Project) -> None:
    toy.spec()
    toy.server.on("poll", lambda: toy.edit_scene(0, video_motion_prompt="by hand."), holding="motion 2.")
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "storyboard.json was changed during the run" in ran.said
    assert toy.board()["scenes"][0]["video_motion_prompt"] == "by hand."
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"storyboard"}, {"clip 0", "film"})
    toy.rests()


def test_a_clip_that_is_replaced_while_the_film_is_stitched_never_gets_into_it_unseen(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vidpipe.steps import film

    toy.spec()
    stitch = film._stitch

    def replaced(*args: object) -> object:
        toy.path("clip 1").write_bytes(clip_of("by hand"))
        monkeypatch.setattr(film, "_stitch", stitch)
        return stitch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(film, "_stitch", replaced)
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "clips/scene-001.mp4 was changed during the run" in ran.said
    assert not toy.path("film").exists()
    ran = toy.done()
    assert (ran.adopted, ran.made) == ({"clip 1"}, {"film"})
    toy.rests()


def test_a_file_that_is_moved_in_with_an_old_time_during_a_run_is_noticed(toy: Project) -> None:
    import os

    toy.spec()

    def move() -> None:
        spare = toy.root / "spare.png"
        spare.write_bytes(HAND)
        os.utime(spare, (1, 1))
        spare.replace(toy.path("end 0"))

    toy.server.on("poll", move, holding="motion 2.")
    assert toy.run().exit is Exit.DECISION
    assert toy.done().adopted == {"end 0"}


def test_a_target_that_is_edited_while_it_waits_for_a_shared_making_stays_the_hands(toy: Project) -> None:
    toy.spec()
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"] = [{**value["scenes"][0], "continuity": "cut"}] * 2
    toy.write_board(value)

    def put() -> None:
        other = "clip 1" if not toy.path("clip 1").exists() else "clip 0"
        for name in ("clip 0", "clip 1"):
            if not toy.path(name).exists() and name == other:
                toy.path(name).parent.mkdir(exist_ok=True)
                toy.path(name).write_bytes(clip_of("by hand"))

    toy.server.on("poll", put)
    toy.run()
    assert clip_of("by hand") in {toy.bytes("clip 0"), toy.bytes("clip 1")}


def test_deleting_a_spec_while_it_is_made_does_not_hurt_the_run(toy: Project) -> None:
    path = toy.spec()
    toy.server.on("image", path.unlink, holding="end 1.")
    assert toy.done().made >= {"film"}
    toy.spec()
    toy.rests()


def test_what_is_said_during_a_run_reaches_the_one_who_listens(pier: Project) -> None:
    pier.path("clip 1").write_bytes(odd_clip())
    heard: list[object] = []
    pier.run(report=heard.append)
    assert any(isinstance(event, Said) and "encoded anew" in event.message for event in heard)


def odd_clip() -> bytes:
    """Return a clip of another size than the film's."""
    import io

    import av

    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for _ in range(24):
            container.mux(stream.encode(av.VideoFrame(64, 36, "yuv420p")))
        container.mux(stream.encode(None))
    return buffer.getvalue()


# accept, redo and restore


def test_accepting_does_not_make_vidpipes_own_output_hand_made(pier: Project) -> None:
    pier.spec(style="noir")
    (loaded,) = pier.load()
    accept(loaded, ["storyboard.json"])
    ran = pier.done()
    assert (ran.adopted, ran.made) == ({"storyboard"}, set())
    assert pier.record("storyboard").origin == "vidpipe"
    pier.rests()


def test_an_acceptance_is_used_up_by_the_next_run_and_does_not_cover_a_later_change(pier: Project) -> None:
    (loaded,) = pier.load()
    pier.edit_scene(1, video_motion_prompt="faster.")
    accept(loaded, [long("clip 1")])
    assert pier.done().made == set()
    pier.edit_scene(1, video_motion_prompt="slower.")
    assert "clip 1" in pier.done().made


def test_an_acceptance_that_a_crash_left_behind_does_not_cover_a_later_change(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (loaded,) = pier.load()
    pier.edit_scene(1, video_motion_prompt="faster.")
    accept(loaded, [long("clip 1")])
    drop = Store.drop_mark
    monkeypatch.setattr(Store, "drop_mark", lambda self, kind, name: None)
    pier.run()
    monkeypatch.setattr(Store, "drop_mark", drop)
    pier.done()
    pier.rests()
    pier.edit_scene(1, video_motion_prompt="slower.")
    assert "clip 1" in pier.done().made


def test_an_accepted_file_is_still_there_for_what_it_was_made_of(pier: Project) -> None:
    (loaded,) = pier.load()
    first = pier.bytes("clip 1")
    pier.edit_scene(1, video_motion_prompt="faster.")
    accept(loaded, [long("clip 1")])
    pier.done()
    calls = pier.server.calls
    pier.edit_scene(1, video_motion_prompt="motion 1.")
    pier.done()
    assert pier.server.calls == calls
    assert pier.bytes("clip 1") == first
    pier.rests()


def test_a_redo_that_is_taken_back_by_accepting_makes_nothing(pier: Project) -> None:
    (loaded,) = pier.load()
    redo(loaded, [long("clip 1")])
    accept(loaded, [long("clip 1")])
    ran = pier.done()
    assert ran.made == set()
    pier.rests()


def test_an_acceptance_that_is_taken_back_by_redoing_makes_a_new_take(pier: Project) -> None:
    (loaded,) = pier.load()
    pier.edit_scene(1, video_motion_prompt="faster.")
    accept(loaded, [long("clip 1")])
    redo(loaded, [long("clip 1")])
    assert pier.done().made == {"clip 1", "film"}
    pier.rests()


def test_a_redone_clip_whose_making_is_interrupted_is_finished_and_not_bought_twice(
    pier: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vidpipe.providers.base import Running

    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    (loaded,) = pier.load()
    redo(loaded, [long("clip 1")])
    pier.server.on("poll", Running(), holding="motion 1.")
    ran = pier.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.DECISION, State.INTERRUPTED)
    assert pier.done().made == {"clip 1", "film"}
    assert pier.server.calls == (1, 4, 4)
    pier.rests()


def test_a_redone_keyframe_makes_what_depends_on_it(pier: Project) -> None:
    (loaded,) = pier.load()
    redo(loaded, ["keyframes/scene-001-*"])
    planned = pier.plan()
    assert planned.acted(Action.MAKE) == {"end 1"}
    assert planned.acted(Action.MAYBE) == {"end 2", "clip 1", "clip 2", "film"}
    ran = pier.done()
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    assert planned.result.cost == ran.result.cost
    pier.rests()


def test_a_repainted_redone_file_stays_the_hands_and_the_redo_is_forgotten(pier: Project) -> None:
    (loaded,) = pier.load()
    redo(loaded, [long("end 2")])
    pier.path("end 2").write_bytes(HAND)
    assert pier.done().adopted == {"end 2"}
    assert pier.bytes("end 2") == HAND
    pier.rests()


def test_a_restored_take_of_another_style_is_kept_by_the_next_run(pier: Project) -> None:
    first = pier.bytes("clip 1")
    pier.spec(style="noir")
    pier.done()
    (loaded,) = pier.load()
    lines = takes(loaded, long("clip 1"))
    assert [line.live for line in lines] == [False, True]
    restore(loaded, long("clip 1"), lines[0].digest[:8])
    ran = pier.done()
    assert (ran.adopted, ran.made) == ({"clip 1"}, {"film"})
    assert pier.bytes("clip 1") == first
    pier.rests()


def test_takes_of_nothing_are_told(pier: Project) -> None:
    (loaded,) = pier.load()
    with pytest.raises(UsageError, match="there is no take '77'"):
        restore(loaded, long("clip 1"), "77")
    redo(loaded, [long("clip 1")])
    pier.done()
    for path in (pier.layout().archive / "content").iterdir():
        path.unlink()
    with pytest.raises(DecisionError, match="not in the archive"):
        restore(loaded, long("clip 1"), str(takes(loaded, long("clip 1"))[0].take))


@pytest.mark.parametrize("command", [accept, redo])
def test_a_target_that_does_not_exist_is_told_and_nothing_is_marked(
    pier: Project, command: Callable[..., object]
) -> None:
    (loaded,) = pier.load()
    before = pier.snapshot()
    with pytest.raises(UsageError, match=r"no target matches 'clips/scene-0001.mp4' .*; did you mean"):
        command(loaded, ["clips/scene-0001.mp4"])
    assert pier.changes(before) == set()


# Plans after a crash


def test_a_plan_after_a_crash_shows_what_the_next_run_will_settle(pier: Project) -> None:
    record = pier.record("storyboard")
    scratch, pendings = pier.layout().scratch, pier.layout().pending("storyboard.json")
    (scratch / "draft").write_bytes(pier.bytes("storyboard"))
    pendings.parent.mkdir(parents=True, exist_ok=True)
    pendings.write_text(json.dumps({"record": record.to_json(), "draft": "draft", "judged": None}))
    pier.path("storyboard").unlink()
    planned = pier.plan()
    assert planned.would == set()
    assert planned.exit is Exit.DONE
    assert {outcome.state for outcome in planned.outcomes.values()} == {State.UP_TO_DATE}
    pier.done()
    assert pier.path("storyboard").exists()
    pier.rests()


def test_restoring_the_take_in_use_takes_a_redo_back(pier: Project) -> None:
    (loaded,) = pier.load()
    redo(loaded, [long("clip 1")])
    restore(loaded, long("clip 1"), str(takes(loaded, long("clip 1"))[-1].take))
    assert pier.done().made == set()
    pier.rests()
