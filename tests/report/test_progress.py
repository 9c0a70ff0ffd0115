"""Progress: lines, the live table, silence."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console

from tests.golden_file import matches_golden
from tests.report.results import BLOCKED, DONE, FAILED
from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit
from vidpipe.events import JobEnded, JobStarted, Said, TargetEnded, TargetStarted
from vidpipe.report.lines import Lines
from vidpipe.report.live import LiveTable
from vidpipe.report.progress import Progress
from vidpipe.report.voice import PLAIN, Voice

if TYPE_CHECKING:
    from vidpipe.events import Event

CLIP = Outcome(
    "clips/scene-003.mp4",
    State.STALE,
    Action.MADE,
    ("video_motion_prompt changed", "seed added"),
    Decimal("1.6"),
)
EVENTS: tuple[Event, ...] = (
    JobStarted("lighthouse", 4),
    TargetEnded("lighthouse", Outcome("storyboard.json", State.UP_TO_DATE, Action.NONE)),
    TargetStarted("lighthouse", CLIP.name, CLIP.reasons),
    TargetEnded("lighthouse", CLIP),
    Said("lighthouse", "clip 1 was \033[31mencoded anew"),
    TargetEnded("lighthouse", replace(CLIP, name="film.mp4", action=Action.BLOCKED, reasons=("needs clip 1",))),
    TargetEnded(
        "lighthouse",
        replace(CLIP, name="clips/scene-001.mp4", action=Action.FAILED, reasons=("disk full",), exit_code=Exit.FAILED),
    ),
    JobEnded("lighthouse", FAILED),
    JobEnded("harbour", DONE),
    JobEnded("pier", BLOCKED),
)


def lines(voice: Voice) -> str:
    stream = io.StringIO()
    sink = Lines(stream, voice)
    for event in EVENTS:
        sink.hear(event)
    return stream.getvalue()


def test_elsewhere_than_on_a_terminal_every_change_is_one_line() -> None:
    matches_golden("lines", lines(PLAIN))


def test_verbose_lines_tell_every_event_with_every_reason() -> None:
    matches_golden("lines-verbose", lines(Voice(verbose=True)))


def test_a_quiet_run_shows_no_progress_but_keeps_what_was_said() -> None:
    stream = io.StringIO()
    progress = Progress(stream, Voice(quiet=True))
    with progress.watch(["lighthouse"]) as hear:
        for event in EVENTS:
            hear(event)
    assert not stream.getvalue()
    assert progress.said["lighthouse"] == ["clip 1 was \033[31mencoded anew"]


def test_what_a_draft_said_is_found_under_the_name_of_its_result() -> None:
    progress = Progress(io.StringIO(), PLAIN)
    with progress.watch(["lighthouse"]) as hear:
        hear(Said("lighthouse", "a word"))
        hear(JobEnded("lighthouse", replace(DONE, name="lighthouse@draft")))
    assert progress.said["lighthouse@draft"] == ["a word"]


def test_a_progress_reader_that_went_away_does_not_stop_the_run() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream, Progress(stream, PLAIN).watch(["lighthouse"]) as hear:
        for event in EVENTS:
            hear(event)


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def table(jobs: int, width: int = 80, height: int = 24) -> tuple[LiveTable, Clock, io.StringIO]:
    """Return a table for jobs called job-000 and so on, that is never drawn by itself."""
    stream, clock = io.StringIO(), Clock()
    console = Console(file=stream, width=width, height=height, force_terminal=False)
    return LiveTable([f"job-{n:03}" for n in range(jobs)], console, clock), clock, stream


def drawn(live: LiveTable, stream: io.StringIO) -> str:
    """Return the table as it is now."""
    stream.seek(0)
    stream.truncate()
    live.console.print(live.render())
    return stream.getvalue()


def test_the_live_table_shows_state_progress_target_cost_and_time() -> None:
    live, clock, stream = table(4)
    with live:
        for name in ("job-000", "job-001", "job-002"):
            live.hear(JobStarted(name, 23))
        live.hear(TargetEnded("job-000", Outcome("storyboard.json", State.MISSING, Action.MADE)))
        live.hear(TargetStarted("job-000", "keyframes/scene-000-start.png", ("not made yet",)))
        live.hear(TargetStarted("job-001", "clips/scene-000.mp4", ("not made yet",)))
        live.hear(TargetStarted("job-001", "clips/scene-001.mp4", ("not made yet",)))
        live.hear(TargetEnded("job-001", replace(CLIP, name="clips/scene-002.mp4")))
        live.hear(JobEnded("job-002", replace(DONE, seconds=3.0)))
        clock.now = 75.0
        matches_golden("live", drawn(live, stream))


def test_a_table_of_a_hundred_jobs_fits_the_terminal_and_shows_those_at_work() -> None:
    live, _, stream = table(100, height=12)
    with live:
        for number in range(60):
            live.hear(JobStarted(f"job-{number:03}", 23))
        for number in range(57):
            live.hear(JobEnded(f"job-{number:03}", FAILED if number == 5 else DONE))
        for number in range(90, 95):
            live.hear(JobEnded(f"job-{number:03}", DONE))
        shown = drawn(live, stream).splitlines()
    assert len(shown) <= 11
    assert all(f"job-{number:03}" in "\n".join(shown) for number in (57, 58, 59))
    assert shown[-1].strip() == "62 of 100 jobs ended, 1 with trouble, 35 still to come, $0.00"


def test_no_line_of_the_table_is_wider_than_the_terminal() -> None:
    for width in (80, 60, 200):
        live, _, stream = table(3, width=width)
        with live:
            live.hear(JobStarted("a-job-with-quite-a-long-name-indeed-" * 2, 302))
            live.hear(TargetStarted("a-job-with-quite-a-long-name-indeed-" * 2, "keyframes/scene-000-start.png", ()))
            assert max(map(len, drawn(live, stream).splitlines())) <= width


def test_text_from_files_cannot_steer_the_terminal_through_the_table() -> None:
    live, _, stream = table(1)
    with live:
        live.hear(JobStarted("a\033]0;owned\a", 2))
        live.hear(TargetStarted("a\033]0;owned\a", "clips/\u202e\x9b2J", ()))
        assert all(line.isprintable() for line in drawn(live, stream).splitlines())
        stream.truncate(0)
        live.hear(Said("a", "\033[2J"))
        assert "\033[2J" not in stream.getvalue()
