"""How far sound strays from its picture over 200 joins: `python -m bench.drift`. Goal: less than one AAC frame.

Every clip has one white frame and a beep under it. Where they are in the film is found by decoding it and counting
frames and samples from its beginning, as a player without any time stamps would.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from bench.goals import held
from bench.join import build, edit_of
from vidpipe.media.edit import Join
from vidpipe.media.encode import Encoder
from vidpipe.media.frame import FRAME_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SIZE = (64, 36)
LENGTHS = (96, 97, 144, 191, 192)
FLASH = 40
GOAL = 1024 / SAMPLE_RATE


def make_clip(path: Path, frames: int, mark: int) -> None:
    """Write a dark, silent clip with a flash and a beep in it; `mark` makes it unlike all others."""
    with Encoder(path, SIZE, audio=True) as encoder:
        for number in range(frames):
            luma = np.full((SIZE[1], SIZE[0]), 235 if number == FLASH else 16, np.uint8)
            luma[0, 0] = mark % 32 + 16
            grey = np.full((SIZE[1] // 2, SIZE[0] // 2), 128, np.uint8)
            encoder.write_planes(luma, grey, grey)
        sound = np.zeros((2, frames * SAMPLES_PER_FRAME), np.float32)
        beep = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(SAMPLES_PER_FRAME) / SAMPLE_RATE)
        sound[:, FLASH * SAMPLES_PER_FRAME : (FLASH + 1) * SAMPLES_PER_FRAME] = beep
        encoder.write_audio(sound)


def flashes(film: Path) -> Iterator[int]:
    """Yield the number of every white frame."""
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if np.frombuffer(memoryview(frame.planes[0]), np.uint8).mean() > 100:
                yield number


def beeps(film: Path) -> list[int]:
    """Return where every beep begins, in samples."""
    with av.open(str(film)) as container:
        parts: list[NDArray[np.float32]] = [
            frame.to_ndarray()[0].astype(np.float32) for frame in container.decode(audio=0)
        ]
    loud = np.flatnonzero(np.abs(np.concatenate(parts)) > 0.1)
    return [int(loud[0]), *(int(after) for before, after in pairwise(loud) if after - before > SAMPLE_RATE // 4)]


def measure(joins: int, join: Join) -> tuple[float, float]:
    """Return by how many seconds the worst beep misses its flash, first and after a clip became another length."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = []
        for number in range(joins + 1):
            path = folder / f"{number:03}.mp4"
            make_clip(path, LENGTHS[number % len(LENGTHS)], number)
            paths.append(path)
        worst = []
        for _ in ("cold", "warm"):
            build(edit_of(paths, audio=True, join=join, size=SIZE), folder, folder / "cache")
            worst.append(_apart(folder / "film.mp4", joins + 1))
            make_clip(paths[1], LENGTHS[0], joins + 1)
    return worst[0], worst[1]


def _apart(film: Path, clips: int) -> float:
    seen, heard = list(flashes(film)), beeps(film)
    assert len(seen) == len(heard) == clips, f"{len(seen)} flashes and {len(heard)} beeps in {clips} clips"
    return max(abs(flash / FRAME_RATE - beep / SAMPLE_RATE) for flash, beep in zip(seen, heard, strict=True))


def main() -> int:
    """Measure cuts and crossfades; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joins", type=int, default=200)
    options = parser.parse_args()
    fine = True
    for join in (Join("cut"), Join("crossfade", 0.5)):
        for worst, cache in zip(measure(options.joins, join), ("no cache", "rebuilt after an edit"), strict=True):
            what = f"sound against pictures over {options.joins} joins, {join.mode}, {cache}"
            fine &= held(what, worst * 1000, GOAL * 1000, "ms at the worst of them, one AAC frame")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
