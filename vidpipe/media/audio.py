"""The sound of a clip, fitted to its frames: decoded, 48 kHz stereo, exactly as long as its pictures in the film.

Sound joined as AAC packets drifts by 30 ms a clip, because every AAC stream is padded at both ends. A film's sound is
therefore always decoded, fitted here, and encoded once.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, Limits, open_mp4

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from vidpipe.media.clip import ClipInfo

_GAP = Fraction(1, 50)
"""Seconds that sound may stray from where the last of it ended before that counts as a gap (or an overlap)."""


def decode_sound(source: Path | bytes, info: ClipInfo, limits: Limits = CLIP_LIMITS) -> NDArray[np.float32]:
    """Return the clip's sound as float32 (2, `info.film_samples`), silence where the clip has none.

    Sound before the first frame is dropped, and so is what outlasts the last; gaps in its time stamps stay gaps.
    Raises BrokenFileError where it cannot be decoded.
    """
    samples = np.zeros((2, info.film_samples), np.float32)
    if info.sound is None:
        return samples
    for place, part in _placed(_frames(source, info, limits), info.start * info.time_base):
        first, last = max(0, place), min(info.film_samples, place + part.shape[1])
        if first < last:
            samples[:, first:last] = part[:, first - place : last - place]
    return samples


def _frames(source: Path | bytes, info: ClipInfo, limits: Limits) -> Iterator[AudioFrame]:
    assert info.sound is not None
    end = info.start * info.time_base + info.seconds
    with open_mp4(source, info.name, limits) as (container, _):
        for frame in container.decode(cast("AudioStream", container.streams[info.sound.stream])):
            if frame.pts is None or frame.time_base is None:
                raise BrokenFileError(f"{info.name}: its sound has no times; convert the clip anew")
            if frame.pts * frame.time_base >= end:
                return
            yield frame


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


class SoundTrack:
    """The AAC track of a film that is being written, encoded as one stream from the first clip to the last."""

    def __init__(self, container: OutputContainer) -> None:
        options = {"aac_coder": "fast", "b": "192k", "flags": "+bitexact"}
        self._container = container
        self._stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options=options)
        self._stream.codec_context.time_base = Fraction(1, SAMPLE_RATE)
        self._samples = 0

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append float32 (2, n) at 48 kHz, full scale 1.0."""
        if samples.shape[1] == 0:
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self._samples
        frame.time_base = Fraction(1, SAMPLE_RATE)
        self._container.mux(self._stream.encode(frame))
        self._samples += samples.shape[1]

    def finish(self) -> None:
        """Write what the encoder still holds; call it once, before the container is closed."""
        self._container.mux(self._stream.encode(None))
