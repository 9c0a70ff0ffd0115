"""The pictures of any clip as frames of the film: on its grid of 24 a second, at its size, yuv420p, BT.709."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
from av.filter import Graph

from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FETCH_AGAIN, Limits, open_mp4

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from av.video.stream import VideoStream

    from vidpipe.media.clip import ClipInfo

FILM_COLOURS = "colorspace=bt709:range=tv"
SCALER = "flags=bicubic+accurate_rnd+bitexact"
"""Arguments of FFmpeg's scale filter that give the same bytes on every processor."""
_NOT_SAID_OR_BT709 = frozenset({1, 2})
_TURNS = {
    90: (("transpose", "cclock"),),
    180: (("hflip", ""), ("vflip", "")),
    270: (("transpose", "clock"),),
}


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
    fit: _Fit | None = None
    frames = decoded(source, info, limits)
    for place, frame in enumerate(_on_grid(_progressive(frames) if info.interlaced else frames, info)):
        if place >= stop:
            return
        if place < start:
            continue
        if fit is None or not fit.takes(frame):
            fit = _Fit(frame, info, size)
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
    times: deque[Fraction] = deque()
    for number, (time, frame) in enumerate(frames):
        if filters is None:
            filters = _graph(frame, [("bwdif", "mode=send_frame")])
        times.append(time)
        frame.pts = number
        filters.vpush(frame)
        try:
            made = filters.vpull()
        except av.BlockingIOError:
            continue
        yield times.popleft(), made
    if filters is not None:
        filters.vpush(None)
    while filters is not None and times:
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


def fitted_size(width: int, height: int, pixel_aspect: Fraction, size: tuple[int, int]) -> tuple[int, int]:
    """Return the largest even (width, height) within `size` that keeps the shape in which the picture is shown."""
    shown = width * pixel_aspect / height
    if shown * size[1] >= size[0]:
        return size[0], min(size[1], max(2, round(size[0] / shown / 2) * 2))
    return min(size[0], max(2, round(size[1] * shown / 2) * 2)), size[1]


def _form(frame: av.VideoFrame) -> tuple[int, int, str, int, int]:
    return frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range


def _filters(frame: av.VideoFrame, info: ClipInfo, size: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Yield (name, arguments) of FFmpeg's filters; each gives a frame for a frame at once, so none may look ahead."""
    yield from _TURNS.get(info.rotation, ())
    sideways = info.rotation in {90, 270}
    width, height = (frame.height, frame.width) if sideways else (frame.width, frame.height)
    aspect = 1 / info.pixel_aspect if sideways else info.pixel_aspect
    inner = fitted_size(width, height, aspect, size)
    colours = "" if frame.colorspace in _NOT_SAID_OR_BT709 and not frame.format.is_rgb else ":out_color_matrix=bt709"
    yield "scale", f"{inner[0]}:{inner[1]}:{SCALER}:out_range=tv{colours}"
    yield "format", "yuv420p"
    if inner != size:
        left, top = ((outside - inside) // 4 * 2 for outside, inside in zip(size, inner, strict=True))
        yield "pad", f"{size[0]}:{size[1]}:{left}:{top}"
    yield "setsar", "1"
    yield "setparams", f"field_mode=prog:{FILM_COLOURS}:color_primaries=bt709:color_trc=bt709"


def _graph(frame: av.VideoFrame, filters: Iterable[tuple[str, str]]) -> Graph:
    """Chain filters that take frames like this one."""
    graph = Graph()
    graph.threads = 1
    entry = (
        f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}:time_base=1/{FRAME_RATE}"
        f":colorspace={frame.colorspace}:range={frame.color_range}"
    )
    nodes = [graph.add("buffer", entry)]
    nodes += [graph.add(name, arguments or None) for name, arguments in filters]
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


class _Fit:
    """The filters that bring one form of decoded frame to the form of the film."""

    def __init__(self, frame: av.VideoFrame, info: ClipInfo, size: tuple[int, int]) -> None:
        self._form = _form(frame)
        self._graph = _graph(frame, _filters(frame, info, size))

    def takes(self, frame: av.VideoFrame) -> bool:
        """Say whether the filters were made for frames like this one."""
        return _form(frame) == self._form

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the frame as the film shows it."""
        self._graph.vpush(frame)
        return self._graph.vpull()
