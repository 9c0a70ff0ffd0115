"""The workers that a whole process shares: started by the first task, ended when a run is over."""

from __future__ import annotations

import atexit
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe.media.worker.pool import Workers

_lock = Lock()
_pool: Workers | None = None


def shared_workers() -> Workers:
    """Return the pool of this process, which starts no process before it is asked for something."""
    global _pool  # noqa: PLW0603 - one a process is the point
    with _lock:
        if _pool is None:
            from vidpipe.media.worker.pool import Workers

            _pool = Workers()
            atexit.register(close_shared_workers)
        return _pool


def close_shared_workers() -> None:
    """End the pool of this process, if there is one; a later task starts another."""
    global _pool
    with _lock:
        pool, _pool = _pool, None
    if pool is not None:
        atexit.unregister(close_shared_workers)
        pool.close()
