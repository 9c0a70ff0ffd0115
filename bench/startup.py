"""How soon vidpipe answers, as ratios to `python -c "import click"`: `python -m bench.startup`."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from bench.finished import finished_jobs
from bench.measure import cost, vidpipe

ROUNDS = 15
BASE = 'python -c "import click"'
GOALS: dict[str, float | None] = {
    "vidpipe --version": 1.5,
    "vidpipe --help": None,
    "vidpipe status SPEC": 6.0,
    "vidpipe status NAME": 6.0,
    "vidpipe run SPEC, nothing to do": None,
}


def main() -> int:
    """Print medians of CPU time over alternating runs; return 1 if a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        finished = finished_jobs(Path(folder).resolve(), 1)
        commands = [
            [sys.executable, "-c", "import click"],
            vidpipe("--version"),
            vidpipe("--help"),
            vidpipe("status", *finished.specs),
            vidpipe("status", finished.jobs[0].name),
            vidpipe("run", *finished.specs),
        ]
        rounds = [[cost(command, finished.root) for command in commands] for _ in range(ROUNDS)]
    if any(each.code for costs in rounds for each in costs):
        raise RuntimeError(next(each.output for costs in rounds for each in costs if each.code))
    base, *others = (statistics.median(each.cpu for each in costs) for costs in zip(*rounds, strict=True))
    print(f"{BASE:<34} {1000 * base:6.1f} ms CPU")
    held = True
    for (name, goal), cpu in zip(GOALS.items(), others, strict=True):
        verdict = "" if goal is None else f", goal {goal}: {'held' if cpu <= goal * base else 'MISSED'}"
        print(f"{name:<34} {1000 * cpu:6.1f} ms CPU, {cpu / base:4.2f} x{verdict}")
        held = held and (goal is None or cpu <= goal * base)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
