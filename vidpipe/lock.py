"""One run per job directory: a kernel lock, so that a killed run leaves nothing to clean up.

The lock's file is never unlinked; its content names the holder for those who find it taken.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from vidpipe.errors import BusyError
from vidpipe.files import make_directory, open_regular
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vidpipe.engine.layout import Layout

PATIENCE = 0.25
"""Seconds before a lock counts as taken: `status` holds it shared for an instant while it looks."""
LONGEST = 4096
"""Bytes of a lock's file that are read."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as far as its file tells."""

    pid: int = 0
    host: str = "?"

    def __str__(self) -> str:
        return f"pid {self.pid} on {self.host}"


@contextmanager
def hold(layout: Layout) -> Iterator[None]:
    """Hold the lock of a job directory. Raises BusyError that names the holder where somebody else has it."""
    make_directory(layout.private)
    lock = FileLock(layout.lock, timeout=PATIENCE, poll_interval=0.05, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        said = f"{shown_path(layout.root)}: another run holds this job ({_holder(layout.lock)})"
        raise BusyError(f"{said}; wait for it with --wait, or try again later") from error
    try:
        mine = {"pid": os.getpid(), "host": socket.gethostname()}
        layout.lock.write_text(json.dumps(mine) + "\n", encoding="utf-8")
        yield
    finally:
        lock.release()


def holder(layout: Layout) -> Holder | None:
    """Return who holds the lock right now, None where nobody does; writes nothing and waits for nobody."""
    try:
        descriptor = os.open(layout.lock, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(layout.lock)
    else:
        return None
    finally:
        os.close(descriptor)


def _holder(path: Path) -> Holder:
    try:
        with open_regular(path, follow=False) as file:
            value = json.loads(file.read(LONGEST))
        return Holder(int(value["pid"]), str(value["host"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()
