"""What a command costs: CPU seconds and peak memory of its process, measured by a small parent of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).parent.parent
LAUNCHER = """
import os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, used = os.wait4(pid, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
"""A child's peak memory begins with that of the parent that forks it, so the parent has to be small."""
KIB_PER_MIB = 1 << 20 if sys.platform == "darwin" else 1 << 10


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds, peak resident memory in MiB, exit code, and everything the command wrote."""

    cpu: float
    memory: float
    code: int
    output: str


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder and return what it cost."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VIDPIPE_")}
    environ["PYTHONPATH"] = str(REPOSITORY)
    launch = [sys.executable, "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launch, cwd=folder, env=environ, capture_output=True, text=True, check=True)
    cpu, memory, code = done.stdout.split()
    return Cost(float(cpu), int(memory) / KIB_PER_MIB, int(code), done.stderr)


def vidpipe(*arguments: str) -> list[str]:
    """Return the command that runs vidpipe."""
    return [sys.executable, "-m", "vidpipe", *arguments]
