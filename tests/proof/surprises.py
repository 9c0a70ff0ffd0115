"""Mechanisms behind the third promise, no surprise, and behind good order, and how to do without each of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.proof.removal import Removal, gives, put
from tests.toy import FIRST_PICTURE
from vidpipe import workshop
from vidpipe.budget import JobBudget, RunBudget
from vidpipe.engine import judge
from vidpipe.engine.foresee import Foresight
from vidpipe.engine.order import FREE
from vidpipe.media.worker.pool import Workers
from vidpipe.spec import merge

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    import pytest

    from vidpipe.engine.look import View
    from vidpipe.engine.order import Made, Order
    from vidpipe.media.worker.process import Worker
    from vidpipe.spec.document import Document
    from vidpipe.spec.merge import Layers


def reasons_are_not_told(patch: pytest.MonkeyPatch) -> None:
    """Judge without a word."""
    judged = judge.judge
    for place in ("vidpipe.engine.look.judge", "tests.engine.test_judge.judge"):
        patch.setattr(place, lambda case: replace(judged(case), reasons=()), raising=place.startswith("vidpipe"))


def plans_that_act(patch: pytest.MonkeyPatch) -> None:
    """Walk a job for a plan as a run does."""
    opened = workshop.open_job

    def for_real(*given: Any, **named: Any) -> object:
        return opened(*given, **{**named, "dry": False})

    patch.setattr("vidpipe.planning.open_job", for_real)


def no_limit_on_a_job(patch: pytest.MonkeyPatch) -> None:
    """Set aside whatever is asked for."""

    def set_aside(self: JobBudget, amount: object, _need: str) -> None:
        self.reserved += amount  # type: ignore[operator]
        self.run.reserved += amount  # type: ignore[operator]

    patch.setattr(JobBudget, "_set_aside", set_aside)


def no_limit_on_a_run(patch: pytest.MonkeyPatch) -> None:
    """Let every amount fit into what a run may cost."""
    patch.setattr(RunBudget, "fits", lambda _self, _amount: True)


def replies_are_not_awaited(patch: pytest.MonkeyPatch) -> None:
    """Let go of a request as soon as a signal comes."""

    async def at_once(work: Coroutine[object, object, object], *, keep: bool) -> object:
        return await work

    patch.setattr("vidpipe.purchase.ask.to_the_end", at_once)


def pool_ends_with_a_worker(patch: pytest.MonkeyPatch) -> None:
    """Start no other worker in the place of one that crashed."""
    put_back = Workers._put

    def put(self: Workers, worker: Worker, *, keep: bool) -> None:
        put_back(self, worker, keep=keep)
        self._closed = self._closed or not keep

    patch.setattr(Workers, "_put", put)


def free_is_no_default(patch: pytest.MonkeyPatch) -> None:
    """Let a paid provider make what names none."""
    merged = merge.lay_over

    def lay_over(spec: Document, settings: Document, defaults: Mapping[str, object]) -> Layers:
        return merged(spec, settings, {"provider": "google", **defaults})

    patch.setattr("vidpipe.spec.load.lay_over", lay_over)


def pictures_behind_pictures_cost_less(patch: pytest.MonkeyPatch) -> None:
    """Plan a picture that is drawn from another one as if it were drawn from nothing."""
    foreseen = Foresight.foresee

    def foresee(self: Foresight, order: Order, view: View) -> Made:
        is_chained = any(part.role == "first frame" for part in order.inputs) and order.kind.step == "keyframe"
        return foreseen(self, replace(order, price=FIRST_PICTURE) if is_chained else order, view)

    patch.setattr(Foresight, "foresee", foresee)


def tokens_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    """Plan a storyboard as if words cost nothing."""
    foreseen = Foresight.foresee

    def foresee(self: Foresight, order: Order, view: View) -> Made:
        return foreseen(self, replace(order, price=FREE) if order.kind.step == "storyboard" else order, view)

    patch.setattr(Foresight, "foresee", foresee)


SURPRISES = (
    Removal(
        "Nothing is bought unless the spec asks for it",
        "the free provider is the default",
        "tests/spec/test_load.py::test_a_script_is_all_that_a_spec_needs",
        free_is_no_default,
    ),
    Removal(
        "What is planned is what is paid, to the cent",
        "a chain behind a picture is counted",
        "tests/steps/test_ledger.py::test_the_plan_of_pictures_and_clips_is_what_the_ledger_settles_to_the_cent",
        pictures_behind_pictures_cost_less,
    ),
    Removal(
        "What is planned is what is paid, to the cent",
        "tokens are an upper bound",
        "tests/steps/test_ledger.py::test_the_plan_of_a_storyboard_is_an_upper_bound",
        tokens_are_not_counted,
    ),
    Removal(
        "Every rerun has its reason",
        "the reason of a judgement",
        "tests/steps/test_rerun.py::test_every_target_that_is_made_again_says_why_in_one_line_before_and_after",
        reasons_are_not_told,
    ),
    Removal(
        "A budget is never exceeded",
        "the limit of a job",
        "tests/test_budget.py::test_a_budget_is_never_overdrawn",
        no_limit_on_a_job,
    ),
    Removal(
        "A budget is never exceeded",
        "the whole rest has to fit before the first picture",
        "tests/steps/test_budgets.py::test_a_budget_that_does_not_fit_blocks_before_the_first_picture_and_names_the_amount",
        gives("vidpipe.budget.JobBudget.reserve", None),
    ),
    Removal(
        "A budget is never exceeded",
        "--max-cost",
        "tests/steps/test_budgets.py::test_a_run_that_may_cost_nothing_makes_only_what_is_free",
        no_limit_on_a_run,
    ),
    Removal(
        "A budget is never exceeded",
        "what was lost counts as spent",
        "tests/steps/test_budgets.py::test_a_budget_counts_lost_requests_as_spent",
        put("vidpipe.ledger.request.FREE", ("rejected", "refused", "unknown", "abandoned")),
    ),
    Removal(
        "A run with nothing to do writes nothing",
        "it is not begun",
        "tests/steps/test_rerun.py::test_nothing_was_done_so_nothing_is_made_and_no_file_is_written",
        gives("vidpipe.conduct.has_work", True),
    ),
    Removal(
        "`plan`, `status` and `why` write nothing",
        "the dry walk",
        "tests/steps/test_ledger.py::test_the_plan_of_a_storyboard_is_an_upper_bound",
        plans_that_act,
    ),
    Removal(
        "`plan`, `status` and `why` write nothing",
        "the dry walk of why",
        "tests/commands/test_why.py::test_a_change_is_shown_with_its_old_and_new_value_and_nothing_is_written",
        plans_that_act,
    ),
    Removal(
        "`plan`, `status` and `why` write nothing",
        "they wait for nobody",
        "tests/test_lock.py::test_a_plan_of_a_held_job_says_busy_and_waits_for_nobody",
        gives("vidpipe.conduct.holder", None),
    ),
    Removal(
        "SIGINT, SIGTERM and SIGHUP end a run in good order, a second one at once",
        "a reply that is paid for is awaited",
        "tests/steps/test_ctrl_c.py::test_a_picture_that_arrives_after_ctrl_c_is_put_in_place_and_not_paid_again",
        replies_are_not_awaited,
    ),
    Removal(
        "A decoder that crashes costs one target",
        "another worker takes the crashed one's place",
        "tests/steps/test_workers.py::test_a_clip_that_crashes_the_decoder_costs_exactly_that_target_and_the_rest_of_the_run_goes_on",
        pool_ends_with_a_worker,
    ),
    Removal(
        "A secret that a service repeats is not kept",
        "storyboards are searched",
        "tests/google/test_repeated.py::test_a_storyboard_that_repeats_the_secret_is_kept_without_it",
        put("vidpipe.providers.google.text.without_learnt", str),
    ),
)
