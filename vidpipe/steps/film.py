"""The film step: clips and stills, in the storyboard's order, become one file that is proved before it counts."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.once import every
from vidpipe.engine.order import Making, NotMadeError, Order, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.target import target
from vidpipe.errors import Exit
from vidpipe.files import make_directory, temporary
from vidpipe.media.frame import frame_size
from vidpipe.steps.clip import Shot, shot
from vidpipe.steps.kinds import FILM
from vidpipe.steps.storyboard import storyboard

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft, Input, Made
    from vidpipe.job import Job

RECIPE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Finished:
    """The film with the shots that it is made of."""

    film: Made
    shots: tuple[Shot, ...]

    @property
    def complete(self) -> bool:
        """Whether every scene is there as a clip."""
        return all(part.kind == "clip" for part in self.shots)


async def finished(job: Job) -> Finished:
    """Return the film and its shots."""
    made = await film(job)
    return Finished(made, await job.once.ask("the shots", lambda: _shots(job)))


async def _shots(job: Job) -> tuple[Shot, ...]:
    board = await storyboard(job)
    return tuple(await every(*(shot(job, scene) for scene in range(board.count))))


@target("film.mp4")
async def film(job: Job) -> Made:
    """Stitch the film from its shots."""
    try:
        shots = await job.once.ask("the shots", lambda: _shots(job))
    except RefusedTargetError as error:
        said = f"{error.target} was refused, and on_refused says that the job then fails"
        raise NotMadeError(film.name(), said, Exit.FAILED) from error
    shown = [part for part in shots if part.made is not None]
    if not shown:
        raise NotMadeError(film.name(), "every scene was refused: there is nothing to show", Exit.FAILED)
    spec = job.spec
    stitch: dict[str, Json] = {"stitch": spec.stitch.mode}
    if spec.stitch.mode == "crossfade":
        stitch |= {"stitch seconds": spec.stitch.seconds, "stitch transition": spec.stitch.transition}
    inputs = tuple(part.made.as_input(f"{part.kind} {part.scene}") for part in shown if part.made is not None)

    async def recipe(draft: Draft) -> Making:
        scratch = temporary(draft.scratch, "film")
        # After a Ctrl-C it soon gives up by itself; until then the lock has to be held, for it writes into the job.
        return await to_the_end(asyncio.to_thread(_stitch, job, draft.path, inputs, scratch), keep=True)

    return await job.make(
        Order(
            name=film.name(),
            kind=FILM,
            user=stitch
            | {"aspect_ratio": spec.aspect_ratio, "resolution": spec.resolution, "audio": spec.audio}
            | {f"gap {part.scene}": part.kind for part in shots if part.kind == "skip"},
            own={"recipe_version": RECIPE_VERSION},
            inputs=inputs,
            recipe=recipe,
        )
    )


def _stitch(job: Job, path: Path, inputs: tuple[Input, ...], scratch: Path) -> Making:
    from vidpipe.media.film import Source, build_film

    spec = job.spec
    make_directory(scratch)
    try:
        report = build_film(
            [Source(part.name, part.read) for part in inputs],
            path,
            size=frame_size(spec.aspect_ratio, spec.resolution),
            audio=spec.audio,
            mode=spec.stitch.mode,
            fade_seconds=spec.stitch.seconds,
            transition=spec.stitch.transition,
            scratch=scratch,
            stop=lambda: job.stopping in {Exit.INTERRUPTED, Exit.TERMINATED},
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    normalised = dict(report.normalised)
    for name, why in normalised.items():
        job.say(f"{name} could not be copied into the film and was encoded anew: {why}")
    return Making({"frames": report.frames, "seconds": report.seconds, "normalised": normalised})
