"""Budgets of jobs and runs: what does not fit is not begun, and the amount that would do is named."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.steps.films import WHOLE, cut_board, still_filming
from tests.toy import FIRST_PICTURE, NEXT_PICTURE, STORYBOARD
from vidpipe.errors import Exit
from vidpipe.providers.base import Refused, RefusedError, ReplyLostError

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def test_a_budget_that_does_not_fit_blocks_before_the_first_picture_and_names_the_amount(toy: Project) -> None:
    toy.spec(budget=1)
    ran = toy.run()
    assert (ran.exit, toy.server.calls) == (Exit.DECISION, (1, 0, 0))
    assert f"budget: {WHOLE:f}".rstrip("0") in ran.said
    toy.spec(budget=float(WHOLE))
    assert toy.done().result.cost == WHOLE - STORYBOARD
    assert toy.server.calls == (1, 4, 3)


def test_a_job_that_was_stopped_early_may_use_a_budget_that_the_whole_of_it_would_not_fit(toy: Project) -> None:
    toy.spec(budget=1)
    assert toy.done(until="keyframes").result.cost == STORYBOARD + FIRST_PICTURE + 3 * NEXT_PICTURE


def test_a_run_that_may_cost_nothing_makes_only_what_is_free(toy: Project) -> None:
    toy.spec()
    ran = toy.run(max_cost=Decimal(0))
    assert (ran.exit, toy.server.requests) == (Exit.DECISION, [])
    assert "--max-cost" in ran.said
    toy.done()
    toy.path("film").unlink()
    assert toy.done(max_cost=Decimal(0)).made == {"film"}


def test_a_run_that_may_cost_nothing_sends_no_clip_again_after_its_operation_was_refused(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_filming(toy, monkeypatch)
    toy.server.on("poll", Refused("violence"), holding="motion 1.")
    ran = toy.run(max_cost=Decimal(0))
    assert toy.server.sent("video") == 3
    assert ran.exit is Exit.DECISION


def test_a_budget_of_a_run_for_one_job_and_a_half_makes_the_first_and_blocks_the_second(toy: Project) -> None:
    toy.spec("one")
    toy.spec("two", script="Gulls cry.")
    ran = toy.run("one", "two", max_cost=WHOLE * 3 / 2)
    one, two = ran.result.jobs
    assert (one.exit_code, two.exit_code) == (Exit.DONE, Exit.DECISION)
    assert toy.server.calls == (2, 4, 3)
    assert ran.result.cost == WHOLE + STORYBOARD
    assert "--max-cost" in "".join(reason for target in two.targets for reason in target.reasons)
    assert toy.done("one", "two").result.cost == WHOLE - STORYBOARD


def test_what_a_job_set_aside_and_did_not_spend_is_there_for_the_next_one(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_JOBS", "1")
    toy.spec("one", on_refused="skip")
    toy.spec("two", script="Gulls cry.")
    toy.server.on("video", RefusedError("no"), holding="Waves", times=None)
    ran = toy.run("one", "two", max_cost=WHOLE + Decimal("0.5"))
    assert ran.result.jobs[1].exit_code is Exit.DONE, ran.result.jobs[1].targets


def test_a_picture_that_is_asked_for_again_leaves_the_clips_their_money(toy: Project) -> None:
    toy.spec()
    cut_board(toy)
    toy.spec(budget=float(WHOLE + 2 * FIRST_PICTURE))
    toy.server.on("image", ReplyLostError("reset"), holding="start 2.")
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "another attempt at keyframes/scene-002-start.png costs" in ran.reasons("start 2")
    assert "would do" in ran.reasons("start 2")
    assert {"clip 0", "clip 1"} <= ran.made, "what was set aside for clips went into pictures"


def test_a_budget_counts_lost_requests_as_spent(toy: Project) -> None:
    toy.spec(budget=float(WHOLE))
    toy.server.on("video", ReplyLostError("reset"), holding="motion 1.")
    toy.run()
    ran = toy.run(on_lost="resubmit")
    assert ran.exit is Exit.DECISION
    assert toy.server.sent("video") == 3
    assert "would do" in ran.said
