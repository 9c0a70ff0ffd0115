"""Compute a film's timeline: where every clip, fade, voice and caption lies. Pure; the rules stand in docs/spec.md."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from vidpipe.errors import VidpipeError
from vidpipe.media.captions.cues import columns_of, cues
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME
from vidpipe.media.timeline import Body, Fade, Placed, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidpipe.media.clip import ClipInfo
    from vidpipe.media.edit import Edit, Join
    from vidpipe.media.timeline import Caption, Part

VOICE_MARGIN = FRAME_RATE // 4
"""Frames, a quarter of a second, between a voice and the fades on both sides of it."""
FASTEST = 1.25
"""How much faster than recorded a voice is spoken at most."""


class NarrationTooLongError(VidpipeError):
    """A voice does not fit its scene, even with the picture held and the words spoken faster."""


def timeline(edit: Edit, infos: Sequence[ClipInfo], voice_seconds: Sequence[float | None]) -> Timeline:
    """Place every segment of the edit; `infos` and `voice_seconds` (None: nothing is spoken) are those of its segments.

    A fade is never longer than half of either of its clips, so that no frame is in two fades; one of no frames is a
    cut. A clip gives up its last frame only at a cut, and only if another one is left.
    Raises NarrationTooLongError where a voice does not fit its scene.
    """
    if not edit.segments:
        raise ValueError("a film needs at least one clip")
    lengths = [_shown_frames(edit, place, info) for place, info in enumerate(infos)]
    fades = [_fade_frames(segment.join, *pair) for segment, pair in zip(edit.segments, pairwise(lengths), strict=False)]
    placed: list[Placed] = []
    start = 0
    for segment, length, seconds, head, tail in zip(
        edit.segments, lengths, voice_seconds, [0, *fades], [*fades, 0], strict=True
    ):
        one = Placed(start, length, length, head, tail)
        if edit.audio and seconds:
            one = _spoken(one, seconds, segment.clip.name)
        placed.append(replace(one, captions=_captions(one, segment.caption, columns_of(edit.size))))
        start += one.frames - tail
    return Timeline(tuple(placed), tuple(_parts(edit, placed)))


def _shown_frames(edit: Edit, place: int, info: ClipInfo) -> int:
    segment = edit.segments[place]
    drops = segment.drop_last and segment.join.mode == "cut" and place + 1 < len(edit.segments)
    return max(1, info.film_frames - drops)


def _fade_frames(join: Join, before: int, after: int) -> int:
    return 0 if join.mode == "cut" else min(round(join.seconds * FRAME_RATE), before // 2, after // 2)


def _spoken(placed: Placed, seconds: float, name: str) -> Placed:
    """Make room for a voice: hold the last picture as long as need be, then speak faster, within their bounds."""
    samples = max(1, round(seconds * SAMPLE_RATE))
    around = placed.fade_in + placed.fade_out + 2 * VOICE_MARGIN
    held = max(0, around - (-samples // SAMPLES_PER_FRAME) - placed.frames)
    held = min(held, placed.clip_frames // 2)
    room = (placed.frames + held - around) * SAMPLES_PER_FRAME
    if samples > room * FASTEST:
        raise NarrationTooLongError(
            f"{name}: its narration lasts {seconds:.1f} s, and the scene has room for "
            f"{max(0.0, room * FASTEST / SAMPLE_RATE):.1f} s of it, with its last picture held for "
            f"{held / FRAME_RATE:.1f} s and the voice {FASTEST:g} times as fast; make the narration shorter"
        )
    return replace(
        placed,
        frames=placed.frames + held,
        voice_start=(placed.fade_in + VOICE_MARGIN) * SAMPLES_PER_FRAME,
        voice_samples=min(samples, room),
        voice_tempo=max(1.0, samples / room),
    )


def _captions(placed: Placed, text: str, columns: int) -> tuple[Caption, ...]:
    return cues(text, *caption_window(placed), columns) if text.strip() else ()


def caption_window(placed: Placed) -> tuple[int, int]:
    """Return the frames of the film, the second not included, in which a scene's words are to be read.

    They are those in which a voice speaks; where none does, all that no fade touches. Where fades leave nothing, each
    scene has its half of them.
    """
    start, stop = placed.fade_in, placed.frames - placed.fade_out
    if placed.voice_samples:
        start = placed.voice_start // SAMPLES_PER_FRAME
        stop = start - (-placed.voice_samples // SAMPLES_PER_FRAME)
    elif start == stop:
        start, stop = placed.fade_in // 2, placed.frames - (placed.fade_out + 1) // 2
    return placed.start + start, placed.start + stop


def _parts(edit: Edit, placed: Sequence[Placed]) -> Iterator[Part]:
    for number, (segment, one) in enumerate(zip(edit.segments, placed, strict=True)):
        end = one.frames - one.fade_out
        if end > one.fade_in:
            yield Body(number, one.fade_in, end)
        if one.fade_out:
            yield Fade(number, end, one.fade_out, segment.join.transition)
