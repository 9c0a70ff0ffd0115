"""What an operation comes to: a clip, nothing, or something that nobody understands; and at which pace it is asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.toy import models
from vidpipe.budget import JobBudget, RunBudget
from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.judge import Standing
from vidpipe.engine.order import Draft
from vidpipe.errors import Exit, WaitingError
from vidpipe.ledger import read_ledger
from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Picture, Running, Unclear, VideoRequest
from vidpipe.providers.limits import Limit, Limits
from vidpipe.providers.retry import RetryPolicy
from vidpipe.purchase.books import BuyingPolicy, ProviderError, Purchases
from vidpipe.purchase.film import Commission, film

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.providers.base import Poll

PRICE = Decimal("0.50")
WANTED = Fingerprint({"prompt": "a"}, {"step": "clip"})
STILL = Picture(b"", "image/png")
REQUEST = VideoRequest("a", "a", STILL, STILL, 1, "16:9", "720p", (1280, 720), False, None, None)
VIDEO = models("toy", paid=True)[3]
UNCLEAR = Unclear('{"done": true, "response": {"frames": 96}}')


@dataclass
class Camera:
    """A video model that answers from lists, which have to last."""

    polls: Sequence[Poll]
    refusals: list[NotAcceptedError] = field(default_factory=list)
    submits: int = 0
    asked: int = 0

    async def submit(self, _request: VideoRequest) -> str:
        """Begin an operation, once all refusals are used up."""
        self.submits += 1
        if self.refusals:
            raise self.refusals.pop(0)
        return "op"

    async def poll(self, _operation: str) -> Poll:
        """Answer as the list says."""
        self.asked += 1
        return self.polls[self.asked - 1]

    async def fetch(self, _done: Done, path: Path) -> None:
        """Write a clip."""
        await asyncio.to_thread(path.write_bytes, b"clip")


@dataclass
class Desk:
    """A job's books, opened anew for each run, and what its runs slept: between polls, and for the model's limits."""

    folder: Path
    slept: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)

    def books(self, limit: Limit) -> Purchases:
        """Open the books."""

        async def sleep(seconds: float) -> None:
            self.slept.append(seconds)

        async def pace(seconds: float) -> None:
            self.paced.append(seconds)

        ledger = read_ledger(self.folder / "job" / "ledger.jsonl")
        policy = BuyingPolicy(poll_seconds=10, retry=RetryPolicy(sleep=sleep))
        budget = JobBudget(Decimal(20), RunBudget(), spent=ledger.spent())
        return Purchases(ledger, budget, Limits(lambda _model: limit, sleep=pace), policy)

    def run(self, camera: Camera, limit: Limit | None = None) -> bytes:
        """Film, and return the clip."""
        draft = Draft(self.folder / "draft", self.folder, "clips/scene-000.mp4", WANTED)
        asyncio.run(film(self.books(limit or Limit()), draft, Commission(VIDEO, camera, lambda: REQUEST, PRICE)))
        return draft.path.read_bytes()

    @property
    def stories(self) -> list[tuple[str, str]]:
        """How the requests stand in the ledger, and what it tells of them."""
        return [(one.status, one.story) for one in self.books(Limit()).ledger.requests.values()]


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


def test_an_operation_is_gone_when_it_was_not_known_twice_and_the_message_says_what_else_may_be_the_reason(
    desk: Desk,
) -> None:
    with pytest.raises(
        ProviderError, match=r"any more \(another key or project\?\); run again to ask anew, .* \$0\.50"
    ):
        desk.run(Camera([Gone(), Gone("another key or project?")]))
    ((status, story),) = desk.stories
    assert status == "gone"
    assert "another key" in story


def test_the_result_of_a_settled_operation_is_not_given_up_for_one_404(desk: Desk) -> None:
    desk.run(Camera([Done("x")]))
    books = desk.books(Limit())
    books.ledger.note(next(iter(books.ledger.requests.values())), "settled", cost=PRICE)
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
