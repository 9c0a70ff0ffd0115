"""A pool of worker processes, each with limits on memory and time, used by any number of threads.

The limits hold what a broken or hostile file can cost; they are no sandbox: a worker may read and write what its user
may. It gets no variable of the environment that could hold a key or a token.

`bench.worker` measures what that costs: on two busy cores 0.05 ms a call, and 0.2 s for a worker's start with PyAV.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

from vidpipe.errors import StoppedError
from vidpipe.media.worker import failure
from vidpipe.media.worker.process import LOOK_UP, NoReplyError, TimeUpError, Worker
from vidpipe.media.worker.wire import Request, as_error, read_reply, write_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from vidpipe.media.plain import Json
    from vidpipe.media.worker.wire import Reply

REGISTRY = "vidpipe.media.worker.tasks"
_CLOSING = 5.0
_PROCESSOR = 2.0


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker may take: `memory` in bytes of address space, and `seconds` for one task.

    To scale and encode 4096x2160 takes 1.35 GiB of address space, measured; two clips of 500 MB in memory add 1 GiB.
    Processor time is limited too, to twice the seconds; it ends a worker whose parent can no longer do so.
    """

    memory: int = 4 << 30
    seconds: float = 600.0


class Workers:
    """Up to `count` processes, started when they are needed and kept until `close`; a context manager.

    `stop` is asked some ten times a second while a call waits or runs. `registry` is the module with the dict TASKS.
    A process forked from this one starts workers of its own and leaves these alone.
    """

    def __init__(
        self,
        count: int = 2,
        limits: WorkerLimits = WorkerLimits(),
        *,
        stop: Callable[[], bool] = _never,
        registry: str = REGISTRY,
    ) -> None:
        self._count = count
        self._limits = limits
        self._stop = stop
        self._registry = registry
        self._closed = False
        self._requests = 0
        self._empty()
        _POOLS.add(self)

    def _empty(self) -> None:
        self._changed = Condition()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._starting = 0
        self._starter: ThreadPoolExecutor | None = None

    def call(
        self,
        task: str,
        arguments: Mapping[str, Json],
        *,
        name: str,
        seconds: float | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Json:
        """Return what a task makes of its arguments; `name` is the file that a message is to name.

        Raises what the task raised: BrokenFileError, SourceChangedError, FilmError, OSError; any other error as
        RuntimeError with its traceback. Raises WorkerError where the worker crashed, its subclass UncheckedError where
        it was stopped from outside or took more memory or time than it may (`seconds`, by default those of the limits,
        count from the start of the task), and StoppedError where `stop` or the pool's own said so, or the pool was
        closed.
        """
        allowed = self._limits.seconds if seconds is None else seconds

        def stopped() -> bool:
            return self._closed or self._stop() or (stop is not None and stop())

        worker = self._take(stopped)
        try:
            reply = self._ask(worker, Request(self._next(), task, arguments, _PROCESSOR * allowed), name, stopped)
        except BaseException:
            self._put(worker, keep=False)
            raise
        lacks_memory = reply.failure is not None and reply.failure.kind == "memory"
        self._put(worker, keep=not lacks_memory)
        if reply.failure is None:
            return reply.value
        if lacks_memory:
            raise failure.too_much_memory(name, self._limits.memory)
        if reply.failure.kind == "ffmpeg":
            raise failure.refused(name, reply.failure.message)
        raise as_error(reply.failure)

    def _next(self) -> int:
        with self._changed:
            self._requests += 1
            return self._requests

    def _ask(self, worker: Worker, request: Request, name: str, stopped: Callable[[], bool]) -> Reply:
        line = write_request(request)
        seconds = request.processor / _PROCESSOR
        try:
            reply = read_reply(worker.ask(line, seconds, stopped))
            if reply.id != request.id:
                raise NoReplyError("its reply is to another request")
        except TimeUpError:
            raise failure.too_long(name, seconds) from None
        except ValueError as error:
            raise failure.WorkerError(name, failure.nonsense(str(error))) from None
        except NoReplyError as error:
            if error.args:
                raise failure.WorkerError(name, failure.nonsense(str(error))) from None
            code = worker.end()
            raise failure.ended(name, code, worker.last_words, request.processor) from None
        return reply

    def _take(self, stopped: Callable[[], bool]) -> Worker:
        """Return a worker that is this thread's until `_put`; waits until there is one."""
        with self._changed:
            while True:
                if stopped():
                    raise StoppedError
                while self._idle:
                    worker = self._idle.pop()
                    if worker.quiet():
                        self._busy.add(worker)
                        return worker
                    worker.end()
                if len(self._busy) + self._starting < self._count:
                    break
                self._changed.wait(LOOK_UP)
            self._starting += 1
            # One thread starts them all and lives as long as they do, see `Worker`.
            self._starter = self._starter or ThreadPoolExecutor(1, "vidpipe-workers")
            started = self._starter.submit(Worker, self._limits.memory, self._registry)
        try:
            worker = started.result()
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
        with self._changed:
            self._busy.add(worker)
        return worker

    def _put(self, worker: Worker, *, keep: bool) -> None:
        if not keep:
            worker.end()
        with self._changed:
            self._busy.discard(worker)
            if keep:
                self._idle.append(worker)
            self._changed.notify_all()

    def close(self) -> None:
        """End all workers; calls that are still waiting raise StoppedError."""
        self._closed = True
        until = time.monotonic() + _CLOSING
        with self._changed:
            while (self._busy or self._starting) and time.monotonic() < until:
                self._changed.wait(LOOK_UP)
            for worker in self._idle:
                worker.end()
            self._idle.clear()
            starter, self._starter = self._starter, None
        if starter is not None:
            starter.shutdown()

    def forget(self) -> None:
        """Let go of everything in a process that was forked from the pool's own."""
        for worker in [*self._idle, *self._busy]:
            worker.forget()
        self._empty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_POOLS: WeakSet[Workers] = WeakSet()


def _forget_all() -> None:
    for pool in list(_POOLS):
        pool.forget()


os.register_at_fork(after_in_child=_forget_all)
