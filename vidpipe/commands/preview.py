"""`vidpipe preview`: an animatic of the film as it stands, in one file, for nothing.

It is made like a draft, in a directory of its own below `runs/.preview`, from copies of what the job has: the
storyboard, keyframes, narration, and the clips that a run would not make anew. The animatic provider draws the rest.
The job itself is only read, also while a run works on it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vidpipe.batch import run_batch
from vidpipe.commands.preview_copies import place_copies
from vidpipe.commands.preview_events import as_preview, called
from vidpipe.commands.preview_place import Place
from vidpipe.commands.status import jobs_of
from vidpipe.engine.judge import Action, State
from vidpipe.engine.layout import Layout
from vidpipe.engine.links import check_tree
from vidpipe.engine.store import Store
from vidpipe.errors import BrokenFileError, Exit, UsageError, VidpipeError
from vidpipe.events import JobEnded
from vidpipe.lock import hold
from vidpipe.options import RunOptions
from vidpipe.place import refusal_of_disk
from vidpipe.results import BatchResult, JobResult, JobState
from vidpipe.spec.load import as_draft
from vidpipe.steps.kinds import STORYBOARD, kind_of
from vidpipe.workshop import DRAFT, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from vidpipe.engine.order import Outcome
    from vidpipe.events import Sink
    from vidpipe.spec.load import Loaded

FOLDER = ".preview"
ENDING = ".preview.mp4"
FILM = "film.mp4"
NOTES = ".placed"
STAND_IN = "-still.mp4"
COPIED_CLIPS = frozenset({Action.NONE, Action.ADOPTED})
"""What a run would do with a clip that a preview shows: one that is to be made anew is no part of the film any more."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One preview: how making it went, the file (None where it failed), and what of the job it shows.

    `conflicts` are those of the `real` ones over which a run would stop: a hand made them for something else.
    """

    result: JobResult
    film: Path | None
    real: tuple[str, ...]
    drawn: tuple[str, ...]
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shown:
    """The files of a job that its preview shows, by target, and which of them are in conflict."""

    files: Mapping[str, Path]
    conflicts: frozenset[str]


def preview(
    arguments: Sequence[str],
    *,
    directory: Path | None = None,
    watch: Callable[[Sequence[str]], AbstractContextManager[Sink]],
) -> list[Preview]:
    """Make the preview of every job that specs, folders, job directories or names stand for (none: `specs/`).

    Raises SpecError or UsageError before anything is done (a link is in the way, say), DecisionError where a preview's
    place is taken. What stops one preview after that is in its result: a damaged storyboard, or another preview of the
    job that is being made.
    """
    found = []
    for loaded, is_draft in jobs_of(arguments, directory, draft=False):
        if is_draft:
            raise UsageError(
                f"{loaded.spec.name}{DRAFT} is an animatic itself; watch it, or preview {loaded.spec.name}"
            )
        with suppress(OSError):  # what cannot be read is one job's own affair, and comes up again
            _check(loaded)
        found.append(loaded)
    with watch([called(loaded.spec.name) for loaded in found]) as report:
        made: list[Preview] = []
        for loaded in found:
            made.append(_attempted(loaded, report))
            if made[-1].result.exit_code in {Exit.INTERRUPTED, Exit.TERMINATED}:
                break
        return made


def _attempted(loaded: Loaded, report: Sink) -> Preview:
    """Make one preview; what stops it is its result, and the others go on."""
    try:
        return _preview(loaded, report)
    except VidpipeError as error:
        return _failed(loaded, str(error), error.exit_code, report)
    except OSError as error:
        return _failed(loaded, refusal_of_disk(error, folder_of(loaded)), Exit.FAILED, report)


def _failed(loaded: Loaded, message: str, code: Exit, report: Sink) -> Preview:
    states = {Exit.DECISION: JobState.BLOCKED, Exit.BUSY: JobState.BUSY}
    told = Exit.FAILED if code is Exit.USAGE else code  # other previews may have been made by now
    state = states.get(told, JobState.FAILED)
    name = loaded.spec.name
    result = JobResult(name, loaded.path, folder_of(loaded), state, told, messages=(message,))
    report(JobEnded(called(name), result))
    return Preview(result, None, (), ())


def _preview(loaded: Loaded, report: Sink) -> Preview:
    shown = _shown(loaded)
    stand_in = as_draft(replace(loaded, settings=replace(loaded.settings, directory=folder_of(loaded).parent)))
    layout = layout_of(stand_in, RunOptions())
    _check(loaded)  # once more: looking at the job took its time
    with hold(layout):
        place_copies(shown.files, Store(layout))
    batch = run_batch([stand_in], RunOptions(), as_preview(report, shown.files))
    result = replace(batch.jobs[0], exit_code=batch.exit_code)  # which tells the signals apart that end a run
    film = _place(loaded).publish(layout.scratch) if result.film is not None else None
    wanted = [outcome.name for outcome in result.targets if outcome.state is not State.ORPHAN]
    drawn = tuple(name for name in wanted if name not in shown.files and name != FILM)
    real = tuple(name for name in wanted if name in shown.files)
    return Preview(result, film, real, drawn, tuple(name for name in real if name in shown.conflicts))


def folder_of(loaded: Loaded) -> Path:
    """Return where a job's preview is made; disposable."""
    return loaded.settings.directory / FOLDER / loaded.spec.name


