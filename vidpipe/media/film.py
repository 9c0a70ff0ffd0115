"""The film step's one entry: clips in, a verified film out. No more than two clips are in memory at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from vidpipe.media.audio import decode_sound
from vidpipe.media.clip import why_not_copied
from vidpipe.media.crossfade import Clip, Fade, Part, make_part, part_sounds, plan_parts
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.join import Piece, join
from vidpipe.media.normalise import normalise
from vidpipe.media.probe import probe
from vidpipe.media.verify import verify_film

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class StoppedError(Exception):
    """Building the film was stopped from outside."""


@dataclass(frozen=True, slots=True)
class Source:
    """One clip of the film; `read` gives the bytes that were hashed, and may be called more than once."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class FilmReport:
    """What was built; `normalised` names each clip that could not be taken as it is, with the reason."""

    frames: int
    seconds: float
    normalised: tuple[tuple[str, str], ...]


def build_film(
    sources: Sequence[Source],
    path: Path,
    *,
    size: tuple[int, int],
    audio: bool,
    mode: Literal["cut", "crossfade"],
    fade_seconds: float = 0.5,
    transition: str = "fade",
    scratch: Path,
    stop: Callable[[], bool] | None = None,
) -> FilmReport:
    """Build the film of `size` (width, height) at `path` and verify it; equal arguments give equal bytes.

    `fade_seconds` and `transition` (one of `transitions.TRANSITIONS`) count in a crossfade only. `scratch` is an
    existing folder for pieces, which the caller removes. `stop` is asked now and then whether to give up.
    Raises BrokenFileError for a clip that is damaged, StoppedError, FilmError where the result is not what was
    planned, and OSError where it cannot be written. What stands at `path` after an error is not a film.
    """
    if not sources:
        raise ValueError("a film needs at least one clip")

    def check() -> None:
        if stop is not None and stop():
            raise StoppedError(path.name)

    clips = [_probed(source, check) for source in sources]
    reasons = [why_not_copied(clip.info, size) for clip in clips]
    parts = _plan(clips, mode, fade_seconds)
    if any(isinstance(part, Fade) for part in parts):
        pieces = _encoded_pieces(clips, parts, size, transition, scratch, check)
    else:
        pieces = _whole_pieces(clips, reasons, size, scratch, check)
    sounds = part_sounds(parts, (decode_sound(clip.read(), clip.info) for clip in clips))
    join(pieces, path, sounds=sounds if audio else None, check=check)
    *joins, frames = accumulate((part.frames for part in parts), initial=0)
    verify_film(path, path.name, size=size, joins=joins, frames=frames, audio=audio)
    normalised = tuple((clip.info.name, why) for clip, why in zip(clips, reasons, strict=True) if why)
    return FilmReport(frames, frames / FRAME_RATE, normalised)


def _probed(source: Source, check: Callable[[], None]) -> Clip:
    check()
    return Clip(probe(source.read(), source.name), source.read)


def _plan(clips: Sequence[Clip], mode: Literal["cut", "crossfade"], fade_seconds: float) -> list[Part]:
    fade = round(fade_seconds * FRAME_RATE) if mode == "crossfade" else 0
    return plan_parts([clip.info.film_frames for clip in clips], fade)


def _whole_pieces(
    clips: Sequence[Clip], reasons: Sequence[str], size: tuple[int, int], scratch: Path, check: Callable[[], None]
) -> list[Piece]:
    """Take every clip as it is, but those for which there is a reason not to: these are encoded anew, alone."""
    pieces = []
    for place, (clip, why) in enumerate(zip(clips, reasons, strict=True)):
        if why:
            path = scratch / f"clip-{place:04}.mp4"
            normalise(clip.read(), clip.info, path, size, check)
            pieces.append(_own_piece(path))
        else:
            pieces.append(Piece(clip.info, clip.read))
    return pieces


def _encoded_pieces(
    clips: Sequence[Clip],
    parts: Sequence[Part],
    size: tuple[int, int],
    transition: str,
    scratch: Path,
    check: Callable[[], None],
) -> list[Piece]:
    pieces = []
    for place, part in enumerate(parts):
        path = scratch / f"part-{place:04}.mp4"
        make_part(part, clips, path, size=size, transition=transition, check=check)
        pieces.append(_own_piece(path))
    return pieces


def _own_piece(path: Path) -> Piece:
    return Piece(probe(path, path.name), lambda: path)
