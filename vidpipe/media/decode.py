"""The pictures of any clip as frames of the film: on its grid of 24 a second, at its size, yuv420p, BT.709."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av

from vidpipe.errors import BrokenFileError
from vidpipe.media.fit import Fit, filter_graph, form_of
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FETCH_AGAIN, Limits, open_mp4

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.filter import Graph
    from av.video.stream import VideoStream

    from vidpipe.media.clip import ClipInfo


def film_frames(
    source: Path | bytes,
    info: ClipInfo,
    size: tuple[int, int],
    *,
    start: int = 0,
    stop: int | None = None,
    limits: Limits = CLIP_LIMITS,
) -> Iterator[av.VideoFrame]:
    """Yield frames `start` to `stop` (by default all `info.film_frames`) of the clip as the film of `size` shows them.

    What has another shape is scaled to fit and set on black. Raises BrokenFileError where the clip cannot be decoded.
    """
    stop = info.film_frames if stop is None else stop
    place = 0
    try:
        for frame in _fitted(source, info, size, start, limits):
            if place >= stop:
                return
            if frame is not None:
                yield frame
            place += 1
    except av.FFmpegError as error:
        raise BrokenFileError(
            f"{info.name}: FFmpeg cannot bring its pictures to the form of the film at frame {place} "
            f"({error.strerror}); convert it anew"
        ) from error


def _fitted(
    source: Path | bytes, info: ClipInfo, size: tuple[int, int], start: int, limits: Limits
) -> Iterator[av.VideoFrame | None]:
    """Yield every frame of the film; None for those before `start`."""
    fit: Fit | None = None
    frames = decoded(source, info, limits)
    for place, frame in enumerate(_on_grid(_progressive(frames) if info.interlaced else frames, info)):
        if place < start:
            yield None
            continue
        if fit is None or not fit.takes(frame):
            fit = Fit(frame, info, size)
        yield fit(frame)


def decoded(source: Path | bytes, info: ClipInfo, limits: Limits) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    """Yield every frame with its time in seconds after the first one.

    Raises BrokenFileError, which names the second, at a frame that is damaged.
    """
    with open_mp4(source, info.name, limits) as (container, _):
        stream = cast("VideoStream", container.streams[info.stream])
        context = stream.codec_context
        context.options = {"max_pixels": str(limits.pixels)}
        context.thread_count = 2
        time = Fraction(0)
        try:
            for frame in container.decode(stream):
                if frame.pts is not None:
                    time = (frame.pts - info.start) * info.time_base
                if frame.is_corrupt or frame.pts is None:
                    raise _damaged(info.name, time)
                yield time, frame
        except av.FFmpegError as error:
            raise _damaged(info.name, time) from error


def _damaged(name: str, time: Fraction) -> BrokenFileError:
    return BrokenFileError(f"{name}: its pictures are damaged at {float(time):.1f} s; {FETCH_AGAIN}")


def _progressive(frames: Iterator[tuple[Fraction, av.VideoFrame]]) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    """Join the two fields of every frame; the filter answers one frame late, because it looks at the next one."""
    filters: Graph | None = None
    form: tuple[int | str, ...] = ()
    times: deque[Fraction] = deque()
    for number, (time, frame) in enumerate(frames):
        if filters is not None and form_of(frame) != form:
            yield from _rest(filters, times)
            filters = None
        if filters is None:
            filters, form = filter_graph(frame, [("bwdif", "mode=send_frame")]), form_of(frame)
        times.append(time)
        frame.pts = number
        filters.vpush(frame)
        try:
            made = filters.vpull()
        except av.BlockingIOError:
            continue
        yield times.popleft(), made
    if filters is not None:
        yield from _rest(filters, times)


def _rest(filters: Graph, times: deque[Fraction]) -> Iterator[tuple[Fraction, av.VideoFrame]]:
    """Yield what the filter holds back, after its last frame."""
    filters.vpush(None)
    while times:
        yield times.popleft(), filters.vpull()


def _on_grid(frames: Iterable[tuple[Fraction, av.VideoFrame]], info: ClipInfo) -> Iterator[av.VideoFrame]:
    """Yield exactly `info.film_frames` frames: each is held until the next one's nearest place on the grid."""
    place = 0
    held: av.VideoFrame | None = None
    for time, frame in frames:
        due = round(time * FRAME_RATE)
        while held is not None and place < min(due, info.film_frames):
            yield held
            place += 1
        held = frame
    if held is None:
        raise BrokenFileError(f"{info.name}: its pictures cannot be decoded; {FETCH_AGAIN}")
    for _ in range(place, info.film_frames):
        yield held
