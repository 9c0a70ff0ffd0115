"""A storyboard or picture is written down, sent, and written down again; what perhaps was bought is counted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.purchase.buying import LESS, PATIENT, PICTURE, PRICE, WANTED, Script, bought, purchases, question, statuses
from vidpipe.budget import BudgetError
from vidpipe.engine.judge import Standing
from vidpipe.engine.order import Draft, RefusedTargetError
from vidpipe.ledger import read_ledger
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError
from vidpipe.purchase.ask import Question, ask
from vidpipe.purchase.books import REQUEST_COST, ProviderError, settle_placed

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json


def test_a_reply_is_settled_at_what_it_really_cost(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    assert bought(books, draft, Script("reply")) == ("reply", LESS)
    assert statuses(books) == ["settled"]
    assert books.ledger.spent() == LESS


def test_the_intent_stands_in_the_ledger_when_the_request_is_sent(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    seen: list[str] = []

    async def send(_request: str) -> str:
        seen.extend(statuses(books))
        return "reply"

    asyncio.run(ask(books, draft, Question(PICTURE, lambda: "a request", send, PRICE, lambda _reply: LESS)))
    assert seen == ["intent"]


def test_a_free_reply_leaves_no_trace(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    script = Script("reply")
    free = replace(PICTURE, paid=False)
    got = asyncio.run(ask(books, draft, question(script, free)))
    got.settle()
    assert (got.reply, got.cost, got.told) == ("reply", Decimal(0), {})
    assert not books.ledger.path.exists()


def test_a_reply_is_settled_once_its_file_has_its_place_be_it_by_the_next_run(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    got = asyncio.run(ask(books, draft, question(Script("reply"))))
    ledger = read_ledger(books.ledger.path)
    assert [entry.status for entry in ledger.requests.values()] == ["intent"]
    settle_placed(ledger, [{}, {"request": "another", REQUEST_COST: "9"}])
    assert [entry.status for entry in ledger.requests.values()] == ["intent"]
    settle_placed(ledger, [got.told])
    assert [(entry.status, entry.spent) for entry in ledger.requests.values()] == [("settled", LESS)]


@pytest.mark.parametrize(
    "cost", [{}, *({REQUEST_COST: odd} for odd in ("", "a lot", "NaN", "-1", "Infinity", 3, None))]
)
def test_a_placed_reply_whose_record_tells_no_cost_is_settled_at_its_price(
    tmp_path: Path, draft: Draft, cost: dict[str, Json]
) -> None:
    books = purchases(tmp_path)
    got = asyncio.run(ask(books, draft, question(Script("reply"))))
    settle_placed(read_ledger(books.ledger.path), [{"request": got.told["request"], **cost}])
    assert [(entry.status, entry.spent) for entry in read_ledger(books.ledger.path).requests.values()] == [
        ("settled", PRICE)
    ]


def test_requests_that_were_not_accepted_are_sent_five_times_and_cost_nothing(tmp_path: Path, draft: Draft) -> None:
    books, script = purchases(tmp_path), Script(*[NotAcceptedError("429", retry=True)] * 9)
    with pytest.raises(ProviderError, match="toy:draw-1: 429"):
        bought(books, draft, script)
    assert script.sent == 5
    assert statuses(books) == ["rejected"] * 5
    assert books.ledger.spent() == 0


def test_a_request_that_is_wrong_is_sent_once(tmp_path: Path, draft: Draft) -> None:
    books, script = purchases(tmp_path), Script(NotAcceptedError("400"))
    with pytest.raises(ProviderError):
        bought(books, draft, script)
    assert script.sent == 1


def test_every_lost_reply_of_a_picture_counts_as_spent(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    assert bought(books, draft, Script(ReplyLostError("reset"), ReplyLostError("timeout"), "reply")) == (
        "reply",
        2 * PRICE + LESS,
    )
    assert statuses(books) == ["unknown", "unknown", "settled"]


def test_an_attempt_that_does_not_fit_into_the_budget_is_not_sent(tmp_path: Path, draft: Draft) -> None:
    books, script = purchases(tmp_path, limit="0.9"), Script(ReplyLostError("reset"), "reply")
    with pytest.raises(BudgetError):
        bought(books, draft, script)
    assert script.sent == 1


def test_another_attempt_takes_nothing_from_what_is_set_aside_for_the_rest(tmp_path: Path, draft: Draft) -> None:
    books, script = purchases(tmp_path, limit="2"), Script(ReplyLostError("reset"), "reply")
    books.budget.reserve(PRICE + Decimal("1.2"), "the film")
    with pytest.raises(
        BudgetError, match=rf"another attempt at {draft.target} costs \$0\.50, and \$1\.70 of .*: budget: 2\.2"
    ):
        bought(books, draft, script)
    assert script.sent == 1
    assert books.budget.reserved == Decimal("1.2")


def test_an_attempt_after_a_lost_one_is_set_aside_once_however_often_it_is_not_accepted(
    tmp_path: Path, draft: Draft
) -> None:
    books = purchases(tmp_path, replace(PATIENT, refusal_retries=1), limit="2.2")
    books.budget.reserve(PRICE + Decimal("1.2"), "the film")
    busy, refused = NotAcceptedError("429", retry=True), RefusedError("no")
    assert bought(books, draft, Script(ReplyLostError("reset"), busy, busy, refused, "reply"))[0] == "reply"
    assert (books.budget.spent, books.budget.reserved) == (PRICE + LESS, Decimal("1.2"))


def test_a_refusal_is_answered_with_as_many_attempts_as_the_spec_says(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path, replace(PATIENT, refusal_retries=2))
    script = Script(*[RefusedError("a face", ("123",))] * 9)
    with pytest.raises(RefusedTargetError, match=r"a face \(support codes: 123\)"):
        bought(books, draft, script)
    assert script.sent == 3
    assert books.ledger.spent() == 0
    assert purchases(tmp_path, replace(PATIENT, refusal_retries=2)).standing(WANTED, 0)[0] is Standing.REFUSED
    assert purchases(tmp_path, replace(PATIENT, refusal_retries=3)).standing(WANTED, 0)[0] is Standing.NONE


def test_an_error_that_nobody_foresaw_counts_as_perhaps_bought(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    with pytest.raises(ZeroDivisionError):
        bought(books, draft, Script(ZeroDivisionError()))
    assert statuses(books) == ["unknown"]
    assert books.ledger.spent() == PRICE
