"""What the commands for a person's hand on single targets share: which targets are meant, and the job's open books."""

from __future__ import annotations

from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vidpipe.batch import run_batch
from vidpipe.engine.judge import State
from vidpipe.engine.store import Store
from vidpipe.errors import UsageError, VidpipeError
from vidpipe.lock import hold
from vidpipe.options import RunOptions
from vidpipe.place import shown_path
from vidpipe.words import did_you_mean
from vidpipe.workshop import check_directory, layout_of, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vidpipe.engine.order import Outcome
    from vidpipe.spec.load import Loaded


def matching(loaded: Loaded, patterns: Sequence[str], *, draft: bool = False) -> list[Outcome]:
    """Return the targets that names or globs mean, as a plan judges them.

    Raises UsageError where a pattern matches none, VidpipeError where the job cannot be planned.
    """
    result = run_batch([loaded], RunOptions(dry=True, draft=draft)).jobs[0]
    if not result.targets:
        raise VidpipeError("\n".join(result.messages) or f"{result.name}: the job cannot be planned")
    known = [outcome for outcome in result.targets if outcome.state is not State.ORPHAN]
    for pattern in patterns:
        if not any(fnmatchcase(outcome.name, pattern) for outcome in known):
            hint = did_you_mean(pattern, [outcome.name for outcome in known])
            raise UsageError(f"{result.name}: no target matches {pattern!r} (`vidpipe status` lists them){hint}")
    return [outcome for outcome in known if any(fnmatchcase(outcome.name, pattern) for pattern in patterns)]


@contextmanager
def books(loaded: Loaded, say: Callable[[str], None], *, draft: bool = False) -> Iterator[Store]:
    """Hold a job's lock, settle what was pending, and yield its books. Raises BusyError or UsageError."""
    layout = layout_of(loaded, RunOptions(draft=draft))
    check_directory(loaded, layout)
    if not layout.private.is_dir():
        raise UsageError(f"{shown_path(layout.root)}: nothing has been made there yet; `vidpipe run` makes it")
    with hold(layout):
        prepare(loaded, layout, say)
        yield Store(layout)
