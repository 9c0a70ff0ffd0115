"""A clip whose reply was lost: vidpipe stops and says so, and each of the ways out finishes the film."""

from __future__ import annotations

import pytest

from tests.project import Project, long
from tests.steps.films import WHOLE, lose_clip
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


def test_a_lost_clip_whose_operation_was_found_is_fetched(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", ReplyLostError("reset"), holding="motion 1.")
    toy.run()
    other = next(name for name, made in toy.server.operations.items() if "motion 2." in made.request.prompt)
    (loaded,) = toy.load()
    adopt(loaded, long("clip 1"), other)
    ran = toy.done()
    assert ran.made == {"clip 1", "film"}
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_a_picture_whose_reply_was_lost_has_no_operation_to_be_bound_to(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", ReplyLostError("reset"), holding="end 1.", times=5)
    toy.run()
    (loaded,) = toy.load()
    with pytest.raises(UsageError, match="no request for it is lost"):
        adopt(loaded, long("end 1"), "operations/9")
