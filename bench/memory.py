"""The most memory that any process of a build takes, for 10, 50 and 200 clips: `python -m bench.memory`.

Goal: it does not grow with the number of clips; 200 clips may take an eighth more than 10, for their lists of frames.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.join import build, copies, edit_of
from bench.measure import cost
from vidpipe.media.edit import CUT, Join

GOAL = 1.125
SIZE = (1280, 720)
MODES = ("cut", "crossfade")


def built(folder: Path, count: int, mode: str) -> None:
    """Build one film with nothing in the cache, in this process and its workers."""
    paths = sorted(folder.glob("scene-*.mp4"))[:count]
    join = CUT if mode == "cut" else Join("crossfade", 0.25)
    build(edit_of(paths, audio=True, join=join, size=SIZE), folder, folder / f"cache-{mode}-{count}")


def main() -> int:
    """Measure; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, nargs="+", default=[10, 50, 200])
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--modes", nargs="+", default=MODES)
    parser.add_argument("--build", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        built(Path(options.build[0]), int(options.build[1]), options.build[2])
        return 0
    missed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies(folder, max(options.clips), options.seconds, SIZE)
        for mode in options.modes:
            found = []
            for count in options.clips:
                done = cost([sys.executable, "-m", "bench.memory", "--build", name, str(count), mode], folder)
                assert done.code == 0, done.output
                found.append(done.memory)
                print(f"{mode:10} {count:4} clips: {done.memory:5.0f} MiB, {done.memory / found[0]:.2f} of the first")
            missed |= found[-1] > GOAL * found[0]
    print(f"goal: at most {GOAL:g}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
