"""Progress on a terminal: a calm table, one row for each job that is being worked on, and counts of the others."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from vidpipe.budget import dollars
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit
from vidpipe.events import JobEnded, JobStarted, Said, TargetEnded, TargetStarted
from vidpipe.report.escape import visible
from vidpipe.report.measures import count, elapsed
from vidpipe.report.stream import tell_if_taken
from vidpipe.report.voice import CODES
from vidpipe.signals import on_leaving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from rich.console import Console

    from vidpipe.events import Event
    from vidpipe.results import JobResult

REFRESHES_PER_SECOND = 4
SHOW_CURSOR = "\x1b[?25h"
LINES_KEPT_FREE = 3
"""Rows of the terminal that the table leaves to its heading, its counts and the prompt."""

GAP = 2
FIXED = {"state": 11, "done": 6, "cost": 7, "time": 10}
"""Widths of the columns whose content has a known longest form."""
TARGET = 22
SHORTEST_NAME = 8

STYLES = {"32": "green", "33": "yellow", "31": "red"}


@dataclass(slots=True)
class Row:
    """One job as the table shows it."""

    name: str
    started: float
    targets: int = 0
    ended: int = 0
    working: dict[str, None] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    result: JobResult | None = None

    @property
    def state(self) -> str:
        """What the job is doing, or what became of it."""
        if self.result is not None:
            return self.result.state.value
        return "working" if self.working else "waiting"

    def current(self, width: int) -> str:
        """Return the target in work for the longest time, and how many others are, without its folder if need be."""
        first = next(iter(self.working), "")
        more = len(self.working) - 1
        told = f"{first} +{more}" if more > 0 else first
        return told if len(told) <= width else told.rpartition("/")[2]


class LiveTable:
    """Draws itself on a terminal from the first event of a job that is worked on until it is left."""

    def __init__(self, jobs: Sequence[str], console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self._jobs = len(jobs)
        self._widest = max((len(job) for job in jobs), default=0)
        self._clock = clock
        self._rows: dict[str, Row] = {}
        self._idle = 0
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._watch = ExitStack()

    def __enter__(self) -> LiveTable:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._watch:
            if self._live is not None:
                self._live.stop()

    def hear(self, event: Event) -> None:
        """Take an event in."""
        with self._lock:
            self._take_in(event)
        if isinstance(event, JobStarted) and self._live is None:
            self._watch.callback(self._show_cursor)
            self._watch.enter_context(on_leaving(self._let_go))
            self._live = Live(
                get_renderable=self.render,
                console=self.console,
                refresh_per_second=REFRESHES_PER_SECOND,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        if isinstance(event, Said):
            self.console.print(Text(visible(f"{event.job}  {event.message}")))

    def _let_go(self) -> None:
        """Leave the table as it stands, above what follows."""
        tell_if_taken(self.console.file, f"\r\n{SHOW_CURSOR}")

    def _show_cursor(self) -> None:
        """Show the cursor once more: a signal may have come while the table was being taken down."""
        if self.console.is_terminal:
            tell_if_taken(self.console.file, SHOW_CURSOR)

    def _take_in(self, event: Event) -> None:
        if isinstance(event, JobStarted):
            self._rows[event.job] = Row(event.job, self._clock(), event.targets)
            return
        row = self._rows.get(event.job)
        if row is None:
            self._idle += isinstance(event, JobEnded)
        elif isinstance(event, TargetStarted):
            row.working[event.name] = None
        elif isinstance(event, TargetEnded):
            row.working.pop(event.outcome.name, None)
            row.ended += 1
            row.cost += event.outcome.price if event.outcome.action is Action.MADE else 0
        elif isinstance(event, JobEnded):
            row.result = event.result

    def render(self) -> Group:
        """Return the table as it is now."""
        with self._lock:
            rows = list(self._rows.values())
            idle = self._idle
        room = max(self.console.height - LINES_KEPT_FREE, 1)
        return Group(self._table(_chosen(rows, room)), Text(self._counts(rows, idle), style="dim", no_wrap=True))

    def _table(self, rows: list[Row]) -> Table:
        """Return the rows under headings, in columns whose widths hang on nothing that changes while jobs work."""
        room = self.console.width - sum(FIXED.values()) - GAP * (len(FIXED) + 1)
        names = min(self._widest, max(room - TARGET, SHORTEST_NAME))
        widths = {"job": names, "state": FIXED["state"], "done": FIXED["done"], "target": min(max(room - names, 1), 36)}
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
        for heading, width in (widths | FIXED).items():
            side: Literal["left", "right"] = "right" if heading in {"done", "cost", "time"} else "left"
            table.add_column(heading, no_wrap=True, width=width, justify=side, overflow="ellipsis")
        for row in rows:
            seconds = row.result.seconds if row.result else self._clock() - row.started
            table.add_row(
                Text(visible(row.name)),
                Text(row.state, style=_style(row)),
                f"{min(row.ended, row.targets)}/{row.targets}",
                Text(visible(row.current(widths["target"]))),
                dollars(row.cost),
                elapsed(seconds),
            )
        return table

    def _counts(self, rows: list[Row], idle: int) -> str:
        ended = [row.result for row in rows if row.result is not None]
        troubled = sum(result.exit_code is not Exit.DONE for result in ended)
        parts = [f"{len(ended) + idle:,} of {count(self._jobs, 'job')} ended"]
        parts += [f"{troubled:,} with trouble"] if troubled else []
        waiting = self._jobs - len(rows) - idle
        parts += [f"{waiting:,} still to come"] if waiting > 0 else []
        return ", ".join([*parts, dollars(sum((row.cost for row in rows), Decimal(0)))])


def _chosen(rows: list[Row], room: int) -> list[Row]:
    """Return the rows that fit, in the order in which jobs began: working ones first, then those that ended last."""
    if len(rows) <= room:
        return rows
    urgent = sorted(rows, key=lambda row: (row.result is not None, row.result is None and not row.working))
    active = [row for row in urgent if row.result is None]
    ended = [row for row in rows if row.result is not None]
    kept = [*active[:room], *ended[max(len(ended) - max(room - len(active), 0), 0) :]]
    return [row for row in rows if any(row is other for other in kept)]


def _style(row: Row) -> str:
    from vidpipe.report.summary import ROLES

    role = ROLES.get(row.result.state) if row.result else None
    return STYLES[CODES[role]] if role else ""
