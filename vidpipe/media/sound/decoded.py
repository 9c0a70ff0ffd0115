"""The sound of a clip, fitted to its frames: decoded, 48 kHz stereo, exactly as long as its pictures in the film."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FETCH_AGAIN, Limits, open_mp4
from vidpipe.media.sound.cells import is_sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

    from vidpipe.media.sound.track import Track

_GAP = Fraction(1, 50)
"""Seconds that sound may stray from where the last of it ended before that counts as a gap (or an overlap)."""


def decode_track(source: Path | bytes, track: Track, limits: Limits = CLIP_LIMITS) -> NDArray[np.float32]:
    """Return a clip's sound as float32 (2, `track.samples`), silence where it has none.

    Sound before the first frame is dropped, and so is what outlasts the last; gaps in its time stamps stay gaps.
    Raises BrokenFileError where it cannot be decoded.
    """
    samples = np.zeros((2, track.samples), np.float32)
    if track.stream is None:
        return samples
    for place, part in _placed(_frames(source, track, limits), track.start):
        if not is_sound(part):
            raise BrokenFileError(f"{track.name}: its sound is damaged: samples that are none; {FETCH_AGAIN}")
        first, last = max(0, place), min(track.samples, place + part.shape[1])
        if first < last:
            samples[:, first:last] = part[:, first - place : last - place]
    return samples


def _frames(source: Path | bytes, track: Track, limits: Limits) -> Iterator[AudioFrame]:
    assert track.stream is not None
    time, end = track.start, track.start + track.seconds
    with open_mp4(source, track.name, limits) as (container, _):
        try:
            for frame in container.decode(cast("AudioStream", container.streams[track.stream])):
                if frame.pts is None or frame.time_base is None:
                    raise BrokenFileError(f"{track.name}: its sound has no times; convert the clip anew")
                time = frame.pts * frame.time_base
                if time >= end:
                    return
                yield frame
                time += Fraction(frame.samples, frame.sample_rate)
        except av.FFmpegError as error:
            seconds = max(0.0, float(time - track.start))
            raise BrokenFileError(f"{track.name}: its sound is damaged at {seconds:.1f} s; {FETCH_AGAIN}") from error


def _placed(frames: Iterable[AudioFrame], origin: Fraction) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the sound resampled, each part with its place in samples after `origin` (seconds; may be negative)."""
    resampler, form, due, place = None, None, Fraction(0), 0
    for frame in frames:
        time = (frame.pts or 0) * (frame.time_base or Fraction(1))
        this_form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or this_form != form or abs(time - due) > _GAP:
            for part in _resampled(resampler, None):
                yield place, part
                place += part.shape[1]
            resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
            form, due, place = this_form, time, round((time - origin) * SAMPLE_RATE)
        for part in _resampled(resampler, frame):
            yield place, part
            place += part.shape[1]
        due += Fraction(frame.samples, frame.sample_rate)
    for part in _resampled(resampler, None):
        yield place, part
        place += part.shape[1]


def _resampled(resampler: av.AudioResampler | None, frame: AudioFrame | None) -> list[NDArray[np.float32]]:
    if resampler is None:
        return []
    return [cast("NDArray[np.float32]", part.to_ndarray()) for part in resampler.resample(frame)]
