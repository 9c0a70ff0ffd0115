"""The places of a run at which a signal can find it, from the first file that is read to the last that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.loopback.deeds import Working
from tests.signals.begun import begin
from tests.signals.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.google.studio import Mode, Studio
    from tests.loopback.deeds import Kind
    from tests.signals.begun import Begun, Line


@dataclass(frozen=True, slots=True)
class Phase:
    """A place: a call that the vendor is about to answer, or a function of vidpipe that is about to begin.

    `bought` says how many storyboards, pictures and clips have been asked for when a run is stopped there.
    """

    name: str
    bought: tuple[int, int, int]
    call: Kind | None = None
    function: tuple[str, str] | None = None
    mode: Mode = "vertex"
    spec: tuple[tuple[str, object], ...] = ()
    until: str | None = None
    settled: bool = True
    """Whether vidpipe hears of signals by itself there; before and after, its process just ends."""
    patient: bool = True
    """Whether it then waits for what is under way there, and holds the job until that has ended."""

    def __str__(self) -> str:
        return self.name


SPOKEN = (("narration", True), ("audio", True))
STARTING = Phase("starting", (0, 0, 0), function=("vidpipe.cli", "invoke"), settled=False, patient=False)
READING = Phase(
    "reading the specs", (0, 0, 0), function=("vidpipe.commands.run", "find_specs"), settled=False, patient=False
)
PLANNING = Phase("planning", (0, 0, 0), function=("vidpipe.planning", "open_job"), patient=False)
LOCKING = Phase("taking the lock", (0, 0, 0), function=("vidpipe.lock", "make_directory"))
PREPARING = Phase("making the directory ready", (0, 0, 0), function=("vidpipe.workshop", "settle"))
STORYBOARD = Phase("awaiting the storyboard", (1, 0, 0), call="text")
NARRATION = Phase("awaiting a voice", (1, 0, 0), call="speech", spec=SPOKEN, until="narration")
PICTURE = Phase("awaiting a picture", (1, 1, 0), call="image")
SUBMITTING = Phase("submitting a clip", (1, 2, 1), call="video")
POLLING = Phase("polling", (1, 2, 1), call="poll", patient=False)
DOWNLOADING = Phase("downloading", (1, 2, 1), call="download", mode="api-key", patient=False)
CHECKING = Phase("checking a clip", (1, 2, 1), function=("vidpipe.media.worker.process", "Worker.ask"))
COMMITTING = Phase("committing a picture", (1, 1, 0), function=("vidpipe.engine.commit", "archive_old"))
STITCHING = Phase("stitching", (1, 2, 1), function=("vidpipe.media.film", "build_film"))
BURNING = Phase(
    "burning captions",
    (1, 2, 1),
    function=("vidpipe.media.supply", "Supply.pieces"),
    spec=(*SPOKEN, ("captions", "burned")),
)
SIDE_FILES = Phase("writing side files", (1, 2, 1), function=("vidpipe.steps.side_files", "write"))
INDEXING = Phase("writing the index", (1, 2, 1), function=("vidpipe.index.write", "write"))
SUMMING_UP = Phase(
    "summing up", (1, 2, 1), function=("vidpipe.report.jsonout", "of_batch"), settled=False, patient=False
)
PHASES = (
    STARTING,
    READING,
    PLANNING,
    LOCKING,
    PREPARING,
    STORYBOARD,
    PICTURE,
    SUBMITTING,
    POLLING,
    DOWNLOADING,
    CHECKING,
    NARRATION,
    STITCHING,
    BURNING,
    SIDE_FILES,
    INDEXING,
    SUMMING_UP,
)
BOUGHT = (1, 2, 1)
"""Storyboards, pictures and clips that a film of one scene takes."""


@dataclass(slots=True)
class Stopped:
    """A run that stands at its phase."""

    studio: Studio
    phase: Phase
    run: Begun
    gate: Gate

    def go(self) -> None:
        """Let it go on."""
        self.gate.open()
        self.run.go()


def stopped_at(
    studio: Studio, phase: Phase, folder: Path, *arguments: str, inside: Callable[[Line], None] = lambda _line: None
) -> Stopped:
    """Begin to run a film of one scene and return when it stands at a phase."""
    from importlib import import_module

    keys: dict[str, Any] = dict(phase.spec)
    studio.spec(scenes=1, **keys)
    gate = Gate(studio.vendor)
    if phase.call is not None:
        studio.vendor.on(phase.call, gate.deed)
    if phase is POLLING:
        studio.vendor.on("poll", Working(), times=None)

    def prepare(line: Line) -> None:
        line.report_signals()
        if phase.function is not None:
            module, name = phase.function
            owner, _, name = name.rpartition(".")
            line.stop_at(getattr(import_module(module), owner) if owner else import_module(module), name)
        inside(line)

    until = () if phase.until is None else ("--until", phase.until)
    run = begin(folder, "run", "--json", *until, *arguments, inside=prepare)
    if phase.call is None:
        run.expect(b"h")
    else:
        kind: Any = phase.call
        studio.vendor.wait(lambda: studio.vendor.sent(kind) > 0)
    return Stopped(studio, phase, run, gate)
