"""Made-up results of every kind, for reports to format."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from vidpipe.engine.judge import Action, State
from vidpipe.engine.order import Outcome
from vidpipe.errors import Exit
from vidpipe.results import BatchResult, JobResult, JobState

RUNS = Path("runs")
CLIP = Decimal("1.6")


def job(name: str, state: JobState, code: Exit, *targets: Outcome, **more: object) -> JobResult:
    """Return the result of a job in runs/NAME."""
    film = RUNS / name / "film.mp4" if state in {JobState.DONE, JobState.INCOMPLETE} else None
    known: dict[str, object] = {"film": film, "seconds": 12.34, "cost": Decimal("4.8")} | more
    return JobResult(name, Path("specs") / f"{name}.yaml", RUNS / name, state, code, targets, **known)  # type: ignore[arg-type]


DONE = job(
    "lighthouse",
    JobState.DONE,
    Exit.DONE,
    Outcome("storyboard.json", State.EDITED, Action.ADOPTED, ("edited by hand",)),
    Outcome("clips/scene-000.mp4", State.STALE, Action.MADE, ("video_motion_prompt changed", "seed added"), CLIP),
    Outcome("clips/scene-001.mp4", State.OUTDATED, Action.NONE, ("prompt template changed (by vidpipe itself)",)),
    Outcome("film.mp4", State.STALE, Action.MADE, ("clip 0 changed",)),
    planned=CLIP,
)
BLOCKED = job(
    "pier",
    JobState.BLOCKED,
    Exit.DECISION,
    Outcome(
        "storyboard.json",
        State.CONFLICT,
        Action.BLOCKED,
        ("edited by hand", "script changed", "accept keeps it, redo makes a new one"),
        exit_code=Exit.DECISION,
    ),
    Outcome("film.mp4", State.MISSING, Action.BLOCKED, ("needs storyboard.json, which is not made",)),
)
FAILED = job(
    "ghost",
    JobState.FAILED,
    Exit.FAILED,
    Outcome("clips/scene-000.mp4", State.MISSING, Action.FAILED, ("disk full",), exit_code=Exit.FAILED),
    Outcome("clips/scene-001.mp4", State.MISSING, Action.MADE, ("not made yet",)),
    Outcome("film.mp4", State.MISSING, Action.BLOCKED, ("needs clips/scene-000.mp4, which is not made",)),
    seconds=75.2,
)
INCOMPLETE = job(
    "tram",
    JobState.INCOMPLETE,
    Exit.INCOMPLETE,
    Outcome(
        "clips/scene-002.mp4",
        State.REFUSED,
        Action.SKIPPED,
        ("refused: a child (support codes: 17301594)",),
        exit_code=Exit.INCOMPLETE,
    ),
    Outcome("clips/scene-002-still.mp4", State.MISSING, Action.HELD, ("not made yet",)),
    seconds=3723,
)
BUSY = job(
    "old-pier", JobState.BUSY, Exit.BUSY, messages=("another run holds this job (pid 7 on studio)",), seconds=0.0
)
EVERYTHING = BatchResult((DONE, BLOCKED, FAILED, INCOMPLETE, BUSY))

PLAN = BatchResult(
    (
        job(
            "lighthouse",
            JobState.PLANNED,
            Exit.DONE,
            Outcome("storyboard.json", State.UP_TO_DATE, Action.NONE),
            Outcome(
                "keyframes/scene-000-start.png", State.STALE, Action.RESTORED, ("style changed", "seconds changed")
            ),
            Outcome("clips/scene-000.mp4", State.STALE, Action.MAKE, ("video_motion_prompt changed",), CLIP),
            Outcome("clips/scene-001.mp4", State.UP_TO_DATE, Action.MAYBE, ("first frame is to be made first",), CLIP),
            Outcome("clips/scene-007.mp4", State.ORPHAN, Action.NONE, ("no scene makes or uses this file",)),
            planned=2 * CLIP,
            worst_case=4 * CLIP,
        ),
        job("harbour", JobState.DONE, Exit.DONE, Outcome("film.mp4", State.UP_TO_DATE, Action.NONE), cost=Decimal(0)),
        BLOCKED,
    )
)
