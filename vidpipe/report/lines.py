"""Progress where nobody can watch a table: one plain line for each change."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit
from vidpipe.events import JobEnded, JobStarted, Said, TargetEnded, TargetStarted
from vidpipe.report.escape import visible
from vidpipe.report.measures import count, elapsed
from vidpipe.report.stream import tell

if TYPE_CHECKING:
    from vidpipe.engine.order import Outcome
    from vidpipe.events import Event
    from vidpipe.report.voice import Voice


class Lines:
    """Writes a line for each change that it hears of; a verbose voice tells of every event, with every reason."""

    def __init__(self, stream: IO[str] | None, voice: Voice) -> None:
        self.stream = stream
        self.voice = voice
        self._begun: set[str] = set()

    def hear(self, event: Event) -> None:
        """Take an event in."""
        told = self._told(event)
        if told:
            tell(self.stream, "  ".join(visible(part) for part in (event.job, *told) if part))

    def _told(self, event: Event) -> tuple[str, ...]:
        if isinstance(event, JobStarted):
            self._begun.add(event.job)
            return ("started", f"({count(event.targets, 'target')})") if self.voice.verbose else ()
        if isinstance(event, TargetStarted):
            return (event.name, "begun", self._reasons(event.reasons)) if self.voice.verbose else ()
        if isinstance(event, TargetEnded):
            return self._outcome(event.outcome)
        if isinstance(event, JobEnded):
            return self._end(event)
        return (event.message,) if isinstance(event, Said) else ()

    def _outcome(self, outcome: Outcome) -> tuple[str, ...]:
        """Name a change; what only waits for something that failed is no change of its own."""
        waits = outcome.action in {Action.BLOCKED, Action.SKIPPED} and outcome.exit_code is Exit.DONE
        if not self.voice.verbose and (outcome.action is Action.NONE or waits):
            return ()
        done = outcome.state.value if outcome.action is Action.NONE else outcome.action.value
        price = dollars(outcome.price) if outcome.price else ""
        return (outcome.name, done, price, self._reasons(outcome.reasons))

    def _reasons(self, reasons: tuple[str, ...]) -> str:
        told = reasons if self.voice.verbose else reasons[:1]
        return f"({'; '.join(told)})" if told else ""

    def _end(self, event: JobEnded) -> tuple[str, ...]:
        result = event.result
        if event.job not in self._begun and not self.voice.verbose:
            return ()  # the summary tells all there is to say
        return (result.state.value, elapsed(result.seconds))
