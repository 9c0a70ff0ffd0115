"""Sound files of unknown origin, voices and music: opened as what their first bytes say, and nothing else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

import av

from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.sound.cells import is_sound
from vidpipe.media.sound.kind import FORMATS, HEAD, sound_format
from vidpipe.media.wav import NO_SOUND

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from numpy.typing import NDArray

_CODECS = frozenset({"mp3", "mp3float", "aac", "alac", "flac", "vorbis", "opus"})
_RATES = range(4_000, 768_001)
_MOST_BAD = 3
"""Tags and cut-off ends look like damaged packets; more of them are damage."""


def recorded(data: bytes, name: str, most: int) -> Iterator[NDArray[np.float32]]:
    """Yield the first `most` samples of a sound file as float32 (2, n) at 48 kHz, block by block.

    Raises BrokenFileError where it is no sound file of a known kind, or damaged.
    """
    kind = sound_format(data[:HEAD])
    if kind is None:
        raise BrokenFileError(f"{name}: this is no {FORMATS} file; convert it to one of these")
    try:
        # A file object, never a path: FFmpeg could not open a second file if it was told of one.
        with av.open(io.BytesIO(data), "r", format=kind, metadata_errors="replace") as container:
            yield from _cut(_resampled(_frames(container, name), name), most)
    except (av.FFmpegError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BrokenFileError(f"{name}: the sound file is damaged: {why}; convert it anew") from error


def _frames(container: InputContainer, name: str) -> Iterator[AudioFrame]:
    stream = next((stream for stream in container.streams.audio if stream.codec_context is not None), None)
    if stream is None:
        raise BrokenFileError(f"{name}: there is no sound in this file that can be read; convert it to WAV")
    codec = stream.codec_context.name
    if codec not in _CODECS and not codec.startswith("pcm_"):
        raise BrokenFileError(f"{name}: its sound is in {codec}, which vidpipe does not read; convert it to WAV")
    stream.codec_context.thread_count = 1
    bad = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            bad += 1
            if bad > _MOST_BAD:
                raise


def _resampled(frames: Iterator[AudioFrame], name: str) -> Iterator[NDArray[np.float32]]:
    """Yield the sound at 48 kHz, its own times left aside; a change of form in the middle begins a new resampler.

    Raises BrokenFileError for a form or for samples that no sound has.
    """
    for block in _in_one_form(frames, name):
        if not is_sound(block):
            raise BrokenFileError(f"{name}: {NO_SOUND}")
        yield block


def _in_one_form(frames: Iterator[AudioFrame], name: str) -> Iterator[NDArray[np.float32]]:
    resampler, form = None, None
    for frame in frames:
        this_form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or this_form != form:
            yield from _pulled(resampler, None)
            if frame.sample_rate not in _RATES:  # a resampler takes memory by it
                raise BrokenFileError(f"{name}: {frame.sample_rate:,} Hz cannot be used; convert it to 48000 Hz")
            resampler, form = av.AudioResampler("fltp", "stereo", SAMPLE_RATE), this_form
        frame.pts = None
        yield from _pulled(resampler, frame)
    yield from _pulled(resampler, None)


def _pulled(resampler: av.AudioResampler | None, frame: AudioFrame | None) -> Iterator[NDArray[np.float32]]:
    if resampler is not None:
        yield from (cast("NDArray[np.float32]", part.to_ndarray()) for part in resampler.resample(frame))


def _cut(blocks: Iterator[NDArray[np.float32]], most: int) -> Iterator[NDArray[np.float32]]:
    for block in blocks:
        yield block[:, :most]
        most -= block.shape[1]
        if most <= 0:
            return
