"""Crossfades of pictures: the end of one clip over the beginning of the next, frame by frame.

Each fade of a film is made on its own, from its two clips. One graph of FFmpeg filters over all clips would need
gigabytes and a thousand threads for 200 of them, and start anew for every edited clip.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
from av.filter import Graph

from vidpipe.media.fit import FILM_COLOURS, SCALER
from vidpipe.media.frame import FRAME_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from av.filter.context import FilterContext


def faded(
    before: Iterable[av.VideoFrame], after: Iterable[av.VideoFrame], count: int, size: tuple[int, int], transition: str
) -> Iterator[av.VideoFrame]:
    """Yield `count` frames that lead from one clip to the next; both give `count` frames in the form of the film."""
    graph = Graph()
    graph.threads = 1
    grid = f"time_base=1/{FRAME_RATE}:frame_rate={FRAME_RATE}/1"
    entry = f"video_size={size[0]}x{size[1]}:pix_fmt=yuv420p:{FILM_COLOURS}:{grid}"
    inputs = [graph.add("buffer", entry), graph.add("buffer", entry)]
    fade = graph.add("xfade", f"transition={transition}:duration={count / FRAME_RATE:.6f}:offset=0")
    for place, node in enumerate(inputs):
        # xfade has no 4:2:0; a scaler that FFmpeg puts in by itself would differ between processors.
        scale, format_ = graph.add("scale", SCALER), graph.add("format", "yuv444p")
        graph.link_nodes(node, scale, format_)
        format_.link_to(fade, 0, place)
    output = graph.add("buffersink")
    graph.link_nodes(fade, graph.add("scale", SCALER), graph.add("format", "yuv420p"), output).configure()
    for time, pair in enumerate(zip(before, after, strict=True)):
        for node, frame in zip(inputs, pair, strict=True):
            frame.pts = time
            node.push(frame)
        yield from _pulled(output)
    for node in inputs:
        node.push(None)
    yield from _pulled(output)


def _pulled(output: FilterContext) -> Iterator[av.VideoFrame]:
    while True:
        try:
            frame = output.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        assert isinstance(frame, av.VideoFrame)
        yield frame
