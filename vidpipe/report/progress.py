"""How a run is watched: a live table on a terminal, plain lines elsewhere, nothing where quiet was asked for."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast

from vidpipe.events import JobEnded, Said, ignore
from vidpipe.report.lines import Lines
from vidpipe.report.stream import Screen
from vidpipe.report.voice import is_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidpipe.events import Event, Sink
    from vidpipe.report.voice import Voice


@dataclass(slots=True)
class Progress:
    """Shows a run on a stream; `said` keeps the messages of each job for the end, where they can still be read."""

    stream: IO[str] | None
    voice: Voice
    said: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def watch(self, jobs: Sequence[str]) -> Iterator[Sink]:
        """Show the jobs while the block runs; yields where their events go. Events may come from any thread."""
        if self.voice.quiet:
            yield self._keeping(ignore)
        elif self.stream is not None and is_terminal(self.stream) and not self.voice.verbose:
            from rich.console import Console

            from vidpipe.report.live import LiveTable

            console = Console(file=cast("IO[str]", Screen(self.stream)), highlight=False, markup=False, emoji=False)
            with LiveTable(jobs, console) as table:
                yield self._keeping(table.hear)
        else:
            yield self._keeping(Lines(self.stream, self.voice).hear)

    def _keeping(self, onward: Sink) -> Sink:
        def hear(event: Event) -> None:
            if isinstance(event, Said):
                self.said.setdefault(event.job, []).append(event.message)
            elif isinstance(event, JobEnded) and event.job in self.said:
                self.said[event.result.name] = self.said[event.job]
            onward(event)

        return hear
