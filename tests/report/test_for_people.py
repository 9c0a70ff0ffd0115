"""Reports for people, as golden files."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.golden_file import matches_golden
from tests.report.results import BLOCKED, DONE, EVERYTHING, FAILED, PLAN
from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit
from vidpipe.report.plan import plan
from vidpipe.report.status import status
from vidpipe.report.summary import summary
from vidpipe.report.voice import PLAIN, Voice
from vidpipe.results import BatchResult, JobState

if TYPE_CHECKING:
    from collections.abc import Sequence

SAID = {"lighthouse": ["clip 1 could not be copied into the film and was encoded anew: 25 fps"]}


def text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def test_the_summary_of_a_run_names_every_job_and_what_it_needs() -> None:
    matches_golden("summary", text(summary(EVERYTHING, PLAIN, 80.4, SAID)))


def test_a_verbose_summary_gives_every_reason() -> None:
    matches_golden("summary-verbose", text(summary(EVERYTHING, Voice(verbose=True), 80.4, SAID)))


def test_a_quiet_summary_tells_of_trouble_and_counts_the_rest() -> None:
    matches_golden("summary-quiet", text(summary(EVERYTHING, Voice(quiet=True), 80.4, {})))


def test_a_quiet_run_without_trouble_says_one_line() -> None:
    result = BatchResult((DONE, DONE))
    assert summary(result, Voice(quiet=True), 3.0, {}) == ["2 jobs: 2 done; $3.20 spent; 3.0 s"]


def test_a_run_that_had_nothing_to_do_says_so() -> None:
    idle = replace(DONE, targets=(Outcome("film.mp4", State.UP_TO_DATE, Action.NONE),), planned=Decimal(0))
    assert summary(BatchResult((idle,)), PLAIN, 0.1, {})[-1] == "1 job: 1 done; nothing to do; $0.00 spent; 0.1 s"
    assert "nothing to do" not in summary(BatchResult((idle, BLOCKED)), PLAIN, 0.1, {})[-1]


def test_a_run_of_no_jobs_says_so() -> None:
    assert summary(BatchResult(()), PLAIN, 0.0, {}) == ["no jobs; $0.00 spent; 0.0 s"]


def test_colours_change_nothing_but_the_colour() -> None:
    coloured = text(summary(EVERYTHING, Voice(colour=True), 80.4, SAID))
    assert "\033[1mlighthouse\033[0m\033[32m  done\033[0m" in coloured
    for code in ("1", "2", "31", "32", "33", "0"):
        coloured = coloured.replace(f"\033[{code}m", "")
    assert coloured == text(summary(EVERYTHING, PLAIN, 80.4, SAID))


def test_a_plan_lists_what_would_be_made_why_and_for_how_much() -> None:
    matches_golden("plan", text(plan(PLAN, PLAIN)))


def test_a_verbose_plan_gives_every_reason() -> None:
    told = text(plan(PLAN, Voice(verbose=True)))
    assert "(style changed; seconds changed)" in told
    assert "(style changed; seconds changed)" not in text(plan(PLAN, PLAIN))


def test_a_quiet_plan_says_one_line() -> None:
    assert plan(PLAN, Voice(quiet=True)) == ["3 jobs, 1 with work; this run: $3.20, at worst $6.40 if no reply is lost"]


def test_a_status_lists_every_target() -> None:
    matches_golden("status", text(status(BatchResult((*PLAN.jobs, *EVERYTHING.jobs)), PLAIN)))


def test_text_from_files_cannot_steer_the_terminal_in_any_report() -> None:
    evil = "\033]0;owned\a\u202e"
    outcome = Outcome(f"clips/{evil}.mp4", State.BROKEN, Action.FAILED, (evil,), exit_code=Exit.FAILED)
    changed = replace(outcome, action=Action.MAKE, exit_code=Exit.DONE)
    job = replace(FAILED, name=evil, targets=(outcome, changed), messages=(evil,), directory=FAILED.directory / evil)
    conflict = replace(job, targets=(replace(outcome, state=State.CONFLICT, action=Action.BLOCKED),))
    result = BatchResult((job, replace(job, state=JobState.PLANNED), conflict))
    for voice in (PLAIN, Voice(verbose=True), Voice(quiet=True)):
        told = [*summary(result, voice, 1, {evil: [evil]}), *plan(result, voice), *status(result, voice)]
        assert all(line.isprintable() for line in told), told


def test_a_hundred_targets_that_wait_for_one_are_counted_not_listed() -> None:
    waiting = [Outcome(f"clips/scene-{n:03}.mp4", State.MISSING, Action.BLOCKED, ("needs it",)) for n in range(100)]
    job = replace(BLOCKED, targets=(BLOCKED.targets[0], *waiting))
    assert len(summary(BatchResult((job,)), PLAIN, 1, {})) < 8
    assert len(summary(BatchResult((job,)), Voice(verbose=True), 1, {})) > 100
