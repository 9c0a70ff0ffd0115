"""A clip whose reply was lost: vidpipe stops and says so, and each of the ways out finishes the film."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.project import Project, long
from tests.steps.films import WHOLE, lose_clip, repeat_scene
from tests.toy import CLIP
from vidpipe.commands.adopt import adopt
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit, UsageError
from vidpipe.providers.base import (
    ReplyLostError,
)
from vidpipe.results import JobState
from vidpipe.steps import prompts


def test_a_clip_whose_reply_was_lost_is_never_sent_again_by_itself(toy: Project) -> None:
    lose_clip(toy)
    for _ in range(2):
        before = toy.snapshot()
        ran = toy.run()
        assert (ran.exit, ran.state("clip 1"), ran.job.state) == (Exit.DECISION, State.LOST, JobState.BLOCKED)
        assert "--on-lost resubmit pays $0.50" in ran.said
        assert toy.changes(before) == set()
    assert toy.server.sent("video") == 3
    assert toy.plan().state("clip 1") is State.LOST


def test_a_lost_clip_is_not_sent_again_because_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_clip(toy)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.run().state("clip 1") is State.LOST
    assert toy.server.sent("video") == 3


def test_a_lost_clip_is_resubmitted_when_told_so_and_the_lost_price_stays_spent(toy: Project) -> None:
    lose_clip(toy)
    assert toy.plan(on_lost="resubmit").result.cost == CLIP
    ran = toy.done(on_lost="resubmit")
    assert ran.made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()


def test_a_lost_clip_that_is_abandoned_counts_as_refused_from_then_on(toy: Project) -> None:
    lose_clip(toy)
    ran = toy.run(on_lost="abandon")
    assert (ran.exit, ran.acted(Action.HELD)) == (Exit.INCOMPLETE, {"still 1"})
    again = toy.run()
    assert (again.exit, again.did) == (Exit.INCOMPLETE, set())
    assert toy.spent() == WHOLE


def test_a_lost_clip_that_is_abandoned_stays_so_even_where_there_is_nothing_else_to_do(toy: Project) -> None:
    toy.spec(on_refused="fail")
    toy.server.on("video", ReplyLostError("connection reset"), holding="motion 1.")
    toy.run()
    toy.run(on_lost="abandon")
    assert toy.run().state("clip 1") is State.REFUSED


def found(toy: Project) -> str:
    """Return the name under which the vendor films the clip whose reply was lost."""
    made = next(iter(toy.server.operations.values()))
    request = replace(made.request, prompt=made.request.prompt.replace("scene 0", "scene 1"))
    return toy.server.begin(replace(made, request=request, serial=99))


def bind(toy: Project, operation: str) -> None:
    """Adopt an operation for clip 1."""
    (loaded,) = toy.load()
    adopt(loaded, long("clip 1"), operation)


def test_a_lost_clip_whose_operation_was_found_is_fetched(toy: Project) -> None:
    lose_clip(toy)
    bind(toy, found(toy))
    ran = toy.done()
    assert ran.made == {"clip 1", "film"}
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_a_name_that_was_mistyped_can_be_put_right_before_and_after_the_next_run(toy: Project) -> None:
    lose_clip(toy)
    operation = found(toy)
    for _ in range(2):
        bind(toy, "operations/99")
        ran = toy.run()
        assert (ran.exit, ran.state("clip 1")) == (Exit.DECISION, State.LOST)
        assert "vidpipe adopt JOB clips/scene-001.mp4 OPERATION" in ran.reasons("clip 1")
    bind(toy, "operations/98")
    bind(toy, operation)
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_the_operation_of_another_request_is_not_bound(toy: Project) -> None:
    lose_clip(toy)
    other = next(name for name, made in toy.server.operations.items() if "motion 2." in made.request.prompt)
    with pytest.raises(UsageError, match=f"{other} is the operation of another request already, for {long('clip 2')}"):
        bind(toy, other)
    assert toy.plan().state("clip 1") is State.LOST


def test_a_name_that_turned_out_to_be_wrong_can_be_bound_to_the_request_that_it_belongs_to(toy: Project) -> None:
    toy.spec()
    for scene in (1, 2):
        toy.server.on("video", ReplyLostError("reset"), holding=f"motion {scene}.")
    toy.run()
    bind(toy, "operations/2")
    assert toy.run().state("clip 1") is State.LOST, "nobody knew operations/2 then"
    assert found(toy) == "operations/2"
    (loaded,) = toy.load()
    adopt(loaded, long("clip 2"), "operations/2")
    ran = toy.run()
    assert (ran.state("clip 1"), ran.made) == (State.LOST, {"clip 2"})


def test_an_operation_that_was_given_up_can_be_asked_about_again(toy: Project) -> None:
    lose_clip(toy)
    toy.run(on_lost="abandon")
    bind(toy, found(toy))
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)


def test_one_word_about_lost_clips_sends_one_request_where_scenes_share_a_clip(toy: Project) -> None:
    toy.spec()
    repeat_scene(toy, 2)
    toy.server.on("video", ReplyLostError("reset"), times=None)
    for word in (None, None, "resubmit", None):
        sent = toy.server.sent("video")
        ran = toy.run(on_lost=word)
        assert (ran.exit, ran.state("clip 0"), ran.state("clip 1")) == (Exit.DECISION, State.LOST, State.LOST)
        assert toy.server.sent("video") == sent + (word is not None or sent == 0)
    toy.server.rules.clear()
    toy.done(on_lost="resubmit")
    assert toy.server.sent("video") == 3


def test_a_picture_whose_reply_was_lost_has_no_operation_to_be_bound_to(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", ReplyLostError("reset"), holding="end 1.", times=5)
    toy.run()
    (loaded,) = toy.load()
    with pytest.raises(UsageError, match="no request for it is lost"):
        adopt(loaded, long("end 1"), "operations/9")
