"""What an operation comes to: a clip, nothing, or something that nobody understands; and at which pace it is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.purchase.buying import PRICE, WANTED
from tests.purchase.desk import Camera, Desk
from vidpipe.engine.judge import Standing
from vidpipe.errors import Exit, LostError, WaitingError
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, ReplyLostError, Running, Unclear
from vidpipe.providers.limits import Limit
from vidpipe.purchase.books import ProviderError

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.providers.base import Poll

UNCLEAR = Unclear('{"done": true, "response": {"frames": 96}}')
REDO = "`vidpipe redo JOB clips/scene-000.mp4` asks for a new take, which costs $0.50"
FORBIDDEN = NotAcceptedError("403")
BUSY = NotAcceptedError("503", retry=True)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_operation_whose_result_nobody_understands_stays_open_and_is_never_bought_anew(desk: Desk) -> None:
    answers: tuple[list[Poll], ...] = ([UNCLEAR], [Running(), UNCLEAR])
    for polls in answers:
        camera = Camera(polls)
        with pytest.raises(WaitingError) as caught:
            desk.run(camera)
        assert caught.value.exit_code is Exit.DECISION
        assert f"operation op is finished, but its result is not understood: {UNCLEAR.received}" in str(caught.value)
        assert "put it at clips/scene-000.mp4 and vidpipe adopts it" in str(caught.value)
        assert "`vidpipe redo JOB clips/scene-000.mp4` asks for a new take, which costs $0.50" in str(caught.value)
        assert [status for status, _ in desk.stories] == ["submitted"]
    assert camera.submits == 0
    assert desk.books(Limit()).standing(WANTED, 0)[0] is Standing.OPEN
    assert desk.run(Camera([Done("x")])) == b"clip"
    assert desk.books(Limit()).ledger.spent() == PRICE


def test_one_404_does_not_give_an_operation_up(desk: Desk) -> None:
    camera = Camera([Gone(), Running(), Gone(), Done("x")])
    assert desk.run(camera) == b"clip"
    assert camera.submits == 1
    assert len(desk.slept) == 3
    assert min(desk.slept) >= 8, "an operation was asked about again before a poll's pause was over"


def test_an_operation_is_gone_when_it_was_not_known_twice(desk: Desk) -> None:
    with pytest.raises(ProviderError, match=r"any more; run again to ask anew, .* \$0\.50"):
        desk.run(Camera([Gone(), Gone()]))
    assert [status for status, _ in desk.stories] == ["gone"]


def test_an_operation_that_may_be_unknown_for_another_reason_stays_open_and_both_ways_out_are_named(desk: Desk) -> None:
    desk.film(Camera([Done("x")]))
    for _ in range(2):
        camera = Camera([Gone("another key?")] * 2)
        with pytest.raises(WaitingError, match=r"any more \(another key\?\);.* run again as it was begun") as caught:
            desk.run(camera)
        assert REDO in str(caught.value)
        assert ([status for status, _ in desk.stories], camera.submits) == (["submitted"], 0)
    assert desk.run(Camera([Done("x")])) == b"clip"


@pytest.mark.parametrize("gone", [Gone(), Gone("another key?")])
def test_an_adopted_operation_that_nobody_knows_makes_its_request_lost_again(desk: Desk, gone: Gone) -> None:
    desk.film(Camera([Done("x")]))
    desk.note("adopted", "opp")
    camera = Camera([gone, gone])
    with pytest.raises(LostError, match=r"operation opp: .* --on-lost resubmit pays \$0\.50 again") as caught:
        desk.run(camera)
    assert "`vidpipe adopt JOB clips/scene-000.mp4 OPERATION`" in str(caught.value)
    assert camera.submits == 0
    assert desk.books(Limit()).standing(WANTED, 0)[0] is Standing.UNKNOWN
    assert desk.books(Limit()).ledger.spent() == PRICE


@pytest.mark.parametrize("camera", [Camera([FORBIDDEN]), Camera([Done("x")], fetches=[FORBIDDEN])])
def test_what_is_refused_for_good_names_a_new_take_and_advises_no_further_run(desk: Desk, camera: Camera) -> None:
    with pytest.raises(WaitingError, match=r"cannot (ask about|fetch the clip of) operation op: 403") as caught:
        desk.run(camera)
    assert REDO in str(caught.value)
    assert "run again" not in str(caught.value)


@pytest.mark.parametrize("error", [BUSY, ReplyLostError("reset"), NotAcceptedError("429", retry_after=4000)])
def test_what_may_yet_be_answered_advises_a_further_run_and_no_new_take(desk: Desk, error: Exception) -> None:
    for camera in (Camera([error] * 5), Camera([Done("x")], fetches=[error] * 5)):
        with pytest.raises(WaitingError, match="run again to try again") as caught:
            desk.run(camera)
        assert "redo" not in str(caught.value)


def test_the_result_of_a_settled_operation_is_not_given_up_for_one_404(desk: Desk) -> None:
    desk.film(Camera([Done("x")]))
    desk.note("settled")
    camera = Camera([Gone(), Done("x")])
    assert desk.run(camera) == b"clip"
    assert camera.submits == 0


@pytest.mark.parametrize(
    ("failed", "advice"),
    [
        (Failed("overloaded", transient=True), "the provider calls a new request reasonable"),
        (Failed("bad frame"), "the same request will probably fail again, so change its prompt"),
    ],
)
def test_a_failure_says_and_the_ledger_keeps_whether_a_new_request_is_reasonable_and_what_it_costs(
    desk: Desk, failed: Failed, advice: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        desk.run(Camera([failed]))
    ((status, story),) = desk.stories
    assert status == "failed"
    for told in (str(caught.value), story):
        assert f"it failed: {failed.message}; {advice}" in told
        assert "which costs $0.50" in told


def test_polls_of_operations_that_began_together_spread(desk: Desk) -> None:
    desk.run(Camera([Running()] * 20 + [Done("x")]))
    assert len(set(desk.slept)) > 15
    assert all(8 <= seconds <= 12 for seconds in desk.slept)


@pytest.mark.parametrize("limit", [Limit(per_minute=6), Limit(pause_seconds=10)])
def test_every_resend_keeps_to_the_models_limits(desk: Desk, limit: Limit) -> None:
    camera = Camera([Done("x")], [NotAcceptedError("429", retry=True)] * 3)
    desk.run(camera, replace(limit))
    assert camera.submits == 4
    assert desk.paced == pytest.approx([10, 20, 30], abs=1)


def test_polls_take_no_part_in_the_limits(desk: Desk) -> None:
    desk.run(Camera([Running()] * 5 + [Done("x")]), Limit(per_minute=6))
    assert desk.paced == []
