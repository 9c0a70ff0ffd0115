"""A clip whose reply is lost stays spent and is sent again only where somebody says so and the books have taken it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.failing import disk_error
from tests.purchase.buying import PATIENT, PRICE, WANTED, Camera, filmed, purchases, statuses
from vidpipe.budget import BudgetError
from vidpipe.engine.judge import Standing
from vidpipe.errors import LostError
from vidpipe.providers.base import Done, ReplyLostError

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.order import Draft
    from vidpipe.ledger.request import Request, Status
    from vidpipe.purchase.books import OnLost


@pytest.mark.parametrize("error", [ReplyLostError("reset"), ZeroDivisionError("?"), TimeoutError()])
def test_a_clip_whose_reply_is_lost_in_whatever_way_is_never_sent_again(
    tmp_path: Path, draft: Draft, error: Exception
) -> None:
    books, camera = purchases(tmp_path), Camera([error, "op"])
    with pytest.raises(LostError, match=r"not sent again by itself: .*`vidpipe adopt JOB clips/scene-000\.mp4 OP"):
        filmed(books, draft, camera)
    assert camera.submits.sent == 1
    assert statuses(books) == ["unknown"]
    assert purchases(tmp_path).standing(WANTED, 0)[0] is Standing.UNKNOWN


def test_giving_a_lost_clip_up_keeps_its_price_spent(tmp_path: Path, draft: Draft) -> None:
    with pytest.raises(LostError):
        filmed(purchases(tmp_path), draft, Camera([ReplyLostError("reset")]))
    policy = replace(PATIENT, on_lost="resubmit")
    assert purchases(tmp_path, policy).standing(WANTED, 0)[0] is Standing.NONE
    books = purchases(tmp_path, policy)
    filmed(books, draft, Camera(["op"], [Done("x")], ["clip"]))
    assert statuses(books) == ["abandoned", "submitted"]
    assert books.ledger.spent() == 2 * PRICE


def test_a_lost_clip_stays_lost_where_the_budget_has_no_room_for_another_one(tmp_path: Path, draft: Draft) -> None:
    with pytest.raises(LostError):
        filmed(purchases(tmp_path), draft, Camera([ReplyLostError("reset")]))
    books = purchases(tmp_path, replace(PATIENT, on_lost="resubmit"), limit=str(PRICE))
    with pytest.raises(BudgetError):
        filmed(books, draft, Camera(["op"]))
    assert statuses(books) == ["unknown"]


def test_a_clip_is_not_lost_once_more_where_nobody_could_write_that_the_first_one_is_given_up(
    tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LostError):
        filmed(purchases(tmp_path), draft, Camera([ReplyLostError("reset")]))
    books, camera = purchases(tmp_path, replace(PATIENT, on_lost="resubmit")), Camera(["op"])
    note = books.note

    async def full(request: Request, status: Status, **told: str) -> Request:
        if status == "abandoned":
            disk_error()
        return await note(request, status, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(books, "note", full)
    with pytest.raises(OSError, match="Input/output error"):
        filmed(books, draft, camera)
    assert camera.submits.sent == 0
    assert statuses(books) == ["unknown", "rejected"]
    assert books.ledger.spent() == PRICE


@pytest.mark.parametrize("word", ["resubmit", "abandon"])
def test_what_is_said_about_lost_requests_is_not_about_one_that_this_run_itself_loses(
    tmp_path: Path, draft: Draft, word: OnLost
) -> None:
    books = purchases(tmp_path, replace(PATIENT, on_lost=word))
    with pytest.raises(LostError):
        filmed(books, draft, Camera([ReplyLostError("reset")]))
    assert books.standing(WANTED, 0)[0] is Standing.UNKNOWN
    asyncio.run(books.give_up_lost(draft))
    assert statuses(books) == ["unknown"]


def test_abandoning_a_lost_clip_makes_it_refused(tmp_path: Path, draft: Draft) -> None:
    with pytest.raises(LostError):
        filmed(purchases(tmp_path), draft, Camera([ReplyLostError("reset")]))
    books = purchases(tmp_path)
    assert books.any_lost()
    asyncio.run(books.abandon_lost())
    assert not books.any_lost()
    assert purchases(tmp_path).standing(WANTED, 0)[0] is Standing.REFUSED
    assert books.ledger.spent() == PRICE
