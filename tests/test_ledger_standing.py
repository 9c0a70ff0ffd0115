"""How a request stands by the ledger: nothing that may be under way or lost is ever taken for not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.entries import OTHER, WANTED, intend
from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.judge import Standing

if TYPE_CHECKING:
    from vidpipe.ledger import Ledger
    from vidpipe.ledger.request import Status


def test_nothing_was_asked_so_nothing_stands(ledger: Ledger) -> None:
    intend(ledger, OTHER)
    assert ledger.standing(WANTED, 0) == (Standing.NONE, None)


def test_an_open_operation_goes_before_everything_else(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "unknown")
    request = ledger.note(intend(ledger), "submitted", operation="operations/1")
    ledger.note(intend(ledger), "refused")
    assert ledger.standing(WANTED, 0) == (Standing.OPEN, request)
    adopted = ledger.note(request, "adopted", operation="operations/2")
    assert ledger.standing(WANTED, 0) == (Standing.OPEN, adopted)


@pytest.mark.parametrize("status", ["intent", "unknown"])
def test_a_lost_clip_is_not_forgotten_because_a_later_request_went_through(ledger: Ledger, status: Status) -> None:
    lost = intend(ledger)
    lost = ledger.note(lost, status) if status != "intent" else lost
    ledger.note(intend(ledger), "rejected")
    assert ledger.standing(WANTED, 0) == (Standing.UNKNOWN, lost)


@pytest.mark.parametrize("kind", ["text", "image"])
def test_a_lost_storyboard_or_picture_does_not_block(ledger: Ledger, kind: str) -> None:
    ledger.note(intend(ledger, kind=kind), "unknown")
    assert ledger.standing(WANTED, 0)[0] is Standing.NONE


@pytest.mark.parametrize(
    ("status", "operation", "standing"),
    [
        ("refused", None, Standing.REFUSED),
        ("refused", "operations/1", Standing.REFUSED),
        ("settled", "operations/1", Standing.SETTLED),
        ("settled", None, Standing.NONE),
        ("failed", "operations/1", Standing.NONE),
        ("gone", "operations/1", Standing.NONE),
        ("abandoned", None, Standing.NONE),
    ],
)
def test_the_newest_request_decides(ledger: Ledger, status: Status, operation: str | None, standing: Standing) -> None:
    ledger.note(intend(ledger), "settled", operation="operations/0")
    newest = ledger.note(intend(ledger), status, operation=operation)
    assert ledger.standing(WANTED, 0) == (standing, newest)


@pytest.mark.parametrize(("status", "standing"), [("refused", Standing.REFUSED), ("settled", Standing.SETTLED)])
def test_a_request_that_was_never_accepted_decides_nothing(ledger: Ledger, status: Status, standing: Standing) -> None:
    before = ledger.note(intend(ledger), status, operation="operations/0")
    ledger.note(intend(ledger), "rejected")
    assert ledger.standing(WANTED, 0) == (standing, before)


def test_a_request_that_was_abandoned_as_refused_stands_as_refused(ledger: Ledger) -> None:
    newest = ledger.note(intend(ledger), "abandoned", refused=True)
    assert ledger.standing(WANTED, 0) == (Standing.REFUSED, newest)


def test_requests_before_a_redo_do_not_stand(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    assert ledger.standing(WANTED, 1) == (Standing.NONE, None)


def test_a_request_stands_although_vidpipes_own_parts_differ_unless_they_are_to_be_exact(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    newer = Fingerprint(WANTED.user, {**WANTED.own, "template": "2"})
    assert ledger.standing(newer, 0)[0] is Standing.OPEN
    assert ledger.standing(newer, 0, exact=True)[0] is Standing.NONE
    assert ledger.standing(Fingerprint(OTHER.user, newer.own), 0)[0] is Standing.NONE


def test_a_lost_clip_stands_even_where_vidpipes_own_parts_are_to_be_exact(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "unknown")
    newer = Fingerprint(WANTED.user, {**WANTED.own, "template": "2"})
    assert ledger.standing(newer, 0, exact=True)[0] is Standing.UNKNOWN


def test_a_keyframe_and_a_clip_of_the_same_words_are_not_the_same_request(ledger: Ledger) -> None:
    ledger.note(intend(ledger), "submitted", operation="operations/1")
    assert ledger.standing(Fingerprint(WANTED.user, {**WANTED.own, "step": "keyframe"}), 0)[0] is Standing.NONE
