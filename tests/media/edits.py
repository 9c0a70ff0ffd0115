"""Edits for the tests of films: sources of real files, and clips that are nothing but a length."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from tests.media.clips import Kind, SoundKind, make_clip
from tests.media.here import Here
from vidpipe.media.clip import ClipInfo, Colour
from vidpipe.media.edit import CUT, Edit, Join, Segment, Source
from vidpipe.media.film import FilmReport, build_film
from vidpipe.media.wav import wav

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from vidpipe.media.supply import Calls

SIZE = (128, 72)
WILD = (
    Kind(size=SIZE, frames=24),
    Kind(size=SIZE, frames=20, sound=None, options={"crf": "40"}, seed=1),
    Kind(size=(98, 60), rate=30, frames=30, sound=SoundKind(rate=44_100, layout="mono"), seed=2),
    Kind(size=SIZE, frames=24, sound_first=True, timescale=24, seed=3),
    Kind(size=(72, 128), codec="mpeg4", frames=18, sound=SoundKind(seconds=2.0), seed=4),
    Kind(size=SIZE, frames=13, movflags="frag_keyframe+empty_moov", seed=5),
)
"""Clips of many makers: two of them have to be normalised, the others fit as they are."""
WILD_FRAMES = [24, 20, 24, 24, 18, 13]
"""How many frames each is in a film."""


def source(path: Path) -> Source:
    """Return a file as it is now."""
    return Source(path.name, path, hashlib.sha256(path.read_bytes()).hexdigest())


def info(frames: int, name: str = "clip.mp4") -> ClipInfo:
    """Return what is known of a clip that a film of `SIZE` takes as it is, without a file behind it."""
    return ClipInfo(
        name=name,
        stream=0,
        codec="h264",
        profile="High",
        width=SIZE[0],
        height=SIZE[1],
        pixel_format="yuv420p",
        pixel_aspect=Fraction(1),
        rotation=0,
        mirrored=False,
        interlaced=False,
        colour=Colour(1, 1, 1, 1),
        parameter_sets=bytes([1, 100, 0, 31, 255, 225, 0, 1, 103, 1, 0, 1, 104]),
        time_base=Fraction(1, 24),
        start=0,
        frames=frames,
        step=Fraction(1, 24),
        seconds=Fraction(frames, 24),
        delay=2,
        edited=False,
        opens_clean=True,
        changes_sets=False,
        sound=None,
    )


def fade(seconds: float = 0.25, transition: str = "fade") -> Join:
    """Return a crossfade."""
    return Join("crossfade", seconds, transition)


def plain(count: int, frames: int = 24) -> list[Kind]:
    """Return clips without sound that a film takes as they are."""
    return [Kind(size=SIZE, frames=frames, sound=None, seed=seed) for seed in range(count)]


class Cutting:
    """Cuts films of tiny clips in one folder, with one cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.film = folder / "film.mp4"
        self.cache = folder / "cache"
        self.workers = Here()

    def clips(self, *kinds: Kind) -> list[Source]:
        """Make clips, as scene-0.mp4 and so on."""
        return [source(make_clip(self.folder / f"scene-{place}.mp4", kind)) for place, kind in enumerate(kinds)]

    def edit(self, clips: Sequence[Source], joins: Sequence[Join] = (), *, audio: bool = False) -> Edit:
        """Return the edit of whole clips; what no join is given for is cut."""
        all_joins = [*joins, *[CUT] * (len(clips) - len(joins))]
        segments = tuple(Segment(clip, join) for clip, join in zip(clips, all_joins, strict=True))
        return Edit(segments, SIZE, audio)

    def __call__(
        self, edit: Edit, workers: Calls | None = None, stop: Callable[[], bool] = lambda: False
    ) -> FilmReport:
        """Build film.mp4."""
        scratch = self.folder / "scratch"
        scratch.mkdir(exist_ok=True)
        return build_film(
            edit, self.film, cache=self.cache, scratch=scratch, workers=workers or self.workers, stop=stop
        )


def spoken(cutting: Cutting, edit: Edit, seconds: float) -> Edit:
    """Let a tone of so many seconds be spoken over the first scene."""
    tone = [round(8000 * math.sin(place / 20)) for place in range(round(seconds * 48_000))]
    path = cutting.folder / "scene-000.wav"
    path.write_bytes(wav(np.array(tone, "<i2").tobytes(), 48_000))
    return replace(edit, segments=(replace(edit.segments[0], voice=source(path)), *edit.segments[1:]))
