"""Pull the plug: record a run, and finish it from what a disk may hold after a power loss at any of its moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.crash.aftermath import problems
from tests.crash.child import in_child
from tests.crash.disk import Recorder
from tests.crash.images import Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tests.crash.images import Image, Moment
    from tests.crash.stage import Stage
    from tests.crash.steady import Books


_known: dict[tuple[str, str], Trace] = {}
"""Undisturbed runs, for the tests of this process that come later."""


def record(stage: Stage, without: Collection[str] = ()) -> Trace:
    """Do the run of a stage in a process of its own, and return its moments; syncs that are `without` do nothing."""
    key = (stage.studio.mode, stage.what)
    if key in _known and not without and not stage.anew:
        return _known[key]
    stage.reset()
    trace = _recorded(stage, lambda: Recorder(stage.root, lambda: stage.vendor.taken, without))
    if not without and not stage.anew:
        _known[key] = trace
    return trace


def record_after(stage: Stage, killed: Moment, books: Books, without: Collection[str] = ()) -> Trace:
    """Do the run that follows one which was killed at a moment; return its moments, before which power may be lost."""
    stage.open(killed.kept(), books)
    return _recorded(stage, lambda: Recorder(stage.root, lambda: stage.vendor.taken, without, since=killed))


def _recorded(stage: Stage, begin: Callable[[], Recorder]) -> Trace:
    def act() -> list[Moment]:
        recorder = begin()
        recorder.install()
        said = stage.studio("run", "--json")
        if said.code:
            assert said.code == 3, said.out + said.err  # what the killed run sent is lost, and somebody is asked
            said = stage.studio("run", "--json", "--on-lost", "resubmit")
        assert said.code == 0, said.out + said.err
        return recorder.moments

    moments: Any = in_child(act)
    stage.settle()
    return Trace(moments, stage.vendor.books)


def after(stage: Stage, trace: Trace, moment: Moment, image: Image) -> list[str]:
    """Return what is wrong after a power loss at a moment, which left an image."""
    stage.open(image, trace.books_at(moment))
    return [f"{stage.studio.mode}, power lost before {moment.operation}: {told}" for told in problems(stage)]
