"""Which targets a storyboard makes, by name, and how to ask for each of them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.engine.once import every
from vidpipe.engine.order import NotMadeError, RefusedTargetError
from vidpipe.errors import UsageError
from vidpipe.steps.clip import clip, shot
from vidpipe.steps.film import Finished, film, finished
from vidpipe.steps.keyframe import closing_frame, opening_frame
from vidpipe.steps.narration import narration, narration_file, words_spoken
from vidpipe.steps.storyboard import Board, storyboard, storyboard_file
from vidpipe.words import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from vidpipe.job import Job

UNTIL = ("storyboard", "narration", "keyframes", "clips")


def askers(job: Job, board: Board) -> dict[str, Callable[[], Awaitable[object]]]:
    """Return every target of a job, in the order of the film, with the call that asks for it."""
    found: dict[str, Callable[[], Awaitable[object]]] = {storyboard_file.name(): partial(storyboard_file, job)}
    for scene in range(board.count):
        if words_spoken(job, board, scene) != "":
            found[narration_file.name(scene)] = partial(narration, job, scene)
    for scene in range(board.count):
        if board.cuts(scene):
            found[opening_frame.name(scene)] = partial(opening_frame, job, scene)
        found[closing_frame.name(scene)] = partial(closing_frame, job, scene)
    for scene in range(board.count):
        found[clip.name(scene)] = partial(clip, job, scene)
    found[film.name()] = partial(film, job)
    return found


async def make_wanted(job: Job, patterns: Sequence[str], until: str | None) -> Finished | None:
    """Make what is wanted: the film, everything up to a step, or the targets that match. Returns the film if made.

    What could not be made is in the job's outcomes. Raises UsageError where a pattern matches no target.
    """
    try:
        if patterns:
            await every(*await _matching(job, patterns))
        elif until is not None:
            await _make_until(job, until)
        else:
            return await finished(job)
    except (NotMadeError, RefusedTargetError):
        pass
    return None


async def _make_until(job: Job, until: str) -> None:
    if until == "storyboard":
        await storyboard_file(job)
        return
    board = await storyboard(job)
    scenes = range(board.count)
    if until == "narration":
        await every(*(narration(job, scene) for scene in scenes))
        return
    if until == "clips":
        await every(*(shot(job, scene) for scene in scenes), *(narration(job, scene) for scene in scenes))
        return
    frames = [call() for name, call in askers(job, board).items() if name.startswith("keyframes/")]
    await every(*(_unless_refused(frame) for frame in frames))


async def _unless_refused(frame: Awaitable[object]) -> None:
    """Await a frame whose refusal the scene can do without: it then holds the picture it starts on."""
    try:
        await frame
    except RefusedTargetError:
        return


async def _matching(job: Job, patterns: Sequence[str]) -> list[Awaitable[object]]:
    if all(pattern == storyboard_file.name() for pattern in patterns):
        return [storyboard_file(job)]
    calls = askers(job, await storyboard(job))
    chosen = {name: call for name, call in calls.items() if any(fnmatchcase(name, pattern) for pattern in patterns)}
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in calls):
            hint = did_you_mean(pattern, list(calls))
            raise UsageError(f"{job.spec.name}: no target matches {pattern!r} (`vidpipe status` lists them){hint}")
    return [call() for call in chosen.values()]
