"""The film step: clips and stills, in the storyboard's order, become one file that is proved before it counts."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.once import every
from vidpipe.engine.order import InputChangedError, Making, NotMadeError, Order, RefusedTargetError
from vidpipe.engine.patience import to_the_end
from vidpipe.engine.target import target
from vidpipe.errors import Exit
from vidpipe.files import anchored, make_directory, refuse_detour, temporary
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.placing import caption_window
from vidpipe.steps.clip import Shot, shot
from vidpipe.steps.edit import edit_of, edit_parts, music_of, shown_scenes, words_of
from vidpipe.steps.kinds import FILM
from vidpipe.steps.narration import Voice, voice
from vidpipe.steps.storyboard import storyboard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Draft, Input, Made
    from vidpipe.job import Job
    from vidpipe.media.edit import Edit
    from vidpipe.media.film import FilmReport

RECIPE_VERSION = 4
NOTICEABLE = 0.2
"""Seconds by which a clip may be longer or shorter than it was to be without a word."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The film with the shots that it is made of, what is said over them, and what is to be read, by scene."""

    film: Made
    shots: tuple[Shot, ...]
    voices: tuple[Voice, ...]
    words: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every scene is there as a clip, and no voice was refused."""
        return all(part.kind == "clip" for part in self.shots) and not any(each.refused for each in self.voices)


async def finished(job: Job) -> Finished:
    """Return the film, its shots and their voices."""
    made = await film(job)
    board = await storyboard(job)
    words = tuple(words_of(board, scene) for scene in range(board.count))
    return Finished(made, await _all_shots(job), await _voices(job), words)


async def _all_shots(job: Job) -> tuple[Shot, ...]:
    return await job.once.ask("the shots", lambda: _shots(job))


async def _shots(job: Job) -> tuple[Shot, ...]:
    board = await storyboard(job)
    return tuple(await every(*(shot(job, scene) for scene in range(board.count))))


async def _voices(job: Job) -> tuple[Voice, ...]:
    board = await storyboard(job)
    return tuple(await every(*(voice(job, scene) for scene in range(board.count))))


@target("film.mp4")
async def film(job: Job) -> Made:
    """Stitch the film from its shots."""
    try:
        await every(_all_shots(job), _voices(job))
        shots, voices = await _all_shots(job), await _voices(job)
    except RefusedTargetError as error:
        said = f"{error.target} was refused, and on_refused says that the job then fails"
        raise NotMadeError(film.name(), said, Exit.FAILED) from error
    shown = shown_scenes(job, await storyboard(job), shots, {each.scene: each for each in voices})
    if not shown:
        raise NotMadeError(film.name(), "every scene was refused: there is nothing to show", Exit.FAILED)
    user, own = edit_parts(job, shown)
    music = await _music(job)
    inputs = [part for each in shown for part in each.inputs]

    async def recipe(draft: Draft) -> Making:
        # After a Ctrl-C it soon gives up by itself; until then the lock has to be held, for it writes into the job.
        return await to_the_end(asyncio.to_thread(_stitch, job, draft, edit_of(job, shown, music)), keep=True)

    return await job.make(
        Order(
            name=film.name(),
            kind=FILM,
            user=user | {f"gap {part.scene}": part.kind for part in shots if part.kind == "skip"},
            own=own | {"recipe_version": RECIPE_VERSION},
            inputs=(*inputs, music) if music is not None else tuple(inputs),
            recipe=recipe,
        )
    )


async def _music(job: Job) -> Input | None:
    try:
        return await asyncio.to_thread(music_of, job)
    except OSError as error:
        said = f"the music {job.loaded.music} cannot be read: {error.strerror}; restore it or name another file"
        raise NotMadeError(film.name(), said, Exit.FAILED) from error


def _stitch(job: Job, draft: Draft, edit: Edit) -> Making:
    from vidpipe.media.film import build_film
    from vidpipe.media.worker.shared import shared_workers

    layout = job.store.layout
    scratch = temporary(draft.scratch, "film")
    refuse_detour(draft.scratch)
    make_directory(scratch)
    try:
        report = build_film(
            edit,
            draft.path,
            cache=anchored(layout.cache, layout.root),
            scratch=scratch,
            workers=shared_workers(),
            stop=lambda: job.stopping in {Exit.INTERRUPTED, Exit.TERMINATED},
        )
    except SourceChangedError as error:
        raise InputChangedError(error.name) from error
    finally:
        with suppress(OSError):
            refuse_detour(scratch)
            shutil.rmtree(scratch, ignore_errors=True)
    for message in (*_told(report), *_lengths(report, edit, job.spec.seconds)):
        job.say(message)
    return Making(_provenance(report))


def _told(report: FilmReport) -> Iterator[str]:
    """Say what was done to clips so that they fit the film."""
    for name, why in report.normalised:
        yield f"{name} could not be copied into the film and was encoded anew: {why}"
    for name in report.dropped:
        yield f"{name} was encoded anew without its last frame, which the next clip shows again (drop_shared_frame)"
    for name in report.unlike:
        yield f"{name} keeps its last frame, for the next clip begins with another picture (drop_shared_frame)"
    for name, seconds in report.held:
        yield f"{name} stands {seconds:.1f} s longer on its last picture, because its narration is longer"
    for name, tempo in report.hurried:
        yield f"{name}: its narration is spoken {tempo:.2f} times as fast, so that it fits"
    yield from report.told


def _lengths(report: FilmReport, edit: Edit, wanted: float) -> Iterator[str]:
    """Name the clips that are noticeably longer or shorter than the scenes were to be."""
    for segment, placed in zip(edit.segments, report.timeline.segments, strict=True):
        seconds = placed.clip_frames / FRAME_RATE
        if abs(seconds - wanted) >= NOTICEABLE:
            yield f"{segment.clip.name} lasts {seconds:.1f} s, and the spec asks for {wanted:g}"


def _provenance(report: FilmReport) -> dict[str, Json]:
    """Return what the record tells of the film.

    `windows` are the frames, [first, last + 1], in which the words of each scene that it shows are to be read.
    """
    told: dict[str, Json] = {
        "windows": [list(caption_window(placed)) for placed in report.timeline.segments],
        "dropped": list(report.dropped),
        "unlike": list(report.unlike),
        "held": dict(report.held),
        "hurried": dict(report.hurried),
        "loudness": report.loudness,
        "shortfalls": list(report.told),
    }
    whole: dict[str, Json] = {
        "frames": report.frames,
        "seconds": report.seconds,
        "normalised": dict(report.normalised),
    }
    return whole | {name: value for name, value in told.items() if value}
