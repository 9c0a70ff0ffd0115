"""Buying by the protocol: reserve, write the intent down, send once, write the answer down; ledger and budget agree."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.toy import STORYBOARD, models
from vidpipe.budget import BudgetError, JobBudget, RunBudget
from vidpipe.engine.fingerprint import Fingerprint
from vidpipe.engine.judge import Standing
from vidpipe.engine.order import Draft, Making, RefusedTargetError
from vidpipe.errors import Exit, LostError, WaitingError
from vidpipe.ledger import read_ledger
from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    Picture,
    Poll,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
    TextReply,
    VideoRequest,
)
from vidpipe.providers.limits import Limit, Limits
from vidpipe.providers.retry import RetryPolicy
from vidpipe.purchase.ask import Question, ask
from vidpipe.purchase.books import REQUEST_COST, BuyingPolicy, ProviderError, Purchases, request_digest, settle_placed
from vidpipe.purchase.film import Commission, film

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.project import Project
    from vidpipe.engine.fingerprint import Json
    from vidpipe.ledger.request import Request, Status
    from vidpipe.providers.catalogue import Model
    from vidpipe.purchase.books import OnLost

PRICE, LESS = Decimal("0.50"), Decimal("0.30")
WANTED = Fingerprint({"prompt": "a"}, {"step": "clip"})
STILL = Picture(b"", "image/png")
REQUEST = VideoRequest("a", "a", STILL, STILL, 1, "16:9", "720p", (1280, 720), False, None, None)
TEXT, PICTURE, _, VIDEO, *_rest = models("toy", paid=True)


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


PATIENT = BuyingPolicy(poll_seconds=0, retry=RetryPolicy(sleep=at_once))


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "draft", tmp_path, "clips/scene-000.mp4", WANTED)


def purchases(tmp_path: Path, policy: BuyingPolicy = PATIENT, limit: str = "20") -> Purchases:
    """Return the books of a job, as the next run would open them."""
    ledger = read_ledger(tmp_path / "job" / "ledger.jsonl")
    budget = JobBudget(Decimal(limit), RunBudget(), spent=ledger.spent())
    return Purchases(ledger, budget, Limits(lambda _model: Limit()), policy)


class Script:
    """A port that plays a list: errors are raised, everything else is returned."""

    def __init__(self, *deeds: object) -> None:
        self.deeds = list(deeds)
        self.sent = 0

    async def play(self, _request: object = None) -> object:
        """Do what comes next."""
        self.sent += 1
        deed = self.deeds.pop(0)
        if isinstance(deed, BaseException):
            raise deed
        return deed


class Camera:
    """A video model that plays a list for each of its calls."""

    def __init__(self, submits: Sequence[object] = (), polls: Sequence[object] = (), fetches: Sequence[object] = ()):
        self.submits, self.polls, self.fetches = Script(*submits), Script(*polls), Script(*fetches)

    async def submit(self, _request: VideoRequest) -> str:
        """Answer as the list says."""
        return str(await self.submits.play())

    async def poll(self, _operation: str) -> Poll:
        """Answer as the list says."""
        poll = await self.polls.play()
        assert isinstance(poll, Running | Done | Refused | Failed | Gone)
        return poll

    async def fetch(self, _done: Done, path: Path) -> None:
        """Write what the list says."""
        text = await self.fetches.play()
        await asyncio.to_thread(path.write_text, str(text))


def question(script: Script, model: Model = PICTURE) -> Question[str, object]:
    return Question(model, lambda: "a request", script.play, PRICE, lambda _reply: LESS)


def bought(books: Purchases, draft: Draft, script: Script) -> tuple[object, Decimal]:
    """Ask, put the reply in its place, and prove that ledger, budget and what is read again agree."""
    try:
        got = asyncio.run(ask(books, draft, question(script)))
        got.settle()
        return got.reply, got.cost
    finally:
        agree(books)


def filmed(books: Purchases, draft: Draft, camera: Camera, model: Model = VIDEO) -> Making:
    """Film, and prove that ledger, budget and what is read again agree."""
    try:
        return asyncio.run(film(books, draft, Commission(model, camera, lambda: REQUEST, PRICE)))
    finally:
        agree(books)


def agree(books: Purchases) -> None:
    assert books.budget.spent == books.ledger.spent() == read_ledger(books.ledger.path).spent()
    assert books.budget.reserved >= 0


def placed(making: Making) -> None:
    """Say that the clip is in place."""
    assert making.placed is not None
    making.placed()


def statuses(books: Purchases) -> list[str]:
    return [entry.status for entry in read_ledger(books.ledger.path).requests.values()]


# Storyboards and pictures


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


# Clips


def test_a_clip_is_bought_with_one_request(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    camera = Camera(["op"], [Running(), Running(), Done("x")], ["clip"])
    making = filmed(books, draft, camera)
    assert statuses(books) == ["submitted"]
    assert draft.path.read_bytes() == b"clip"
    placed(making)
    assert statuses(books) == ["settled"]
    assert camera.submits.sent == 1


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


def test_a_clip_that_was_not_accepted_is_sent_again(tmp_path: Path, draft: Draft) -> None:
    books = purchases(tmp_path)
    camera = Camera([NotAcceptedError("429", retry=True), "op"], [Done("x")], ["clip"])
    filmed(books, draft, camera)
    assert statuses(books) == ["rejected", "submitted"]


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


def test_a_clip_that_cannot_be_written_down_is_neither_sent_nor_counted(
    tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProviderError):
        filmed(purchases(tmp_path), draft, Camera([NotAcceptedError("400")]))
    books, camera = purchases(tmp_path), Camera(["op"])
    monkeypatch.setattr("os.fsync", _fails)
    with pytest.raises(OSError, match="Input/output error"):
        filmed(books, draft, camera)
    assert camera.submits.sent == 0
    assert books.budget.spent == books.ledger.spent() == 0


def test_a_clip_is_not_lost_once_more_where_nobody_could_write_that_the_first_one_is_given_up(
    tmp_path: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LostError):
        filmed(purchases(tmp_path), draft, Camera([ReplyLostError("reset")]))
    books, camera = purchases(tmp_path, replace(PATIENT, on_lost="resubmit")), Camera(["op"])
    note = books.note

    async def full(request: Request, status: Status, **told: str) -> Request:
        if status == "abandoned":
            _fails()
        return await note(request, status, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(books, "note", full)
    with pytest.raises(OSError, match="Input/output error"):
        filmed(books, draft, camera)
    assert camera.submits.sent == 0
    assert statuses(books) == ["unknown", "rejected"]
    assert books.ledger.spent() == PRICE


def _fails(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


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


# Digests of requests


def test_the_digest_of_a_request_tells_every_part_of_it(tmp_path: Path) -> None:
    from vidpipe.providers.base import TextRequest

    request = TextRequest("s", "p", {"a": [1, 2]}, 0.7, "script", "style", 3, 4)
    changed = [
        replace(request, prompt="q"),
        replace(request, schema={"a": [1, 3]}),
        replace(request, schema={"a": [12]}),
        replace(request, temperature=0.6),
        replace(request, references=("mara",)),
        replace(request, script="style", style="script"),
    ]
    assert len({request_digest(each) for each in [request, replace(request), *changed]}) == 1 + len(changed)


# The storyboard's three tries


def test_a_storyboard_that_does_not_validate_is_asked_for_again_at_a_lower_temperature(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.toy import Toy

    write, temperatures = Toy.write, []

    async def odd(self: Toy, request: object) -> TextReply:
        reply = await write(self, request)  # type: ignore[arg-type]
        temperatures.append(request.temperature)  # type: ignore[attr-defined]
        return reply if len(temperatures) == 3 else replace(reply, text=reply.text[:-9])

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    ran = toy.done(until="storyboard")
    assert temperatures == [0.7, 0.55, 0.4]
    assert ran.result.cost == toy.spent() == 3 * STORYBOARD
    assert toy.record("storyboard").cost == 3 * STORYBOARD


def test_a_storyboard_that_does_not_validate_is_not_asked_for_again_after_ctrl_c(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.toy import TOKENS, Toy

    asked: list[object] = []

    async def odd(_self: Toy, request: object) -> TextReply:
        asked.append(request)
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.02)
        return TextReply("Here is your storyboard!", *TOKENS)

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    assert toy.run().exit is Exit.INTERRUPTED
    assert len(asked) == 1


def test_three_storyboards_that_do_not_validate_fail_the_job_and_are_kept_in_the_log(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.toy import TOKENS, Toy

    async def odd(_self: Toy, _request: object) -> TextReply:
        return TextReply("Here is your storyboard!", *TOKENS)

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec()
    ran = toy.run()
    assert (ran.exit, toy.spent()) == (Exit.FAILED, 3 * STORYBOARD)
    assert "3 replies in a row were no storyboard" in ran.reasons("storyboard")
    assert toy.layout().log.read_text().count("Here is your storyboard!") == 3
