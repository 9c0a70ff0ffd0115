"""One decoded frame in the form of the film: upright, at its size, on black, yuv420p, BT.709."""

from __future__ import annotations

from typing import TYPE_CHECKING

from av.filter import Graph

from vidpipe.media.colour import check_transfer, wide_to_bt709
from vidpipe.media.frame import FRAME_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    import av

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


def fitted_size(width: int, height: int, pixel_aspect: Fraction, size: tuple[int, int]) -> tuple[int, int]:
    """Return the largest even (width, height) within `size` that keeps the shape in which the picture is shown."""
    shown = width * pixel_aspect / height
    if shown * size[1] >= size[0]:
        return size[0], min(size[1], max(2, round(size[0] / shown / 2) * 2))
    return min(size[0], max(2, round(size[1] * shown / 2) * 2)), size[1]


def form_of(frame: av.VideoFrame) -> tuple[int | str, ...]:
    """Return all of a frame that filters are made for: they take no frame of another form."""
    colours = (frame.colorspace, frame.color_range, frame.color_primaries, frame.color_trc)
    return frame.width, frame.height, frame.format.name, *colours


def _filters(frame: av.VideoFrame, info: ClipInfo, size: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Yield (name, arguments) of FFmpeg's filters; each gives a frame for a frame at once, so none may look ahead."""
    if info.mirrored:
        yield "hflip", ""
    yield from _TURNS.get(info.rotation, ())
    sideways = info.rotation in {90, 270}
    width, height = (frame.height, frame.width) if sideways else (frame.width, frame.height)
    aspect = 1 / info.pixel_aspect if sideways else info.pixel_aspect
    inner = fitted_size(width, height, aspect, size)
    colours = "" if frame.colorspace in _NOT_SAID_OR_BT709 and not frame.format.is_rgb else ":out_color_matrix=bt709"
    yield "scale", f"{inner[0]}:{inner[1]}:{SCALER}:out_range=tv{colours}"
    wide = wide_to_bt709(frame.color_primaries, frame.color_trc)
    if wide is not None:
        yield "format", "yuv420p12le"
        yield "colorspace", wide
    yield "format", "yuv420p"
    if inner != size:
        left, top = ((outside - inside) // 4 * 2 for outside, inside in zip(size, inner, strict=True))
        yield "pad", f"{size[0]}:{size[1]}:{left}:{top}"
    yield "setsar", "1"
    yield "setparams", f"field_mode=prog:{FILM_COLOURS}:color_primaries=bt709:color_trc=bt709"


def filter_graph(frame: av.VideoFrame, filters: Iterable[tuple[str, str]]) -> Graph:
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


class Fit:
    """The filters that bring one form of decoded frame to the form of the film.

    Raises BrokenFileError for a frame whose colours no film can take.
    """

    def __init__(self, frame: av.VideoFrame, info: ClipInfo, size: tuple[int, int]) -> None:
        check_transfer(frame.color_trc, info.name)
        self._form = form_of(frame)
        self._graph = filter_graph(frame, _filters(frame, info, size))

    def takes(self, frame: av.VideoFrame) -> bool:
        """Say whether the filters were made for frames like this one."""
        return form_of(frame) == self._form

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the frame as the film shows it."""
        self._graph.vpush(frame)
        return self._graph.vpull()
