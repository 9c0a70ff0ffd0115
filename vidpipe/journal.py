"""The journal: the events of every run that did something, one JSON line each, in the job's `.vidpipe/log.jsonl`."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vidpipe.events import JobEnded, TargetEnded, TargetStarted
from vidpipe.files import refuse_link

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.events import Event, Sink


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes what it hears and passes it on."""

    path: Path
    onward: Sink

    def hear(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, TargetStarted):
            self.note("started", {"target": event.name, "reasons": list(event.reasons)})
        elif isinstance(event, TargetEnded):
            told = {name: str(value) for name, value in asdict(event.outcome).items() if name != "reasons"}
            self.note("ended", {**told, "reasons": list(event.outcome.reasons)})
        elif not isinstance(event, JobEnded):
            self.note("said", {"message": str(getattr(event, "message", event))})
        self.onward(event)

    def note(self, event: str, facts: dict[str, Json]) -> None:
        """Append one line; a log is no evidence, so it is not synced."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "event": event, **facts}, ensure_ascii=False)
        # What is made, or paid for, does not fail because it cannot be told here.
        with suppress(OSError):
            # Neither through a link to somewhere else, nor into a pipe that nobody reads.
            refuse_link(self.path.parent)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
            with open(os.open(self.path, flags, 0o644), "a", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
                file.write(line + "\n")
