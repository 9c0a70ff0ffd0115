"""The tasks of a worker, done in the process of the test: faster, and a broken one shows its own traceback."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, cast

from vidpipe.errors import StoppedError
from vidpipe.media.worker.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vidpipe.media.plain import Json


class Here:
    """Does what `worker.pool.Workers` does, and remembers every task with the file it was for."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    def call(
        self,
        task: str,
        arguments: Mapping[str, Json],
        *,
        name: str,
        seconds: float | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Json:
        """Return what a task makes of its arguments, which go through JSON on both ways."""
        if stop():
            raise StoppedError(name)
        self.done.append((task, name))
        module, function = TASKS[task].split(":")
        answer = getattr(import_module(module), function)(json.loads(json.dumps(arguments)))
        return cast("Json", json.loads(json.dumps(answer)))

    def count(self, task: str) -> int:
        """Say how often a task was done."""
        return sum(done == task for done, _ in self.done)

    def close(self) -> None:
        """Let go of nothing: there is no process to be ended."""
