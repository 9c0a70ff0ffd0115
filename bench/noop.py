"""What a run with nothing to do costs over many finished jobs: `python -m bench.noop --jobs 1000`.

Beside it, in the same run: a script that does nothing but stat the same files, and `make` with the same dependencies.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.finished import SCENES, TARGETS, Finished, finished_jobs
from bench.measure import Cost, cost, vidpipe
from vidpipe.index import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROUNDS = 5
CPU_GOAL = 1.0
MEMORY_GOAL = 150.0
GOAL_JOBS = 1000
STAT = "import os, sys\nfor path in open(sys.argv[1]).read().splitlines(): os.stat(path)"


def main() -> int:
    """Print the median CPU and peak memory of each program; return 1 if vidpipe misses its goal for 1,000 jobs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=GOAL_JOBS)
    jobs = parser.parse_args().jobs
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        finished = finished_jobs(Path(folder).resolve(), jobs)
        print(f"{jobs} finished jobs of {TARGETS} targets made in {time.perf_counter() - started:.0f} s")
        _prove(finished)
        programs = {"vidpipe run specs/*.yaml": vidpipe("run", *finished.specs), **_others(finished)}
        found = {
            name: statistics_of([cost(command, finished.root) for _ in range(ROUNDS)])
            for name, command in programs.items()
        }
    for name, (cpu, memory) in found.items():
        print(f"{name:<40} {cpu:6.3f} s CPU {memory:7.1f} MiB")
    cpu, memory = next(iter(found.values()))
    if jobs != GOAL_JOBS:
        return 0
    held = cpu < CPU_GOAL and memory < MEMORY_GOAL
    print(f"goal: under {CPU_GOAL} s CPU and {MEMORY_GOAL:.0f} MiB: {'held' if held else 'MISSED'}")
    return 0 if held else 1


def _prove(finished: Finished) -> None:
    """Make sure that all is up to date, by the index and, for some, by the engine and every byte."""
    assert fresh([Path(spec) for spec in finished.specs], environ={}) is not None
    sample = finished.specs[:: max(1, len(finished.specs) // 3)]
    checked = cost(vidpipe("plan", "--exit-code", "--verify", *sample), finished.root)
    assert checked.code == 0, checked.output


def _others(finished: Finished) -> dict[str, list[str]]:
    paths = finished.root / "paths.txt"
    files = [path for job in finished.jobs for path in job.rglob("*") if path.is_file()]
    paths.write_text("\n".join(map(str, [*files, *finished.specs])), encoding="utf-8")
    programs = {f"python: stat of the same {len(files)} files": [sys.executable, "-c", STAT, str(paths)]}
    if shutil.which("make"):
        (finished.root / "Makefile").write_text("\n".join(_rules(finished)) + "\n", encoding="utf-8")
        programs["make: same dependencies"] = ["make", "-s"]
    return programs


def _rules(finished: Finished) -> Iterator[str]:
    """Yield a Makefile in which every target of every job depends on what vidpipe makes it from."""
    runs = [f"runs/{job.name}" for job in finished.jobs]
    yield "all: " + " ".join(f"{run}/film.mp4" for run in runs)
    for run, spec in zip(runs, finished.specs, strict=True):
        board = f"{run}/storyboard.json"
        yield f"{board}: {spec}\n\tfalse"
        frames = [f"{run}/keyframes/scene-000-start.png"]
        frames += [f"{run}/keyframes/scene-{scene:03}-end.png" for scene in range(SCENES)]
        clips = [f"{run}/clips/scene-{scene:03}.mp4" for scene in range(SCENES)]
        yield f"{frames[0]}: {board}\n\tfalse"
        for first, last, clip in zip(frames, frames[1:], clips, strict=False):
            yield f"{last}: {board} {first}\n\tfalse\n{clip}: {board} {first} {last}\n\tfalse"
        yield f"{run}/film.mp4: {' '.join(clips)}\n\tfalse"


def statistics_of(costs: Sequence[Cost]) -> tuple[float, float]:
    """Return the median of CPU seconds and the greatest of peak memories. Raises RuntimeError for a failed command."""
    failed = [each for each in costs if each.code != 0]
    if failed:
        raise RuntimeError(failed[0].output)
    return statistics.median(each.cpu for each in costs), max(each.memory for each in costs)


if __name__ == "__main__":
    sys.exit(main())
