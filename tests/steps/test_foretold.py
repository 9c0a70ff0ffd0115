"""A plan promises no more than a run can keep, and a run that does nothing claims nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.toy import picture_of
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from tests.project import Project


def test_an_edited_frame_behind_one_that_is_drawn_anew_is_adopted_perhaps_for_it_may_come_to_a_conflict(
    pier: Project,
) -> None:
    pier.path("start 0").unlink()
    pier.path("end 0").write_bytes(picture_of("by hand"))
    planned = pier.plan()
    assert (planned.state("end 0"), planned.outcomes["end 0"].action) == (State.EDITED, Action.MAYBE)
    assert planned.outcomes["end 0"].price == 0
    assert planned.acted(Action.MAYBE) >= {"end 1", "end 2", "clip 1", "clip 2"}, "they hang on what becomes of it"
    ran = pier.run()
    assert (ran.exit, ran.state("end 0"), ran.made) == (Exit.DECISION, State.CONFLICT, {"start 0"})
    assert pier.bytes("end 0") == picture_of("by hand")


def test_a_run_that_something_broken_keeps_from_everything_says_of_no_target_that_it_was_made_or_adopted(
    pier: Project,
) -> None:
    pier.edit_scene(1, video_motion_prompt="faster.")
    pier.path("end 0").write_bytes(picture_of("by hand"))
    pier.path("clip 2").write_bytes(b"no clip")
    before = pier.snapshot()
    ran = pier.run()
    assert (ran.exit, ran.outcomes["clip 2"].action) == (Exit.FAILED, Action.FAILED)
    assert {outcome.action for outcome in ran.job.targets} == {Action.NONE, Action.FAILED, Action.BLOCKED}
    assert sum(outcome.price for outcome in ran.job.targets) == 0
    assert ran.job.film is None
    assert pier.changes(before) == set()
    assert ran.state("storyboard") is State.EDITED