def film_of(loaded: Loaded) -> Path:
    """Return the one file that a preview comes to, beside the job directory."""
    return loaded.settings.directory / f"{loaded.spec.name}{ENDING}"


def _place(loaded: Loaded) -> Place:
    """Return the place of a job's preview."""
    folder = folder_of(loaded)
    return Place(film_of(loaded), folder / FILM, folder.parent / NOTES / f"{loaded.spec.name}.json")


def _check(loaded: Loaded) -> None:
    """Raise UsageError where a preview would be made through a link, DecisionError where its place is taken."""
    _place(loaded).check()
    check_tree(Layout(folder_of(loaded)), folder_of(loaded))


def _shown(loaded: Loaded) -> _Shown:
    """Return the files of the job that its preview shows. Raises VidpipeError for a damaged storyboard.

    Keyframes are shown as they lie there, even where a run would make them anew; other damage is drawn over.
    """
    result = run_batch([loaded], RunOptions(dry=True)).jobs[0]
    board = next((outcome for outcome in result.targets if outcome.name == "storyboard.json"), None)
    if board is None or board.state is State.BROKEN:
        reasons = board.reasons if board is not None else result.messages
        raise VidpipeError("; ".join(reasons) or f"{loaded.spec.name}: nothing can be told of its storyboard")
    layout = layout_of(loaded, RunOptions())
    files = {outcome.name: layout.target(outcome.name) for outcome in result.targets if _is_shown(outcome)}
    contested = frozenset(outcome.name for outcome in result.targets if outcome.state is State.CONFLICT)
    whole = {name: path for name, path in files.items() if path.is_file() and _is_whole(name, path)}
    return _Shown(whole, contested)


def _is_shown(outcome: Outcome) -> bool:
    if outcome.state in {State.ORPHAN, State.BROKEN} or outcome.name.endswith((FILM, STAND_IN)):
        return False
    is_kept = outcome.action in COPIED_CLIPS or outcome.state is State.CONFLICT
    return not outcome.name.startswith("clips/") or is_kept


def _is_whole(name: str, path: Path) -> bool:
    try:
        kind_of(name).check(path)
    except (BrokenFileError, OSError):
        return kind_of(name) is STORYBOARD  # let its own message come up
    return True


def exit_code_of(found: Sequence[Preview]) -> int:
    """Return the exit code that counts."""
    return int(BatchResult(tuple(one.result for one in found)).exit_code)
