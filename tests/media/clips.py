"""Tiny clips of every kind for the tests of media: made in milliseconds by PyAV, the same on every run."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Disposition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

SIZE = (64, 36)
_UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0)


@dataclass(frozen=True, slots=True)
class SoundKind:
    """The sound track of a clip to be made: from `start` seconds on, `seconds` long if not as long as the pictures."""

    rate: int = 48_000
    layout: str = "stereo"
    codec: str = "aac"
    seconds: float | None = None
    start: float = 0.0
    hole: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A clip to be made, of pictures from `first` on; the defaults are one that a film of `SIZE` can take as it is."""

    frames: int = 12
    size: tuple[int, int] = SIZE
    rate: int = 24
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    time_base: Fraction | None = None
    timescale: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    movflags: str = ""
    sound: SoundKind | None = SoundKind()
    sound_first: bool = False
    cover: bool = False
    rotation: int = 0
    pixel_aspect: Fraction | None = None
    colour: int | tuple[int, int, int] | None = None
    times: tuple[int, ...] | None = None
    seed: int = 0
    first: int = 0


def make_clip(path: Path, kind: Kind) -> Path:
    """Write the clip and return its path."""
    options = {"movflags": kind.movflags} if kind.movflags else {}
    if kind.timescale is not None:
        options["video_track_timescale"] = str(kind.timescale)
    with av.open(str(path), "w", format="mp4", options=options) as container:
        cover = _add_cover(container) if kind.cover else None
        early = _add_sound(container, kind.sound) if kind.sound and kind.sound_first else None
        video = _add_video(container, kind)
        sound = early or (_add_sound(container, kind.sound) if kind.sound else None)
        if cover is not None:
            _write_cover(container, cover)
        _write_pictures(container, video, kind)
        if sound is not None and kind.sound is not None:
            _write_sound(container, sound, kind.sound, kind.sound.seconds or kind.frames / kind.rate)
    return path


def make_sound_alone(path: Path) -> Path:
    """Write an MP4 with a sound track and no video; return its path."""
    with av.open(str(path), "w", format="mp4") as container:
        _write_sound(container, _add_sound(container, SoundKind()), SoundKind(), 0.5)
    return path


def picture(number: int, size: tuple[int, int], seed: int = 0) -> NDArray[np.uint8]:
    """Draw frame `number` as RGB (height, width, 3): a slanted pattern that moves, different for every seed."""
    y, x = np.mgrid[: size[1], : size[0]]
    phase = number * 5 + seed * 31
    layers = ((x * 3 + phase * 2) % 256, (y * 5 + x + phase) % 256, np.full_like(x, (seed * 53 + number * 3) % 256))
    return np.stack(layers, axis=-1).astype(np.uint8)


def _add_video(container: OutputContainer, kind: Kind) -> VideoStream:
    # x264's mbtree reads memory that it never wrote, at many frame sizes: its output would differ from run to run.
    settled = {"preset": "veryfast", "g": "250", "mbtree": "0"}
    options = {**settled, **kind.options} if kind.codec == "libx264" else {}
    stream = container.add_stream(kind.codec, rate=kind.rate, options=options or dict(kind.options))
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height = kind.size
    stream.pix_fmt = kind.pixel_format
    stream.codec_context.thread_count = 1
    if kind.time_base is not None:
        stream.time_base = kind.time_base
        stream.codec_context.time_base = kind.time_base
    if kind.pixel_aspect is not None:
        stream.codec_context.sample_aspect_ratio = kind.pixel_aspect
    if kind.colour is not None:
        context = stream.codec_context
        tags = (kind.colour,) * 3 if isinstance(kind.colour, int) else kind.colour
        context.color_primaries, context.color_trc, context.colorspace = tags
    if kind.rotation:
        stream.set_display_rotation(kind.rotation)
    return stream


def _write_pictures(container: OutputContainer, video: VideoStream, kind: Kind) -> None:
    base = kind.time_base or Fraction(1, kind.rate)
    for number in range(kind.frames):
        frame = av.VideoFrame.from_ndarray(picture(kind.first + number, kind.size, kind.seed), format="rgb24")
        frame = frame.reformat(format=kind.pixel_format)
        frame.pts = kind.times[number] if kind.times else round(number / (kind.rate * base))
        frame.time_base = base
        container.mux(video.encode(frame))
    container.mux(video.encode(None))


def _add_sound(container: OutputContainer, kind: SoundKind) -> AudioStream:
    stream = container.add_stream(kind.codec, rate=kind.rate, layout=kind.layout)
    assert isinstance(stream, av.AudioStream)
    return stream


def _write_sound(container: OutputContainer, stream: AudioStream, kind: SoundKind, seconds: float) -> None:
    """Write a tone of 440 Hz in frames of 1024 samples, each with its own time."""
    count = round(seconds * kind.rate)
    wave = (0.5 * np.sin(2 * np.pi * 440 * np.arange(count) / kind.rate)).astype(np.float32)
    for place in range(0, count, 1024):
        time = kind.start + place / kind.rate
        if kind.hole is not None and kind.hole[0] <= time < kind.hole[1]:
            continue
        part = wave[place : place + 1024]
        channels = len(av.AudioLayout(kind.layout).channels)
        planes = np.ascontiguousarray(np.broadcast_to(part, (channels, len(part))))
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=kind.layout)
        frame.sample_rate = kind.rate
        frame.pts = round(time * kind.rate)
        frame.time_base = Fraction(1, kind.rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _add_cover(container: OutputContainer) -> VideoStream:
    stream = container.add_stream("mjpeg", rate=1)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = 32, 32, "yuvj420p"
    stream.disposition = Disposition.attached_pic
    return stream


def _write_cover(container: OutputContainer, stream: VideoStream) -> None:
    frame = av.VideoFrame.from_ndarray(picture(0, (32, 32)), format="rgb24").reformat(format="yuvj420p")
    frame.pts = 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def set_display_matrix(path: Path, axes: tuple[int, int, int, int]) -> Path:
    """Change the track header of a clip that is stored upright: a, b, c, d of ISO/IEC 14496-12, section 6.2.2."""
    a, b, c, d = (each << 16 for each in axes)
    data = path.read_bytes()
    stored, wanted = (struct.pack(">9i", *rows, 0, 0, 1 << 30) for rows in (_UPRIGHT, (a, b, 0, c, d, 0)))
    place = data.index(stored, data.index(b"tkhd"))
    path.write_bytes(data[:place] + wanted + data[place + len(stored) :])
    return path


def frame_digests(source: Path) -> list[str]:
    """Decode every frame and return the digest of each one's samples."""
    with av.open(str(source)) as container:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in container.decode(video=0)]


def luma(source: Path) -> list[NDArray[np.uint8]]:
    """Decode every frame and return its luma plane (height, width)."""
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        return [
            frame.to_ndarray()[: frame.height, : frame.width].astype(np.uint8) for frame in container.decode(stream)
        ]


def film_sound(source: Path) -> NDArray[np.float32]:
    """Decode the whole sound track by counting samples, as a naive player does: float32 (2, n)."""
    with av.open(str(source)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).astype(np.float32)


def frame_times(source: Path) -> list[int | None]:
    """Decode every frame and return their times in the order of showing."""
    with av.open(str(source)) as container:
        return [frame.pts for frame in container.decode(video=0)]


def packet_times(source: Path) -> list[tuple[int, int]]:
    """Return (pts, dts) of every video packet."""
    with av.open(str(source)) as container:
        return [(packet.pts or 0, packet.dts or 0) for packet in container.demux(video=0) if packet.size]
