"""`why` tells everything that is known of a target, and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vidpipe.answers import Change
from vidpipe.commands.why import parts, why
from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.errors import UsageError
from vidpipe.report.voice import PLAIN
from vidpipe.report.why import why as told

if TYPE_CHECKING:
    from tests.project import Project


def test_parts_are_compared_one_by_one_and_changes_come_first() -> None:
    recorded = Fingerprint({"a": 1, "gone": 2, "same": 3}, {"template": "x"})
    wanted = Fingerprint({"a": 2, "same": 3, "new": 4, "awaited": None}, {"template": "y"})
    found = [(part.name, part.change, part.old, part.new, part.own) for part in parts(recorded, wanted)]
    assert found == [
        ("a", Change.CHANGED, 1, 2, False),
        ("awaited", Change.AWAITED, None, None, False),
        ("gone", Change.REMOVED, 2, None, False),
        ("new", Change.ADDED, None, 4, False),
        ("template", Change.CHANGED, "x", "y", True),
        ("same", Change.SAME, 3, 3, False),
    ]
    assert {part.change for part in parts(None, wanted)} == {Change.NEW, Change.AWAITED}


def test_a_change_is_shown_with_its_old_and_new_value_and_nothing_is_written(toy: Project) -> None:
    toy.spec()
    toy.done()
    toy.edit_scene(1, video_motion_prompt="pan left")
    before = toy.snapshot()
    [answer] = why(toy.load()[0], "clips/scene-001.mp4")
    assert toy.changes(before) == set()
    [changed] = [part for part in answer.parts if part.change is Change.CHANGED]
    assert (changed.name, changed.old, changed.new) == ("video_motion_prompt", "motion 1.", "pan left")
    assert [(entry.status, entry.model) for entry in answer.requests] == [("settled", "toy:film-1")]
    assert answer.take is not None
    assert answer.take.cost == answer.requests[0].spent


def test_a_glob_means_several_targets_and_one_that_matches_none_is_refused(toy: Project) -> None:
    toy.spec()
    toy.done()
    answers = why(toy.load()[0], "keyframes/*")
    assert [answer.outcome.name[10:] for answer in answers] == [
        "scene-000-start.png",
        "scene-000-end.png",
        "scene-001-end.png",
        "scene-002-end.png",
    ]
    hint = r"no target matches 'clips/scene-01\.mp4' .*; did you mean clips/scene-001\.mp4"
    with pytest.raises(UsageError, match=hint):
        why(toy.load()[0], "clips/scene-01.mp4")


def test_a_mark_and_an_orphan_and_what_waits_are_explained(toy: Project) -> None:
    from vidpipe.commands.redo import redo

    toy.spec()
    toy.done()
    redo(toy.load()[0], ["clips/scene-000.mp4"])
    [answer] = why(toy.load()[0], "clips/scene-000.mp4")
    assert answer.marks == ("you asked for a new take of it (vidpipe redo)",)
    toy.path("clip 0").with_name("scene-009.mp4").write_bytes(toy.bytes("clip 0"))
    text = "\n".join(told(why(toy.load()[0], "clips/scene-009.mp4"), PLAIN))
    assert "no scene of the storyboard makes or uses the file; a run leaves it alone" in text
    toy.path("storyboard").write_text("{")
    text = "\n".join(told(why(toy.load()[0], "film.mp4"), PLAIN))
    assert "what it is made from is not there, so nobody can tell" in text


def test_text_from_files_cannot_steer_the_terminal(toy: Project) -> None:
    toy.spec()
    toy.done()
    toy.edit_scene(1, video_motion_prompt="pan \u202eleft", scene_description="x\u2066y" * 40)
    text = told(why(toy.load()[0], "clips/scene-001.mp4"), PLAIN)
    assert all(line.isprintable() for line in text)
    assert "        now pan \\u202eleft" in text


def test_an_orphan_that_is_called_as_no_target_can_be_hides_nothing_else(toy: Project) -> None:
    toy.spec(provider="free", scenes=1)
    toy.done()
    toy.path("clip 0").with_name("a\\b.mp4").write_bytes(toy.bytes("clip 0"))
    answers = why(toy.load()[0], "clips/*")
    assert [answer.outcome.name for answer in answers] == ["clips/scene-000.mp4", "clips/a\\b.mp4"]
    assert (answers[1].take, answers[1].marks) == (None, ())
