"""What `accept`, `redo` and `restore` leave for the next run, and when it is used up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.project import Project, long
from tests.toy import picture_of
from vidpipe.commands.accept import accept
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import restore, takes
from vidpipe.engine.judge import Action, State
from vidpipe.engine.store import Store
from vidpipe.errors import DecisionError, Exit, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

HAND = picture_of("by hand")


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
