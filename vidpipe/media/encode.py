"""Write one MP4 the same way every time: H.264 on the film's frame grid, with or without AAC sound.

Everything that could differ between two runs is pinned: thread count (x264's output depends on it), bit-exact flags,
no metadata, fixed key frame distance, and no part of x264 that is not deterministic. Files of one size therefore carry
equal H.264 parameter sets, and a cut can copy their packets one after the other.
"""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Self

import av
import numpy as np
from av.bitstream import bitstream_filters_available
from av.video.frame import PictureType

from vidpipe.files import refuse_detour
from vidpipe.media.audio import SoundTrack
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME, TIMESCALE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from av.video.stream import VideoStream
    from numpy.typing import NDArray

_MUXER = {
    "movflags": "+faststart",
    "fflags": "+bitexact",
    "video_track_timescale": str(TIMESCALE),
    "movie_timescale": str(SAMPLE_RATE),  # the default, 1 ms, would round the lengths of the tracks
}
# With AVX-512, x264's mbtree reads memory that was never written, wherever a row is not a multiple of 8 macroblocks, as
# at 720x1280: one encode in some dozens came out different. Without it crf 22 looks as crf 20 did with it (42.8 dB, was
# 42.7, on an animatic; 51.9, was 50.8, on a filmed clip) and takes 14 to 33 % more bytes.
_X264 = {
    "stitchable": "1",  # parameter sets that do not depend on the content
    "mbtree": "0",
}
_H264 = {
    "profile": "high",
    "flags": "+bitexact",
    "a53cc": "0",  # captions hidden in a decoded frame stay out
    "x264-params": ":".join(f"{name}={value}" for name, value in _X264.items()),
}


class Encoder:
    """A context manager that writes one MP4; enter it, write frames and sound, leave it.

    `size` is (width, height) in pixels, both even. With `audio`, exactly 2000 samples a frame must have been written
    when it is left, in any portions; writing sound about as far as the pictures keeps the file well interleaved.
    A file left by an exception is cut to zero bytes, because FFmpeg would finish it as a valid, shorter one.
    Raises ValueError for a frame or a sound that does not fit, and OSError or av.FFmpegError where writing fails.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        *,
        audio: bool,
        crf: int = 22,
        preset: str = "veryfast",
        gop: int = 48,
        threads: int = 1,
    ) -> None:
        if size[0] % 2 or size[1] % 2:
            raise ValueError(f"a 4:2:0 frame must have even sides, got {size[0]}x{size[1]}")
        self.frames = 0
        self._path = path
        self._size = size
        refuse_detour(path.parent)
        # "file:" keeps a name with a colon from being read as a protocol
        self._container = av.open(f"file:{os.fspath(path)}", "w", format="mp4", options=_MUXER)
        self._video = self._add_video({**_H264, "crf": str(crf), "preset": preset, "g": str(gop)}, threads)
        self._audio = SoundTrack(self._container) if audio else None

    def _add_video(self, options: dict[str, str], threads: int) -> VideoStream:
        stream = self._container.add_stream("libx264", rate=FRAME_RATE, options=options)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = Fraction(1, FRAME_RATE)
        context.sample_aspect_ratio = Fraction(1)
        context.thread_count = threads
        context.color_primaries = 1  # 1 is BT.709 in all three lists of ITU-T H.273
        context.color_trc = 1
        context.colorspace = 1
        context.color_range = 1  # limited ("tv")
        return stream

    @property
    def samples(self) -> int:
        """Count the samples of sound written."""
        return 0 if self._audio is None else self._audio.samples

    def write_planes(self, y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8]) -> None:
        """Append one frame: BT.709 limited-range planes, y (height, width), u and v half of that each way."""
        frame = av.VideoFrame(*self._size, "yuv420p")
        for plane, samples in zip(frame.planes, (y, u, v), strict=True):
            if samples.shape != (plane.height, plane.width) or samples.dtype != np.uint8:
                raise ValueError(f"a plane of {plane.width}x{plane.height} bytes is wanted, got {samples.shape}")
            rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            rows[:, : plane.width] = samples
        self.write_frame(frame)

    def write_frame(self, frame: av.VideoFrame) -> None:
        """Append one frame in yuv420p; its time stamp and picture type are overwritten."""
        if (frame.width, frame.height) != self._size or frame.format.name != "yuv420p":
            raise ValueError(
                f"a yuv420p frame of {self._size[0]}x{self._size[1]} is wanted, "
                f"got {frame.format.name} {frame.width}x{frame.height}"
            )
        frame.pts = self.frames
        frame.time_base = Fraction(1, FRAME_RATE)
        frame.pict_type = PictureType.NONE  # a decoded frame would force its own type, and so key frames
        self._container.mux(self._video.encode(frame))
        self.frames += 1

    def write_audio(self, samples: NDArray[np.float32]) -> None:
        """Append sound: float32 (2, n) at 48 kHz, full scale 1.0."""
        if self._audio is None:
            raise ValueError("this file was opened without sound")
        self._audio.write(samples)

    def _finish(self) -> None:
        wanted = self.frames * SAMPLES_PER_FRAME
        if self.frames == 0:
            raise ValueError("no frame was written")
        if self._audio is not None and self.samples != wanted:
            raise ValueError(f"{self.frames} frames need {wanted} samples of sound, got {self.samples}")
        self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._audio.finish()
        self._container.close()

    def _abandon(self) -> None:
        with suppress(Exception):
            self._container.close()
        with suppress(OSError):
            refuse_detour(self._path.parent)
            os.truncate(self._path, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abandon()
            return
        try:
            self._finish()
        except BaseException:
            self._abandon()
            raise


def check_codecs() -> list[str]:
    """Name what vidpipe needs of FFmpeg's libraries and the installed PyAV lacks; empty if all is there."""
    parts: tuple[tuple[str, Callable[[str, Literal["r", "w"]], object], str, Literal["r", "w"]], ...] = (
        ("H.264 encoder libx264", av.Codec, "libx264", "w"),
        ("H.264 decoder", av.Codec, "h264", "r"),
        ("AAC encoder", av.Codec, "aac", "w"),
        ("AAC decoder", av.Codec, "aac", "r"),
        ("MP4 muxer", av.ContainerFormat, "mp4", "w"),
        ("MOV/MP4 demuxer", av.ContainerFormat, "mov", "r"),
    )
    missing = [title for title, find, name, mode in parts if not _is_there(find, name, mode)]
    if "h264_mp4toannexb" not in bitstream_filters_available:
        missing.append("bitstream filter h264_mp4toannexb")
    return missing


def _is_there(find: Callable[[str, Literal["r", "w"]], object], name: str, mode: Literal["r", "w"]) -> bool:
    try:
        find(name, mode)
    except ValueError:  # what PyAV raises for a codec or format that it does not know
        return False
    return True
