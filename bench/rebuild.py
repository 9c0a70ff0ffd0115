"""What a cut film costs again after one clip was replaced, beside the whole build: `python -m bench.rebuild`.

Pictures are copied, so that a whole build is cheap already; what a rebuild saves is that the other clips are read for
the first time, decoded and measured. The sound is gained, limited and encoded as one stream again, and the film is
proved again, so that the goal of a tenth, which crossfades meet, is not claimed here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.goals import held
from bench.join import SIZE, build, copies, edit_of, make_clip, measured, started

GOAL = 0.10


def measure(clips: int, seconds: int, *, audio: bool) -> float:
    """Print the figures for so many clips; return how much of the whole build's CPU the rebuild takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = copies(folder, clips, seconds)
        edit = edit_of(paths, audio=audio)
        full = measured(lambda: build(edit, folder, folder / "cache"))
        make_clip(paths[clips // 2], 99, seconds, SIZE)
        changed = edit_of(paths, audio=audio)
        again = measured(lambda: build(changed, folder, folder / "cache"))
        start = measured(started)
    print(f"{clips} clips of {seconds} s, cut, {'with' if audio else 'without'} sound")
    for title, spent in (("no cache", full), ("one clip replaced", again), ("of that, a worker's start", start)):
        print(f"{title:26} {spent.cpu:8.2f} CPU s {spent.wall:8.2f} s {spent.cpu / full.cpu:8.3f} of the CPU")
    return again.cpu / full.cpu


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    ratios = {audio: measure(options.clips, options.seconds, audio=audio) for audio in (True, False)}
    fine = [
        held(f"rebuild of {options.clips} clips, cut, {title}", ratios[audio], GOAL, "of the whole", claimed=False)
        for audio, title in ((True, "with sound"), (False, "without sound"))
    ]
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
