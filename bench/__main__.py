"""Every benchmark, each figure under the command that finds it: `python -m bench`."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = ("startup", "noop", "animatic", "join", "sound", "crossfade", "drift", "memory", "worker")


def main() -> int:
    """Run one after the other and return 1 if any misses a goal."""
    codes = []
    for name in BENCHMARKS:
        print(f"$ python -m bench.{name}", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode)
        print(flush=True)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
