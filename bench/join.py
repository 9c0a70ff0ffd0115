"""What a cut costs beside `cat` of the same clips, with no cache and from the cache: `python -m bench.join`.

Both end when the file is on the disk (fsync), as a film always is before it counts. Goal: copying the pictures, the
proof of the film included, takes at most 6 times as long as `cat`. It is judged with no cache and from the cache, each
with the start of a worker and less it, because in a job one runs already. It is claimed only for the cache and less
that start: without a cache every clip is read, probed and in part decoded as well, once. The works take turns for some
rounds, and the best of each counts: other programs only make it slower.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import numpy as np

from bench.goals import held
from vidpipe.files import fsync_file
from vidpipe.media.edit import CUT, Edit, Join, Segment, Source
from vidpipe.media.encode import Encoder
from vidpipe.media.film import build_film
from vidpipe.media.frame import FRAME_RATE, SAMPLES_PER_FRAME
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vidpipe.media.film import FilmReport

SIZE = (1280, 720)
DISTINCT = 4
GOAL = 6.0
START, CAT = "start of a worker", "cat, and to the disk"


def make_clip(path: Path, seed: int, seconds: int, size: tuple[int, int] = SIZE) -> None:
    """Write a clip of moving grain and soft noise, about as many bytes a second as a generated one."""
    random = np.random.default_rng(seed)
    width, height = size
    texture = random.normal(128, 40, (height // 8, width // 4)).clip(16, 235).astype(np.uint8)
    texture = np.kron(texture, np.ones((8, 8), np.uint8))
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    with Encoder(path, size, audio=True, crf=22) as encoder:
        for number in range(seconds * FRAME_RATE):
            left = 6 * number % width
            noise = random.integers(0, 12, (height // 2, width // 2), np.uint8).repeat(2, 0).repeat(2, 1)
            encoder.write_planes(texture[:, left : left + width] + noise, grey, grey)
            encoder.write_audio(random.normal(0, 0.05, (2, SAMPLES_PER_FRAME)).astype(np.float32))


def copies(folder: Path, count: int, seconds: int, size: tuple[int, int] = SIZE) -> list[Path]:
    """Make a few distinct clips and copy them until there are `count` files, each with a digest of its own."""
    distinct = [folder / f"distinct-{seed}.mp4" for seed in range(min(count, DISTINCT))]
    for seed, path in enumerate(distinct):
        if not path.exists():
            make_clip(path, seed, seconds, size)
    paths = [folder / f"scene-{number:03}.mp4" for number in range(count)]
    for number, path in enumerate(paths):
        shutil.copyfile(distinct[number % len(distinct)], path)
        with path.open("ab") as file:
            file.write((12).to_bytes(4, "big") + b"free" + number.to_bytes(4, "big"))
    return paths


def edit_of(paths: Sequence[Path], *, audio: bool, join: Join = CUT, size: tuple[int, int] = SIZE) -> Edit:
    """Return the edit of whole clips."""
    sources = [Source(path.name, path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]
    return Edit(tuple(Segment(source, join) for source in sources), size, audio, loudness=-16.0 if audio else None)


def build(edit: Edit, folder: Path, cache: Path, workers: Workers | None = None) -> FilmReport:
    """Build the film as a job does, with workers of its own if none are given."""
    if workers is None:
        with Workers() as own:
            return build(edit, folder, cache, own)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return build_film(edit, folder / "film.mp4", cache=cache, scratch=scratch, workers=workers)


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of this process and its children, and wall seconds."""

    cpu: float
    wall: float


def measured(work: Callable[[], object]) -> Spent:
    """Do the work and return what it took."""
    before, start = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)], time.perf_counter()
    work()
    wall = time.perf_counter() - start
    after = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    cpu = sum(end.ru_utime + end.ru_stime - old.ru_utime - old.ru_stime for old, end in zip(before, after, strict=True))
    return Spent(cpu, wall)


def cat(paths: Sequence[Path], target: Path) -> None:
    """Write all bytes one after the other, the least that any join must do."""
    with target.open("wb") as stream:
        subprocess.run(["cat", *map(str, paths)], stdout=stream, check=True)
    fsync_file(target)


def started() -> None:
    """Start a worker and let it load what films need."""
    with Workers() as workers:
        workers.call("versions", {}, name="FFmpeg")


def works(folder: Path, paths: Sequence[Path]) -> dict[str, Callable[[], object]]:
    """Return what is measured; a cold cut leaves the cache that the warm one after it finds."""
    silent, sounding = edit_of(paths, audio=False), edit_of(paths, audio=True)

    def warm(edit: Edit, cache: Path) -> None:
        build(edit, folder, cache)
        fsync_file(folder / "film.mp4")

    def cold(edit: Edit, cache: Path) -> None:
        shutil.rmtree(cache, ignore_errors=True)
        warm(edit, cache)

    return {
        START: started,
        CAT: lambda: cat(paths, folder / "cat.mp4"),
        "cut, no cache": lambda: cold(silent, folder / "silent"),
        "cut, from the cache": lambda: warm(silent, folder / "silent"),
        "with sound, no cache": lambda: cold(sounding, folder / "sounding"),
        "with sound, from the cache": lambda: warm(sounding, folder / "sounding"),
    }


def table(clips: int, seconds: int, rounds: int) -> dict[str, float]:
    """Print one table; return how long each work took, as a multiple of `cat`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = copies(folder, clips, seconds)
        size = sum(path.stat().st_size for path in paths)
        print(f"{clips} clips of {seconds} s, {SIZE[0]}x{SIZE[1]}, {size / 1e6:.0f} MB, best of {rounds}")
        todo = works(folder, paths)
        spent: dict[str, list[Spent]] = {title: [] for title in todo}
        for _ in range(rounds):
            for title, work in todo.items():
                spent[title].append(measured(work))
    less = "less a worker's start"
    print(f"{'':26} {'CPU ms a clip':>14} {'wall ms a clip':>15} {'wall x cat':>11} {less:>22}")
    wall = {title: min(each.wall for each in found) for title, found in spent.items()}
    cpu = {title: min(each.cpu for each in found) for title, found in spent.items()}
    ratios = {title: wall[title] / wall[CAT] for title in todo}
    for title, ratio in ratios.items():
        rest = f"{ratio - ratios[START]:22.1f}" if title not in {CAT, START} else ""
        print(f"{title:26} {cpu[title] / clips * 1000:14.1f} {wall[title] / clips * 1000:15.1f} {ratio:11.1f} {rest}")
    return ratios


def judged(clips: int, ratios: dict[str, float]) -> bool:
    """Tell of the goal, cold and warm; return False where it is missed as far as it is claimed."""
    fine = True
    for title, claimed in (("cut, from the cache", True), ("cut, no cache", False)):
        what, unit = f"{clips} clips {title.replace('cut,', 'cut without sound,')}", "x cat"
        fine &= held(f"{what}, a worker running", ratios[title] - ratios[START], GOAL, unit, claimed=claimed)
        fine &= held(f"{what}, a worker's start included", ratios[title], GOAL, unit, claimed=False)
    return fine


def main() -> int:
    """Measure and print the tables; 1 where a claimed goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found = {clips: table(clips, options.seconds, options.rounds) for clips in options.clips}
    fine = [judged(clips, ratios) for clips, ratios in found.items()]
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
