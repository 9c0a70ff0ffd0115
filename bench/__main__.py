"""Every benchmark, each figure under the command that finds it, and all goals at the end: `python -m bench`."""

from __future__ import annotations

import subprocess
import sys

from bench.goals import GOAL

BENCHMARKS = ("startup", "noop", "animatic", "join", "sound", "crossfade", "rebuild", "drift", "memory", "worker")


def run(name: str) -> tuple[int, list[str]]:
    """Run one benchmark, and return its exit code and the goals that it told of."""
    goals = []
    command = [sys.executable, "-u", "-m", f"bench.{name}"]
    print(f"$ python -m bench.{name}", flush=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith(f"{GOAL} "):
                goals.append(f"{line.rstrip()}   (bench.{name})")
    print(flush=True)
    return process.returncode, goals


def main() -> int:
    """Run one after the other and return 1 if any misses a goal that README claims."""
    found = [run(name) for name in BENCHMARKS]
    print("all goals:")
    for _, goals in found:
        print("\n".join(goals), end="\n" if goals else "")
    return int(any(code for code, _ in found))


if __name__ == "__main__":
    sys.exit(main())
