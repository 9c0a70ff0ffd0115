"""Pull the plug: record a run, and finish it from what a disk may hold after a power loss at any of its moments."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, cast

from tests.crash.aftermath import problems
from tests.crash.crashing import Vendor
from tests.crash.disk import Recorder
from tests.crash.images import Trace
from tests.crash.stages import in_child
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tests.crash.images import Image, Moment
    from tests.crash.stages import Stage


def record(stage: Stage, place: Path, without: Collection[str] = ()) -> Trace:
    """Do the run of a stage in a process of its own, and return its moments; syncs that are `without` do nothing."""
    project = stage.open(place, stage.prepared, stage.books)

    def act() -> Trace:
        assert isinstance(project.server, Vendor)
        recorder = Recorder(project.root, project.server, without)
        recorder.install()
        ran = project.run()
        assert ran.exit is Exit.DONE, ran.said
        return Trace(recorder.moments, (project.server.accepted, project.server.operations))

    trace = cast("Trace", in_child(act))
    shutil.rmtree(place)
    return trace


def after(stage: Stage, trace: Trace, moment: Moment, image: Image, place: Path) -> list[str]:
    """Return what is wrong after a power loss at a moment, which left an image."""
    project = stage.open(place, image, trace.books_at(moment))
    found = problems(stage, project)
    shutil.rmtree(place)
    return [f"power lost before {moment.operation}: {problem}" for problem in found]
