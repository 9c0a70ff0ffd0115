"""The money protocol end to end: no dollar twice, and where physics forbids to know, vidpipe stops and says so."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from decimal import Decimal

import pytest

from tests.project import Project, long
from tests.toy import CLIP, FIRST_PICTURE, NEXT_PICTURE, STORYBOARD
from vidpipe.commands.adopt import adopt
from vidpipe.commands.redo import redo
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit, UsageError
from vidpipe.providers.base import (
    Failed,
    Gone,
    NotAcceptedError,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
    VideoRequest,
)
from vidpipe.results import JobState
from vidpipe.steps import prompts

WHOLE = STORYBOARD + FIRST_PICTURE + 3 * NEXT_PICTURE + 3 * CLIP


# Plans and ledgers


def test_the_plan_of_pictures_and_clips_is_what_the_ledger_settles_to_the_cent(toy: Project) -> None:
    toy.spec()
    toy.done(until="storyboard")
    planned = toy.plan()
    ran = toy.done()
    assert planned.result.cost == ran.result.cost == WHOLE - STORYBOARD
    assert toy.spent() == WHOLE
    assert all(request.status == "settled" for request in toy.ledger().requests.values())


def test_the_plan_of_a_storyboard_is_an_upper_bound(toy: Project) -> None:
    toy.spec()
    planned = toy.plan()
    assert WHOLE < planned.result.cost < WHOLE + Decimal("0.05")
    assert toy.done().result.cost == WHOLE


def test_every_request_is_in_the_ledger_before_it_is_sent(toy: Project) -> None:
    toy.spec()
    seen: list[tuple[str, str]] = []

    def look() -> None:
        newest = [*toy.ledger().requests.values()]
        seen.extend((request.target, request.status) for request in newest if request.status == "intent")

    toy.server.on("video", look, times=None)
    toy.done()
    assert {("clips/scene-000.mp4", "intent"), ("clips/scene-001.mp4", "intent")} <= set(seen)


def test_an_operation_is_in_the_ledger_before_it_is_polled(toy: Project) -> None:
    toy.spec(scenes=1)
    seen: list[str] = []
    toy.server.on("poll", lambda: seen.extend(r.status for r in toy.ledger().requests.values() if r.kind == "video"))
    toy.done()
    assert seen == ["submitted"]


# Requests that were certainly not accepted


@pytest.mark.parametrize("port", ["text", "image", "video"])
def test_a_request_that_was_not_accepted_is_sent_again_and_paid_once(toy: Project, port: str) -> None:
    toy.spec()
    toy.server.on(port, NotAcceptedError("429", retry=True), times=2)  # type: ignore[arg-type]
    assert toy.done().result.cost == WHOLE
    assert toy.server.calls == (1, 4, 3)
    statuses = [request.status for request in toy.ledger().requests.values()]
    assert sorted(statuses) == ["rejected"] * 2 + ["settled"] * 8


def test_a_request_that_will_never_be_accepted_fails_its_target_and_costs_nothing(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", NotAcceptedError("400 bad prompt"), holding="motion 1.")
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert ran.outcomes["clip 1"].action is Action.FAILED
    assert "400 bad prompt" in ran.reasons("clip 1")
    assert ran.made == {"storyboard", "start 0", "end 0", "end 1", "end 2", "clip 0", "clip 2"}
    assert ran.result.cost == WHOLE - CLIP
    assert toy.done().result.cost == CLIP
    toy.rests()


# Lost replies


def test_a_picture_whose_reply_was_lost_is_asked_for_again_and_both_attempts_count(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", ReplyLostError("reset"), holding="end 1.")
    ran = toy.done()
    assert ran.result.cost == toy.spent() == WHOLE + NEXT_PICTURE
    assert toy.record("end 1").cost == 2 * NEXT_PICTURE
    toy.rests()


def lose_clip(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", ReplyLostError("connection reset"), holding="motion 1.")
    ran = toy.run()
    assert (ran.exit, ran.state("clip 1")) == (Exit.DECISION, State.LOST)
    assert "connection reset" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 3
    assert ran.result.cost == WHOLE


def test_a_clip_whose_reply_was_lost_is_never_sent_again_by_itself(toy: Project) -> None:
    lose_clip(toy)
    for _ in range(2):
        before = toy.snapshot()
        ran = toy.run()
        assert (ran.exit, ran.state("clip 1"), ran.job.state) == (Exit.DECISION, State.LOST, JobState.BLOCKED)
        assert "--on-lost resubmit pays 0.50 USD" in ran.said
        assert toy.changes(before) == set()
    assert toy.server.sent("video") == 3
    assert toy.plan().state("clip 1") is State.LOST


def test_a_lost_clip_is_not_sent_again_because_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_clip(toy)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.run().state("clip 1") is State.LOST
    assert toy.server.sent("video") == 3


def test_a_lost_clip_is_resubmitted_when_told_so_and_the_lost_price_stays_spent(toy: Project) -> None:
    lose_clip(toy)
    assert toy.plan(on_lost="resubmit").result.cost == CLIP
    ran = toy.done(on_lost="resubmit")
    assert ran.made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()


def test_a_lost_clip_that_is_abandoned_counts_as_refused_from_then_on(toy: Project) -> None:
    lose_clip(toy)
    ran = toy.run(on_lost="abandon")
    assert (ran.exit, ran.acted(Action.HELD)) == (Exit.INCOMPLETE, {"still 1"})
    again = toy.run()
    assert (again.exit, again.did) == (Exit.INCOMPLETE, set())
    assert toy.spent() == WHOLE


def test_a_lost_clip_that_is_abandoned_stays_so_even_where_there_is_nothing_else_to_do(toy: Project) -> None:
    toy.spec(on_refused="fail")
    toy.server.on("video", ReplyLostError("connection reset"), holding="motion 1.")
    toy.run()
    toy.run(on_lost="abandon")
    assert toy.run().state("clip 1") is State.REFUSED


def test_a_lost_clip_whose_operation_was_found_is_fetched(toy: Project) -> None:
    toy.spec()
    toy.server.on("video", ReplyLostError("reset"), holding="motion 1.")
    toy.run()
    other = next(name for name, made in toy.server.operations.items() if "motion 2." in made.request.prompt)
    (loaded,) = toy.load()
    adopt(loaded, long("clip 1"), other)
    ran = toy.done()
    assert ran.made == {"clip 1", "film"}
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_a_picture_whose_reply_was_lost_has_no_operation_to_be_bound_to(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", ReplyLostError("reset"), holding="end 1.", times=5)
    toy.run()
    (loaded,) = toy.load()
    with pytest.raises(UsageError, match="no request for it is lost"):
        adopt(loaded, long("end 1"), "operations/9")


# Interrupted operations


def test_an_operation_that_still_runs_is_waited_for_by_the_next_run(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.", times=2)
    for _ in range(2):
        ran = toy.run()
        assert (ran.exit, ran.job.state) == (Exit.DECISION, JobState.WAITING)
        assert ran.state("clip 1") is State.INTERRUPTED
        assert toy.plan().outcomes["clip 1"].price == 0
    ran = toy.done()
    assert ran.made == {"clip 1", "film"}
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_an_open_operation_is_waited_for_although_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.")
    toy.run()
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.plan().state("clip 1") is State.INTERRUPTED
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()
    assert toy.plan().state("clip 1") is State.OUTDATED, "it was asked for in the old words, and nobody may claim else"


def test_upgrading_buys_what_an_open_operation_would_outdate_and_keeps_its_result(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.")
    toy.run()
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.plan(upgrade=True).result.cost == 3 * CLIP
    assert toy.done(upgrade=True).made == {"clip 0", "clip 1", "clip 2", "film"}
    assert toy.spent() == WHOLE + 3 * CLIP
    assert all(request.status == "settled" for request in toy.ledger().requests.values())
    toy.rests()


def test_an_open_operation_is_waited_for_although_the_default_model_is_named_now(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.")
    toy.run()
    toy.spec(models={"video": "toy:film-1"})
    toy.done()
    assert (toy.server.sent("video"), toy.spent()) == (3, WHOLE)
    toy.rests()


def test_an_operation_whose_prompt_changed_is_not_taken_for_the_new_clip_and_its_result_is_kept(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.")
    toy.run()
    toy.edit_scene(1, video_motion_prompt="faster.")
    assert toy.done().made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()
    toy.edit_scene(1, video_motion_prompt="motion 1.")
    ran = toy.done()
    assert "clip 1" in ran.restored
    assert toy.spent() == WHOLE + CLIP


@pytest.mark.parametrize("answer", [Failed("internal error", transient=True), Gone()])
def test_an_operation_without_a_result_fails_now_and_is_asked_anew_by_the_next_run(
    toy: Project, answer: Failed | Gone
) -> None:
    toy.spec()
    toy.server.on("poll", answer, holding="motion 1.")
    ran = toy.run()
    assert (ran.exit, ran.outcomes["clip 1"].action) == (Exit.FAILED, Action.FAILED)
    assert "run again to ask anew, which costs $0.50" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 3
    assert toy.done().made == {"clip 1", "film"}
    assert toy.spent() == WHOLE + CLIP
    toy.rests()


def test_a_result_that_cannot_be_fetched_now_is_fetched_by_the_next_run(toy: Project) -> None:
    toy.spec()
    toy.server.on("fetch", NotAcceptedError("503", retry=True), holding="motion 1.", times=5)
    assert toy.run().state("clip 1") is State.INTERRUPTED
    assert toy.done().made == {"clip 1", "film"}
    assert toy.server.sent("video") == 3


def test_a_result_that_arrives_damaged_is_fetched_again_by_the_next_run(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.toy import Toy

    toy.spec(scenes=1)
    whole = Toy.fetch

    async def cut_off(self: Toy, done: object, path: object) -> None:
        await whole(self, done, path)  # type: ignore[arg-type]
        os.truncate(path, 2000)  # type: ignore[arg-type]

    monkeypatch.setattr(Toy, "fetch", cut_off)
    ran = toy.run()
    assert (ran.exit, toy.path("clip 0").exists()) == (Exit.FAILED, False)
    monkeypatch.setattr(Toy, "fetch", whole)
    assert toy.done().made == {"clip 0", "film"}
    assert toy.server.sent("video") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_picture_that_arrives_after_ctrl_c_is_put_in_place_and_not_paid_again(
    toy: Project, number: signal.Signals
) -> None:
    toy.spec()

    async def interrupt_and_answer() -> None:
        os.kill(os.getpid(), number)
        await asyncio.sleep(0.02)

    toy.server.on("image", interrupt_and_answer, holding="end 1.")
    ran = toy.run()
    assert ran.exit in {Exit.INTERRUPTED, Exit.TERMINATED}
    assert toy.server.count("image") == 3
    toy.done()
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == WHOLE


def test_a_clip_that_is_submitted_when_ctrl_c_comes_is_polled_by_the_next_run(toy: Project) -> None:
    toy.spec()

    async def interrupt_and_answer() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0.02)

    toy.server.on("video", interrupt_and_answer, holding="motion 1.")
    assert toy.run().exit is Exit.INTERRUPTED
    toy.done()
    assert toy.server.calls == (1, 4, 3)
    assert toy.spent() == WHOLE


def test_ctrl_c_while_a_paid_picture_is_being_put_in_place_does_not_lose_it(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vidpipe.engine import commit, placing

    toy.spec()
    real = commit.commit

    def interrupted(*args: object) -> object:
        if "end.png" in args[3].target and toy.server.count("image") == 2:  # type: ignore[attr-defined]
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)  # in a worker thread, while the loop hears of the signal
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(placing, "commit", interrupted)
    assert toy.run().exit is Exit.INTERRUPTED
    toy.done()
    assert toy.server.calls == (1, 4, 3)


def test_a_clip_that_is_in_place_is_settled_although_a_crash_came_before_the_ledger_said_so(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_job: object) -> None:
        return

    toy.spec(scenes=1)
    with monkeypatch.context() as crash:
        crash.setattr("vidpipe.purchase.film.settle", lambda _ledger, _entry: None)
        crash.setattr("vidpipe.conduct.salvage", nothing)
        toy.run()
    assert [request.status for request in toy.ledger().requests.values()][-1] == "submitted"
    polls = toy.server.sent("poll")
    toy.done()
    assert [request.status for request in toy.ledger().requests.values()][-1] == "settled"
    assert toy.server.sent("poll") == polls
    toy.rests()


# Refusals


def refuse_clip(toy: Project, **keys: object) -> None:
    toy.spec(**keys)
    toy.server.on("video", RefusedError("violence", ("58061214",)), holding="motion 1.", times=None)


def test_a_refused_clip_is_tried_again_once_then_held_as_a_still_and_the_film_is_incomplete(toy: Project) -> None:
    refuse_clip(toy)
    ran = toy.run()
    assert (ran.exit, ran.job.state) == (Exit.INCOMPLETE, JobState.INCOMPLETE)
    assert (ran.state("clip 1"), ran.acted(Action.HELD)) == (State.REFUSED, {"still 1"})
    assert "violence (support codes: 58061214)" in ran.reasons("clip 1")
    assert toy.server.sent("video") == 4
    assert ran.result.cost == WHOLE - CLIP
    told = json.loads((toy.layout().root / "film.json").read_text())
    assert (told["complete"], told["gaps"][0]["scene"], told["gaps"][0]["shown"]) == (False, 1, "still")
    shown = toy.record("still 1").fingerprint.user
    assert (shown["first frame"], shown["last frame"]) == (toy.record("end 0").digest, toy.record("end 1").digest)


@pytest.mark.parametrize(("then", "code"), [("still", 4), ("skip", 4), ("fail", 1)])
def test_a_refused_scene_stays_refused_and_nothing_is_sent_again(toy: Project, then: str, code: int) -> None:
    refuse_clip(toy, on_refused=then)
    assert toy.run().exit == code
    assert toy.path("film").exists() == (then != "fail")
    assert toy.path("still 1").exists() == (then == "still")
    before, sent = toy.snapshot(), len(toy.server.requests)
    again = toy.run()
    assert (again.exit, again.did) == (code, set())
    assert len(toy.server.requests) == sent
    assert toy.changes(before) == set()


def test_a_refused_scene_is_sent_again_when_told_so(toy: Project) -> None:
    refuse_clip(toy)
    toy.run()
    ran = toy.run(retry_refused=True)
    assert ran.exit is Exit.INCOMPLETE
    assert toy.server.sent("video") == 6
    toy.server.rules.clear()
    assert toy.plan(retry_refused=True).result.cost == CLIP
    ran = toy.done(retry_refused=True)
    assert ran.made == {"clip 1", "film"}
    assert toy.spent() == WHOLE
    toy.rests()


def test_a_refused_scene_is_sent_again_when_its_prompt_changed(toy: Project) -> None:
    refuse_clip(toy)
    toy.run()
    toy.edit_scene(1, video_motion_prompt="gently.")
    assert toy.done().made == {"clip 1", "film"}


def test_a_refusal_is_not_forgotten_because_vidpipes_own_template_changed(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_clip(toy)
    toy.run()
    sent = len(toy.server.requests)
    monkeypatch.setattr(prompts, "CLIP", prompts.CLIP + "\nSlowly.")
    assert toy.run().exit is Exit.INCOMPLETE
    assert len(toy.server.requests) == sent


def test_an_operation_that_ends_refused_is_tried_once_more(toy: Project) -> None:
    toy.spec()
    toy.server.on("poll", Refused("violence"), holding="motion 1.")
    assert toy.done().result.cost == WHOLE
    assert toy.server.sent("video") == 4
    toy.rests()


def test_a_refused_end_frame_holds_the_start_frame_and_the_next_scene_goes_on_from_there(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", RefusedError("a face"), holding="end 1.", times=None)
    ran = toy.run()
    assert ran.exit is Exit.INCOMPLETE
    assert ran.state("end 1") is State.REFUSED
    assert ran.acted(Action.HELD) == {"still 1"}
    assert "clip 2" in ran.made
    sent = {request.motion_prompt: request for _, request in toy.server.requests if isinstance(request, VideoRequest)}
    assert sent["motion 2."].first.data == toy.bytes("end 0")
    assert sorted(sent) == ["motion 0.", "motion 2."]
    shown = toy.record("still 1").fingerprint.user
    assert shown["first frame"] == shown["last frame"] == toy.record("end 0").digest
    before = toy.snapshot()
    assert toy.run().exit is Exit.INCOMPLETE
    assert toy.changes(before) == set()


def test_what_is_remade_after_a_refusal_leaves_no_neighbour_on_the_old_picture(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", RefusedError("a face"), holding="end 1.", times=2)
    toy.run()
    ran = toy.done(retry_refused=True)
    assert ran.made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    sent = [request for _, request in toy.server.requests if isinstance(request, VideoRequest)][-2:]
    assert {request.first.data for request in sent} == {toy.bytes("end 0"), toy.bytes("end 1")}
    toy.rests()


@pytest.mark.parametrize(("port", "holding", "target"), [("text", "", "storyboard"), ("image", "start 0.", "start 0")])
def test_a_refused_storyboard_or_first_frame_fails_the_job(toy: Project, port: str, holding: str, target: str) -> None:
    toy.spec()
    toy.server.on(port, RefusedError("no"), holding=holding, times=None)  # type: ignore[arg-type]
    ran = toy.run()
    assert (ran.exit, ran.state(target)) == (Exit.FAILED, State.REFUSED)
    sent = len(toy.server.requests)
    assert toy.run().exit is Exit.FAILED
    assert len(toy.server.requests) == sent


def test_a_film_of_which_every_scene_was_refused_fails(toy: Project) -> None:
    toy.spec(on_refused="skip")
    toy.server.on("video", RefusedError("no"), times=None)
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "every scene was refused" in ran.said


# Budgets


def test_a_budget_that_does_not_fit_blocks_before_the_first_picture_and_names_the_amount(toy: Project) -> None:
    toy.spec(budget=1)
    ran = toy.run()
    assert (ran.exit, toy.server.calls) == (Exit.DECISION, (1, 0, 0))
    assert f"budget: {WHOLE:f}".rstrip("0") in ran.said
    toy.spec(budget=float(WHOLE))
    assert toy.done().result.cost == WHOLE - STORYBOARD
    assert toy.server.calls == (1, 4, 3)


def test_a_job_that_was_stopped_early_may_use_a_budget_that_the_whole_of_it_would_not_fit(toy: Project) -> None:
    toy.spec(budget=1)
    assert toy.done(until="keyframes").result.cost == STORYBOARD + FIRST_PICTURE + 3 * NEXT_PICTURE


def test_a_run_that_may_cost_nothing_makes_only_what_is_free(toy: Project) -> None:
    toy.spec()
    ran = toy.run(max_cost=Decimal(0))
    assert (ran.exit, toy.server.requests) == (Exit.DECISION, [])
    assert "--max-cost" in ran.said
    toy.done()
    toy.path("film").unlink()
    assert toy.done(max_cost=Decimal(0)).made == {"film"}


def test_a_run_that_may_cost_nothing_sends_no_clip_again_after_its_operation_was_refused(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", "0")
    toy.spec()
    toy.server.on("poll", Running(), holding="motion 1.")
    toy.run()
    toy.server.on("poll", Refused("violence"), holding="motion 1.")
    ran = toy.run(max_cost=Decimal(0))
    assert toy.server.sent("video") == 3
    assert ran.exit is Exit.DECISION


def test_a_budget_of_a_run_for_one_job_and_a_half_makes_the_first_and_blocks_the_second(toy: Project) -> None:
    toy.spec("one")
    toy.spec("two", script="Gulls cry.")
    ran = toy.run("one", "two", max_cost=WHOLE * 3 / 2)
    one, two = ran.result.jobs
    assert (one.exit_code, two.exit_code) == (Exit.DONE, Exit.DECISION)
    assert toy.server.calls == (2, 4, 3)
    assert ran.result.cost == WHOLE + STORYBOARD
    assert "--max-cost" in "".join(reason for target in two.targets for reason in target.reasons)
    assert toy.done("one", "two").result.cost == WHOLE - STORYBOARD


def test_what_a_job_set_aside_and_did_not_spend_is_there_for_the_next_one(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_JOBS", "1")
    toy.spec("one", on_refused="skip")
    toy.spec("two", script="Gulls cry.")
    toy.server.on("video", RefusedError("no"), holding="Waves", times=None)
    ran = toy.run("one", "two", max_cost=WHOLE + Decimal("0.5"))
    assert ran.result.jobs[1].exit_code is Exit.DONE, ran.result.jobs[1].targets


def test_a_budget_counts_lost_requests_as_spent(toy: Project) -> None:
    toy.spec(budget=float(WHOLE))
    toy.server.on("video", ReplyLostError("reset"), holding="motion 1.")
    toy.run()
    ran = toy.run(on_lost="resubmit")
    assert ran.exit is Exit.DECISION
    assert toy.server.sent("video") == 3
    assert "would do" in ran.said


# Redo and money


def test_redoing_a_clip_forgets_no_lost_request_of_another_style(toy: Project) -> None:
    lose_clip(toy)
    toy.spec(style="noir")
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    toy.done()
    sent = toy.server.sent("video")
    toy.spec()
    assert toy.run().state("clip 1") is State.LOST
    assert toy.server.sent("video") == sent


def test_redoing_a_clip_in_one_style_costs_nothing_in_another(toy: Project) -> None:
    toy.spec()
    toy.done()
    toy.spec(style="noir")
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    toy.done()
    calls = toy.server.calls
    toy.spec()
    assert toy.done().made == set()
    assert toy.server.calls == calls


def test_redoing_a_clip_that_another_scene_shares_buys_one_more(toy: Project) -> None:
    toy.spec()
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"] = [{**value["scenes"][0], "continuity": "cut"}] * 2
    toy.write_board(value)
    toy.done()
    (loaded,) = toy.load()
    redo(loaded, [long("clip 1")])
    assert toy.done().made == {"clip 1", "film"}
    assert toy.server.calls == (1, 2, 2)
    assert toy.bytes("clip 0") != toy.bytes("clip 1")
    toy.rests()


def test_three_scenes_of_one_fingerprint_try_one_after_the_other_where_the_first_attempt_fails(toy: Project) -> None:
    toy.spec()
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"] = [{**value["scenes"][0], "continuity": "cut"}] * 3
    toy.write_board(value)
    toy.server.on("video", NotAcceptedError("400"))
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert toy.server.count("video") == 1
