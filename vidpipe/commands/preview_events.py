"""What is told while a preview is made: it speaks of the preview, since nothing happens to the job."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.engine.judge import Action, State
from vidpipe.events import TargetEnded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.events import Event, Sink

SHOWN = "shown as the job has it"


def called(job: str) -> str:
    """Return the name under which the preview of a job tells of itself."""
    return f"preview of {job}"


def as_preview(report: Sink, copied: Mapping[str, object]) -> Sink:
    """Return a sink that passes on what happens in the directory of a preview in words that are true of the preview.

    The files of the job that were `copied` there have no records, so the engine adopts them; that is how a preview
    takes them in and not what becomes of the job's files.
    """

    def hear(event: Event) -> None:
        named = replace(event, job=called(event.job))
        if isinstance(named, TargetEnded) and _is_copy(named, copied):
            outcome = replace(named.outcome, state=State.UP_TO_DATE, action=Action.NONE, reasons=(SHOWN,))
            named = replace(named, outcome=outcome)
        report(named)

    return hear


def _is_copy(event: TargetEnded, copied: Mapping[str, object]) -> bool:
    return event.outcome.action is Action.ADOPTED and event.outcome.name in copied
