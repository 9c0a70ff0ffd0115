"""The budget: set aside before anything is sent, never overdrawn, and every refusal names the amount that would do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpipe.budget import BudgetError, JobBudget, RunBudget, dollars
from vidpipe.errors import Exit

D = Decimal


def budget(limit: str, run: str | None = None) -> JobBudget:
    return JobBudget(D(limit), RunBudget(D(run) if run is not None else None))


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("2", "$2.00"),
        ("0.5", "$0.50"),
        ("1.9305", "$1.9305"),
        ("0.134", "$0.134"),
        ("20", "$20.00"),
        ("1.000042", "$1.00"),
        ("0.00012", "$0.0001"),
    ],
)
def test_dollars_have_two_decimals_and_more_only_where_they_say_something(amount: str, text: str) -> None:
    assert dollars(D(amount)) == text


def test_what_fits_exactly_is_set_aside() -> None:
    job = budget("2")
    job.reserve(D("2"), "the film")
    assert (job.reserved, job.run.reserved, job.spent) == (D(2), D(2), D(0))


def test_what_does_not_fit_is_refused_with_the_amount_that_would_do_and_nothing_is_set_aside() -> None:
    job = budget("20")
    job.spent = D("5")
    job.reserve(D("10"), "the first half")
    with pytest.raises(
        BudgetError, match=r"costs \$6\.00, and \$15\.00 of the budget of \$20\.00 .*: budget: 21 would do"
    ):
        job.reserve(D("6"), "the second half")
    assert (job.reserved, job.run.reserved) == (D(10), D(10))
    assert BudgetError.exit_code is Exit.DECISION


def test_a_run_that_may_cost_less_than_the_job_refuses_with_its_own_option() -> None:
    job = budget("20", run="3")
    job.reserve(D("2"), "the first half")
    with pytest.raises(BudgetError, match=r"\$1\.00 of --max-cost \$3\.00 is left: --max-cost 4 would do"):
        job.reserve(D("2"), "the second half")


def test_nothing_is_always_affordable() -> None:
    job = budget("0", run="0")
    job.spent = D(1)
    job.reserve(D(0), "something free")
    with pytest.raises(BudgetError):
        job.reserve(D("0.0001"), "something")


def test_several_jobs_share_what_a_run_may_cost() -> None:
    run = RunBudget(D(3))
    one, two = JobBudget(D(20), run), JobBudget(D(20), run)
    one.reserve(D(2), "one")
    with pytest.raises(BudgetError):
        two.reserve(D(2), "two")
    one.release()
    two.reserve(D(2), "two")


def test_what_is_drawn_comes_out_of_what_was_set_aside_and_the_rest_is_set_aside_singly() -> None:
    job = budget("2")
    job.reserve(D(1), "the film")
    job.draw(D("0.6"), "a clip")
    assert (job.reserved, job.spent) == (D("0.4"), D("0.6"))
    job.draw(D("0.6"), "a clip")
    assert (job.reserved, job.spent, job.run.reserved) == (D(0), D("1.2"), D("1.2"))
    with pytest.raises(BudgetError):
        job.draw(D("0.9"), "a clip")
    assert (job.reserved, job.spent) == (D(0), D("1.2"))


@pytest.mark.parametrize(
    ("limit", "most", "way_out"),
    [
        ("1.9", None, r"\$1\.868 of the budget of \$1\.90 is spent or set aside: budget: 2\.002 would do"),
        ("20", "1.9", r"\$0\.032 of --max-cost \$1\.90 is left: --max-cost 2\.002 would do"),
    ],
)
def test_what_is_set_aside_in_part_is_refused_with_its_whole_price_and_what_is_missing(
    limit: str, most: str | None, way_out: str
) -> None:
    job = budget(limit, most)
    job.reserve(D("1.868"), "the film")
    job.draw(D("0.402"), "three pictures")
    with pytest.raises(
        BudgetError, match=rf"a clip costs \$1\.60, of which \$0\.134 is not set aside yet, and {way_out}"
    ):
        job.draw(D("1.6"), "a clip")
    assert (job.spent, job.reserved) == (D("0.402"), D("1.466"))


def test_what_was_not_bought_is_there_for_the_next_attempt() -> None:
    job = budget("1", run="1")
    job.reserve(D(1), "a clip")
    for _ in range(3):
        job.draw(D(1), "a clip")
        job.give_back(D(1))
    job.draw(D(1), "a clip")
    assert (job.spent, job.reserved) == (D(1), D(0))


def test_what_an_earlier_run_spent_for_nothing_gives_the_job_room_but_not_the_run() -> None:
    job = budget("1", run="0")
    job.spent = D(1)
    job.refund(D(1))
    with pytest.raises(BudgetError, match="--max-cost"):
        job.draw(D(1), "a clip")


def test_a_reply_that_cost_less_than_expected_leaves_the_difference() -> None:
    job = budget("1", run="1")
    job.draw(D("0.8"), "a storyboard")
    job.settle(D("0.8"), D("0.1"))
    assert (job.spent, job.run.reserved) == (D("0.1"), D("0.1"))
    job.draw(D("0.9"), "a clip")


@given(st.lists(st.tuples(st.sampled_from(["reserve", "draw", "back"]), st.decimals(0, 3, places=2)), max_size=30))
def test_a_budget_is_never_overdrawn(moves: list[tuple[str, Decimal]]) -> None:
    job = budget("5", run="4")
    drawn: list[Decimal] = []
    for move, amount in moves:
        try:
            if move == "reserve":
                job.reserve(amount, "x")
            elif move == "draw":
                job.draw(amount, "x")
                drawn.append(amount)
            elif drawn:
                job.give_back(drawn.pop())
        except BudgetError:
            pass
        assert job.spent == sum(drawn, D(0))
        assert job.reserved >= 0
        assert job.spent + job.reserved == job.run.reserved <= 4
