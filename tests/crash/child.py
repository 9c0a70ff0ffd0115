"""A process of its own for a run that may be killed, or that has to be watched from within."""

from __future__ import annotations

import gc
import os
import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_child(act: Callable[[], object]) -> object:
    """Do something in a process of its own and return what it returns, None if the process was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            gc.disable()  # it would touch, and so copy, every page that the two processes share
            with os.fdopen(writer, "wb") as file:
                pickle.dump(act(), file)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        told = file.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed by itself"
    return pickle.loads(told)
