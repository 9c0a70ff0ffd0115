"""What a film of crossfades costs beside one graph of FFmpeg filters over all its clips: `python -m bench.crossfade`.

The graph is what people write by hand: every clip read, faded into the next (xfade, acrossfade) and encoded in one
pass with two threads, as the `ffmpeg` program does it; here it runs in this process through the same libraries. Then
one clip is replaced, and the film is built again. Goals: no slower than the graph, and a rebuild under a tenth of the
full build at 50 clips, the proof of the film included.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.filter import Graph

from bench.goals import held
from bench.join import build, copies, edit_of, make_clip, measured
from vidpipe.media.edit import Join
from vidpipe.media.encode import Encoder
from vidpipe.media.frame import FRAME_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.filter.context import FilterContext

FADE = Join("crossfade", 0.5, "fade")
FRAMES = 12
REBUILD_GOAL = 0.10
GRAPH_GOAL = 1.2


def one_pass(paths: Sequence[Path], target: Path, size: tuple[int, int], seconds: int) -> None:
    """Make the whole film with one graph."""
    graph = Graph()
    length = seconds * FRAME_RATE
    form = f"fps={FRAME_RATE},scale={size[0]}:{size[1]},setsar=1,format=yuv420p,settb=1/{FRAME_RATE},setpts=N"
    form += f",tpad=stop=2:stop_mode=clone,trim=end_frame={length}"  # else xfade ends a film that lacks one frame
    pictures, sounds = [], []
    for path in paths:
        source = graph.add("movie", f"filename={path}:s=dv+da")
        pictures.append(_chained(graph, source, 0, form))
        sounds.append(_chained(graph, source, 1, "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo"))
    picture, sound = pictures[0], sounds[0]
    for place in range(1, len(paths)):
        offset = place * (length - FRAMES) / FRAME_RATE
        fade = graph.add("xfade", f"transition=fade:duration={FRAMES / FRAME_RATE}:offset={offset}")
        picture.link_to(fade, 0, 0)
        pictures[place].link_to(fade, 0, 1)
        cross = graph.add("acrossfade", f"ns={FRAMES * 2000}")
        sound.link_to(cross, 0, 0)
        sounds[place].link_to(cross, 0, 1)
        picture, sound = _chained(graph, fade, 0, "format=yuv420p"), cross
    screen, speaker = graph.add("buffersink"), graph.add("abuffersink")
    picture.link_to(screen)
    sound.link_to(speaker)
    graph.configure()
    with Encoder(target, size, audio=True, threads=2) as encoder:
        wanted = length + (len(paths) - 1) * (length - FRAMES)
        for frame in _pulled(screen):
            assert isinstance(frame, av.VideoFrame)
            encoder.write_frame(frame)
            _write_sound(encoder, speaker, encoder.frames * 2000, wanted * 2000)
        _write_sound(encoder, speaker, wanted * 2000, wanted * 2000)
        assert encoder.frames == wanted, f"{encoder.frames} frames, not {wanted}"


def _chained(graph: Graph, source: FilterContext, pad: int, filters: str) -> FilterContext:
    last = source
    for place, each in enumerate(filters.split(",")):
        name, _, arguments = each.partition("=")
        node = graph.add(name, arguments or None)
        last.link_to(node, pad if place == 0 else 0, 0)
        last = node
    return last


def _pulled(output: FilterContext) -> Iterator[av.VideoFrame | av.AudioFrame]:
    empty = 0
    while empty < 1000:  # "try again" may mean that the other output has to be emptied first, or nothing at all
        try:
            yield output.pull()  # type: ignore[misc]
            empty = 0
        except av.BlockingIOError:
            empty += 1
        except av.EOFError:
            return


def _write_sound(encoder: Encoder, speaker: FilterContext, until: int, end: int) -> None:
    while encoder.samples < until:
        frame = next(_pulled(speaker), None)
        if frame is None:
            return
        assert isinstance(frame, av.AudioFrame)
        encoder.write_audio(frame.to_ndarray()[:, : end - encoder.samples].astype(np.float32))


def measure(clips: int, seconds: int, size: tuple[int, int]) -> tuple[float, float]:
    """Print the figures for so many clips; return the build's and the rebuild's ratio, by wall time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = copies(folder, clips, seconds, size)
        graph = measured(lambda: one_pass(paths, folder / "graph.mp4", size, seconds))
        edit = edit_of(paths, audio=True, join=FADE, size=size)
        full = measured(lambda: build(edit, folder, folder / "cache"))
        make_clip(paths[clips // 2], 99, seconds, size)
        changed = edit_of(paths, audio=True, join=FADE, size=size)
        again = measured(lambda: build(changed, folder, folder / "cache"))
        frames = clips * seconds * FRAME_RATE - (clips - 1) * FRAMES
    print(f"{clips} clips of {seconds} s, {size[0]}x{size[1]}, {frames} frames")
    print(f"{'':26} {'CPU s':>8} {'wall s':>8} {'of CPU':>8} {'of wall':>8}")
    for title, spent, whole in (
        ("one graph over all clips", graph, graph),
        ("pieces, no cache", full, graph),
        ("one clip replaced", again, full),
    ):
        print(
            f"{title:26} {spent.cpu:8.1f} {spent.wall:8.1f} {spent.cpu / whole.cpu:8.3f} {spent.wall / whole.wall:8.3f}"
        )
    return full.wall / graph.wall, again.wall / full.wall


def main() -> int:
    """Measure; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[10, 50])
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--size", type=int, nargs=2, default=(1280, 720))
    options = parser.parse_args()
    width, height = options.size
    ratios = {clips: measure(clips, options.seconds, (width, height)) for clips in options.clips}
    fine = []
    for clips, (whole, again) in ratios.items():
        fine.append(held(f"{clips} clips crossfaded, no cache", whole, GRAPH_GOAL, "of one graph's time"))
        if clips >= 50:
            fine.append(held(f"rebuild of {clips} clips, crossfade", again, REBUILD_GOAL, "of the whole", digits=3))
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
