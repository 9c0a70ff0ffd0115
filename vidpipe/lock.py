"""One run per job directory: a kernel lock, so that a killed run leaves nothing to clean up.

A job's lock file is never unlinked (a preview's goes with its folder); its content names the holder for those who find
it taken. Whoever takes it first makes durable what it is going to build upon.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from vidpipe.errors import BusyError
from vidpipe.files import (
    fsync_directory,
    fsync_file,
    make_directory,
    named,
    open_regular,
    sync_names,
    sync_way,
)
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
    """Who holds a lock, as far as its file tells; the process is 0 where that cannot be known."""

    pid: int = 0
    host: str = "?"

    def __str__(self) -> str:
        return f"pid {self.pid} on {self.host}" if self.pid else "it does not say which process it is"


@contextmanager
def hold(layout: Layout, *, otherwise: str = "try again later") -> Iterator[None]:
    """Hold the lock of a job directory.

    Raises BusyError that names the holder where somebody else has it, and says what to do `otherwise`.
    """
    sync_way(layout.private, levels=3)  # .vidpipe, the job, and the folder of all jobs
    made = make_directory(layout.private)
    lock = FileLock(layout.lock, timeout=PATIENCE, poll_interval=0.05, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        said = f"{shown_path(layout.root)}: another run holds this job ({_holder(layout.lock)})"
        raise BusyError(f"{said}; {otherwise}") from error
    try:
        with _signed(layout.lock):
            if not made or list(layout.private.iterdir()) != [layout.lock]:
                _make_sure(layout)
            yield
    finally:
        lock.release()


@contextmanager
def _signed(path: Path) -> Iterator[None]:
    """Say in a lock's file who holds it, until the block ends; what comes under its name meanwhile is left alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        with named(path):
            data = (json.dumps({"pid": os.getpid(), "host": socket.gethostname()}) + "\n").encode()
            length = len(data)
            while data:
                data = data[os.write(descriptor, data) :]
            os.ftruncate(descriptor, length)
        yield
    finally:
        with suppress(OSError):  # what it would tell is checked by whoever reads it
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def _make_sure(layout: Layout) -> None:
    """Make durable what a run that was killed may have left in the system's memory only: this one builds upon it.

    That is the ledger, which grows in place, and the names of everything else; drafts and caches are not relied on.
    """
    fsync_directory(layout.root)
    if layout.ledger.exists():
        fsync_file(layout.ledger)
    for folder in (*layout.folders, layout.private):
        sync_names(folder, leave_out=(layout.cache, layout.scratch))


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
    """Read who holds a lock; it is none that is gone: that one was killed, and the next has not signed yet."""
    try:
        with open_regular(path, follow=False) as file:
            value = json.loads(file.read(LONGEST))
        found = Holder(int(value["pid"]), str(value["host"]))
    except (OSError, ValueError, OverflowError, RecursionError, KeyError, TypeError):
        return Holder()
    return Holder() if found.host == socket.gethostname() and _is_gone(found.pid) else found


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # somebody else's, or no number of a process
        return False
    return False
