"""How much CPU a cut costs per clip, beside `cat` of the same bytes: `python -m bench.join --clips 200`."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.encode import Encoder
from vidpipe.media.film import Source, build_film
from vidpipe.media.frame import FRAME_RATE, SAMPLES_PER_FRAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZE = (1280, 720)
DISTINCT = 4


def make_clip(path: Path, seed: int, seconds: int) -> None:
    """Write a clip of moving grain and soft noise, about as many bytes a second as a generated one."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    texture = random.normal(128, 40, (height // 8, width // 4)).clip(16, 235).astype(np.uint8)
    texture = np.kron(texture, np.ones((8, 8), np.uint8))
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    with Encoder(path, SIZE, audio=True, crf=22) as encoder:
        for number in range(seconds * FRAME_RATE):
            left = 6 * number % width
            noise = random.integers(0, 12, (height // 2, width // 2), np.uint8).repeat(2, 0).repeat(2, 1)
            encoder.write_planes(texture[:, left : left + width] + noise, grey, grey)
            encoder.write_audio(random.normal(0, 0.05, (2, SAMPLES_PER_FRAME)).astype(np.float32))


def copies(folder: Path, count: int, seconds: int) -> list[Path]:
    """Make a few distinct clips and copy them until there are `count` files."""
    distinct = [folder / f"distinct-{seed}.mp4" for seed in range(min(count, DISTINCT))]
    for seed, path in enumerate(distinct):
        make_clip(path, seed, seconds)
    paths = [folder / f"scene-{number:03}.mp4" for number in range(count)]
    for number, path in enumerate(paths):
        shutil.copyfile(distinct[number % len(distinct)], path)
    return paths


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return (CPU seconds of this process and its children, wall seconds)."""
    before, start = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)], time.perf_counter()
    work()
    wall = time.perf_counter() - start
    after = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    cpu = sum(end.ru_utime + end.ru_stime - old.ru_utime - old.ru_stime for old, end in zip(before, after, strict=True))
    return cpu, wall


def cat(paths: Sequence[Path], target: Path) -> None:
    """Write all bytes one after the other, the least that any join must do."""
    with target.open("wb") as stream:
        subprocess.run(["cat", *map(str, paths)], stdout=stream, check=True)


def cut(paths: Sequence[Path], folder: Path, *, audio: bool) -> None:
    """Build the film of all clips, and verify it."""
    sources = [Source(path.name, path.read_bytes) for path in paths]
    report = build_film(sources, folder / "film.mp4", size=SIZE, audio=audio, mode="cut", scratch=folder)
    assert not report.normalised


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = copies(folder, options.clips, options.seconds)
        size = sum(path.stat().st_size for path in paths)
        print(f"{options.clips} clips of {options.seconds} s, {SIZE[0]}x{SIZE[1]}, {size / 1e6:.0f} MB")
        works: dict[str, Callable[[], object]] = {
            "cat of the files": lambda: cat(paths, folder / "cat.mp4"),
            "cut without sound": lambda: cut(paths, folder, audio=False),
            "cut with sound": lambda: cut(paths, folder, audio=True),
        }
        print(f"{'':18} {'CPU s':>8} {'wall s':>8} {'CPU ms a clip':>14} {'CPU x cat':>10} {'wall x cat':>11}")
        results = {title: measured(work) for title, work in works.items()}
        cat_cpu, cat_wall = results["cat of the files"]
        for title, (cpu, wall) in results.items():
            each = cpu / options.clips * 1000
            print(f"{title:18} {cpu:8.2f} {wall:8.2f} {each:14.1f} {cpu / cat_cpu:10.1f} {wall / cat_wall:11.1f}")
        print(f"peak memory {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
