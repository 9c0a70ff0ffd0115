"""The worker's side: read a request, do the task, write the reply, until the parent is gone."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from vidpipe.media.worker.limits import die_with, limit_process, limit_processor
from vidpipe.media.worker.wire import Reply, as_failure, read_request, write_reply

if TYPE_CHECKING:
    from vidpipe.media.worker.wire import Request


def main() -> None:
    """Serve the parent that is named on the command line; never returns."""
    parent, memory, registry = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl-C means
    die_with(parent)
    limit_process(memory)
    requests, replies = _private_pipes()
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    while True:
        _send(replies, _answer(read_request(waiting.get()), registry))


def _private_pipes() -> tuple[int, int]:
    """Move the pipes to the parent out of the way of libraries: what these print goes to standard error."""
    requests, replies = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return requests, replies


def _receive(requests: int, waiting: SimpleQueue[bytes]) -> None:
    """Pass on every line; when the parent is gone, end the process even in the middle of a task."""
    with os.fdopen(requests, "rb") as lines:
        for line in lines:
            waiting.put(line)
    os._exit(0)


def _answer(request: Request, registry: str) -> bytes:
    try:
        limit_processor(request.processor)
        module, function = import_module(registry).TASKS[request.task].split(":")
        value = getattr(import_module(module), function)(dict(request.arguments))
        return write_reply(Reply(request.id, value))
    except Exception as error:  # everything travels, a bug too
        return write_reply(Reply(request.id, failure=as_failure(error)))


def _send(replies: int, reply: bytes) -> None:
    rest = memoryview(reply)
    while rest:
        rest = rest[os.write(replies, rest) :]
