"""A clip is bought with one request; its operation is polled and fetched for nothing, by this run or the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.failing import disk_error
from tests.purchase.buying import PATIENT, PRICE, Camera, filmed, placed, purchases, statuses
from vidpipe.errors import WaitingError
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Poll, ReplyLostError, Running
from vidpipe.purchase.books import ProviderError

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.order import Draft


def test_a_clip_is_bought_with_one_request(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    camera = Camera(["op"], [Running(), Running(), Done("x")], ["clip"])
    making = filmed(books, draft, camera)
    assert statuses(books) == ["submitted"]
    assert draft.path.read_bytes() == b"clip"
    placed(making)
    assert statuses(books) == ["settled"]
    assert camera.submits.sent == 1


def test_a_clip_that_was_not_accepted_is_sent_again(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    camera = Camera([NotAcceptedError("429", retry=True), "op"], [Done("x")], ["clip"])
    filmed(books, draft, camera)
    assert statuses(books) == ["rejected", "submitted"]


def test_a_clip_that_cannot_be_written_down_is_neither_sent_nor_counted(
    tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProviderError):
        filmed(purchases(tmp_path), draft, Camera([NotAcceptedError("400")]))
    books, camera = purchases(tmp_path), Camera(["op"])
    monkeypatch.setattr("os.fsync", disk_error)
    with pytest.raises(OSError, match="Input/output error"):
        filmed(books, draft, camera)
    assert camera.submits.sent == 0
    assert books.budget.spent == books.ledger.spent() == 0


def test_an_open_operation_is_polled_and_nothing_is_sent(tmp_path: Path, draft: Draft) -> None:
    with pytest.raises(WaitingError, match="still runs after 0 s"):
        filmed(purchases(tmp_path, replace(PATIENT, wait_seconds=0)), draft, Camera(["op"], [Running()]))
    camera = Camera([], [Done("x")], ["clip"])
    making = filmed(purchases(tmp_path), draft, camera)
    assert camera.submits.sent == 0
    assert making.provenance["operation"] == "op"


def test_polls_and_downloads_are_repeated_because_they_cost_nothing(tmp_path: Path, draft: Draft) -> None:
    lost, busy = ReplyLostError("reset"), NotAcceptedError("503", retry=True)
    books = purchases(tmp_path)
    filmed(books, draft, Camera(["op"], [lost, busy, Done("x")], [busy, lost, "clip"]))
    assert draft.path.read_bytes() == b"clip"
    assert statuses(books) == ["submitted"]


def test_an_operation_that_cannot_be_asked_about_is_left_to_the_next_run(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    with pytest.raises(WaitingError, match="cannot ask about operation op"):
        filmed(books, draft, Camera(["op"], [NotAcceptedError("401")]))
    assert statuses(books) == ["submitted"]


@pytest.mark.parametrize(("answer", "status"), [(Failed("internal"), "failed"), (Gone(), "gone")])
def test_an_operation_that_ends_without_a_result_is_spent_and_asked_anew_by_the_next_run(
    tmp_path: Path, draft: Draft, answer: Poll, status: str
) -> None:
    with pytest.raises(ProviderError, match=r"which costs \$0\.50"):
        filmed(purchases(tmp_path), draft, Camera(["op"], [answer] * 2))
    filmed(purchases(tmp_path), draft, Camera(["op2"], [Done("x")], ["clip"]))
    assert statuses(purchases(tmp_path)) == [status, "submitted"]
    assert purchases(tmp_path).ledger.spent() == 2 * PRICE


def test_a_settled_operations_result_is_fetched_again_before_anything_is_bought(tmp_path: Path, draft: Draft) -> None:
    making = filmed(purchases(tmp_path), draft, Camera(["op"], [Done("x")], ["clip"]))
    placed(making)
    draft.path.unlink()
    camera = Camera([], [Done("x")], ["clip"])
    again = filmed(purchases(tmp_path), draft, camera)
    assert (again.fetched, camera.submits.sent, draft.path.read_bytes()) == (True, 0, b"clip")
