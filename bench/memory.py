"""The most memory that any process of a build takes, for 10, 50 and 200 clips: `python -m bench.memory`.

Goal: it does not grow with the number of clips; 200 clips may take an eighth more than 10. It is not claimed, because
the tables of frames, packets and measured sound grow by about 0.1 MiB for each clip of 8 s.
Films have sound, and music under it; cuts are of clips of 8 s. Crossfades encode every picture anew, so their clips are
of 1 s. Each film is built with nothing in the cache, and then again with everything in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.goals import held
from bench.join import build, copies, edit_of
from bench.measure import cost
from vidpipe.files import sha256_file
from vidpipe.media.edit import CUT, Bed, Join, Source
from vidpipe.media.frame import SAMPLE_RATE

GOAL = 1.125
SIZE = (1280, 720)
SECONDS = {"cut": 8, "crossfade": 1}
CACHES = ("no cache", "from the cache")
MUSIC = "music.wav"


def write_music(path: Path, seconds: int = 60) -> None:
    """Write soft noise as music."""
    samples = np.random.default_rng(0).normal(0, 2_000, 2 * seconds * SAMPLE_RATE).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())


def built(folder: Path, count: int, mode: str) -> None:
    """Build one film in this process and its workers."""
    paths = sorted(folder.glob("scene-*.mp4"))[:count]
    join = CUT if mode == "cut" else Join("crossfade", 0.25)
    music = Source(MUSIC, folder / MUSIC, sha256_file(folder / MUSIC))
    edit = replace(edit_of(paths, audio=True, join=join, size=SIZE), music=Bed(music, -12.0, 10.0))
    build(edit, folder, folder / f"cache-{count}")


def measure(mode: str, counts: list[int], seconds: int) -> bool:
    """Print the figures for one mode; return False where a claimed goal is missed."""
    found: dict[str, list[float]] = {cache: [] for cache in CACHES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies(folder, max(counts), seconds, SIZE)
        write_music(folder / MUSIC)
        for count in counts:
            for cache in CACHES:
                done = cost([sys.executable, "-m", "bench.memory", "--build", name, str(count), mode], folder)
                assert done.code == 0, done.output
                found[cache].append(done.memory)
                print(f"{mode:10} {count:4} clips of {seconds} s, {cache:14}: {done.memory:5.0f} MiB", flush=True)
    fine = True
    for cache, memories in found.items():
        what = f"peak memory of {counts[-1]} clips, {mode}, {cache}"
        fine &= held(what, memories[-1] / memories[0], GOAL, f"of that of {counts[0]}", claimed=False)
    return fine


def main() -> int:
    """Measure; 1 where a claimed goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[10, 50, 200])
    parser.add_argument("--modes", nargs="+", default=list(SECONDS), choices=list(SECONDS))
    parser.add_argument("--build", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        built(Path(options.build[0]), int(options.build[1]), options.build[2])
        return 0
    fine = [measure(mode, options.clips, SECONDS[mode]) for mode in options.modes]
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
