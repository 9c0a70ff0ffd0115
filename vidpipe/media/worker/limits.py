"""What a worker process may take, and that it does not outlive its parent.

Linux holds all of it. macOS does not hold the limit on memory: there, a clip that asks for too much is ended by the
limit on time, or by the system. Nor does macOS kill a child for its parent's end: there, a thread waits for the end of
the worker's input (`child`), which fails only while a library never lets go of the interpreter, until the limit on
processor time ends that too.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys
from contextlib import suppress

OPEN_FILES = 256
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_process(memory: int) -> None:
    """Limit this process to `memory` bytes of address space, few open files, and no core dumps."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_AS, memory)


def _lower(which: int, most: int) -> None:
    """Set a limit for good, or leave a lower one as it is."""
    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # macOS refuses some that it would not hold anyway
        resource.setrlimit(which, (most, most))


def limit_processor(seconds: float) -> None:
    """Let this process take that many more seconds of processor time; then SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def die_with(parent: int) -> None:
    """Be killed when the thread of `parent` that started this process ends, or at once if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
