"""Crossfades: which pieces a film of faded clips is made of, and how each piece is made from one or two clips.

A clip's body and each fade are encoded on their own and joined like a cut (`join`). One graph of FFmpeg filters over
all clips would need gigabytes and a thousand threads for 200 of them, and start anew for every edited clip.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import av
import numpy as np
from av.filter import Graph

from vidpipe.media.decode import FILM_COLOURS, SCALER, film_frames
from vidpipe.media.frame import FRAME_RATE, SAMPLES_PER_FRAME
from vidpipe.media.normalise import encode_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from av.filter.context import FilterContext
    from numpy.typing import NDArray

    from vidpipe.media.clip import ClipInfo


@dataclass(frozen=True, slots=True)
class Body:
    """Frames `start` to `stop` of one clip, which no fade touches."""

    clip: int
    start: int
    stop: int

    @property
    def frames(self) -> int:
        """Count its frames."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Fade:
    """The last frames of one clip, from its frame `start` on, over the first ones of the next clip."""

    clip: int
    start: int
    frames: int


Part = Body | Fade


def plan_parts(lengths: Sequence[int], fade: int) -> list[Part]:
    """Divide clips of these lengths (frames) into bodies and fades of `fade` frames, in the order of the film.

    No fade is longer than half of either of its clips, so that no frame is in two fades; a fade of 0 frames, and a body
    that two fades leave without a frame, are left out.
    """
    fades = [min(fade, before // 2, after // 2) for before, after in pairwise(lengths)]
    parts: list[Part] = []
    for clip, (length, head, tail) in enumerate(zip(lengths, [0, *fades], [*fades, 0], strict=True)):
        if length - tail > head:
            parts.append(Body(clip, head, length - tail))
        if tail:
            parts.append(Fade(clip, length - tail, tail))
    return parts


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip to fade; `read` returns its file as a path or as bytes, anew each time."""

    info: ClipInfo
    read: Callable[[], Path | bytes]

    def frames(self, size: tuple[int, int], start: int, stop: int) -> Iterator[av.VideoFrame]:
        """Yield frames `start` to `stop` as the film of `size` shows them."""
        return film_frames(self.read(), self.info, size, start=start, stop=stop)


def make_part(
    part: Part,
    clips: Sequence[Clip],
    path: Path,
    *,
    size: tuple[int, int],
    transition: str,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Encode the pictures of one part to `path`: they depend on nothing but its one or two clips and these arguments.

    `check` is called for every frame and may raise to stop. Raises BrokenFileError where a clip cannot be decoded.
    """
    first = clips[part.clip]
    frames = first.frames(size, part.start, part.start + part.frames)
    if isinstance(part, Fade):
        following = clips[part.clip + 1].frames(size, 0, part.frames)
        frames = faded(frames, following, part.frames, size, transition)
    encode_piece(_checked(frames, check), path, size, part.frames)


def _checked(frames: Iterable[av.VideoFrame], check: Callable[[], None]) -> Iterator[av.VideoFrame]:
    for frame in frames:
        check()
        yield frame


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


def part_sounds(parts: Iterable[Part], sounds: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of each part, float32 (2, frames * 2000), from that of the clips in order, two of them held.

    The curves keep the power constant: two sounds that have nothing to do with each other do not dip in the middle.
    """
    clips = enumerate(sounds)
    held: dict[int, NDArray[np.float32]] = {}
    for part in parts:
        for clip in (part.clip, part.clip + 1) if isinstance(part, Fade) else (part.clip,):
            while clip not in held:
                held = {place: sound for place, sound in held.items() if place >= part.clip}
                place, sound = next(clips)
                held[place] = sound
        samples = part.frames * SAMPLES_PER_FRAME
        first = part.start * SAMPLES_PER_FRAME
        before = held[part.clip][:, first : first + samples]
        yield _faded_sound(before, held[part.clip + 1][:, :samples]) if isinstance(part, Fade) else before


def _faded_sound(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    angle = np.linspace(0, np.pi / 2, before.shape[1], dtype=np.float32)
    mixed: NDArray[np.float32] = before * np.cos(angle) + after * np.sin(angle)
    return mixed.clip(-1, 1)
