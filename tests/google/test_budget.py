"""Budgets hold over jobs, and what does not fit is not begun."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.loopback.deeds import Block

if TYPE_CHECKING:
    from tests.google.studio import Studio


def test_of_two_jobs_that_one_and_a_half_times_fit_the_second_buys_no_picture(studio: Studio) -> None:
    for name in ("a", "b"):
        studio.spec(name, scenes=1)
    half = studio.plan().jobs["a"]["planned_usd"]
    ran = studio.run("--max-cost", f"{1.5 * half:.2f}", code=3)
    assert ran.jobs["a"]["state"] == "done"
    assert ran.jobs["b"]["state"] == "blocked"
    assert "--max-cost" in ran.told
    text, images, videos = studio.vendor.calls
    assert (text, images, videos) in {(1, 2, 1), (2, 2, 1)}
    assert studio.vendor.bill() <= Decimal(str(1.5 * half))
    assert studio.run().jobs["b"]["state"] == "done"
    assert studio.vendor.calls == (2, 4, 2)
    assert studio.spent("a") + studio.spent("b") == studio.vendor.bill()


@pytest.mark.parametrize("limit", ["0", "0.02", "1"])
def test_a_job_that_does_not_fit_says_what_would_do(studio: Studio, limit: str) -> None:
    studio.spec(scenes=1)
    ran = studio.run("--max-cost", limit, code=3)
    assert ran.job["state"] == "blocked"
    assert "would do" in ran.told
    assert studio.vendor.calls[1:] == (0, 0)
    assert studio.vendor.bill() <= Decimal(limit)


def test_a_budget_of_the_spec_counts_over_the_jobs_life(studio: Studio) -> None:
    studio.spec(scenes=1, budget=3)
    studio.film()
    assert studio("redo", "pier", "clips/scene-000.mp4").code == 0
    assert "budget" in studio.run(code=3).told
    assert studio.vendor.calls == (1, 2, 1)


def test_attempts_after_a_refusal_need_no_second_budget(studio: Studio) -> None:
    studio.vendor.on("video", Block())
    studio.spec(scenes=1)
    planned = studio.plan().job["planned_usd"]
    studio.run("--until", "clips", "--max-cost", str(planned))
    assert studio.vendor.calls == (1, 2, 1)
