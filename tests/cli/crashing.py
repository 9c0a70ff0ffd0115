"""A worker's list of tasks in which `probe` crashes at files that are called so, and lies about others."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from vidpipe.media.worker import looking
from vidpipe.media.worker.tasks import TASKS as REAL

if TYPE_CHECKING:
    from vidpipe.media.plain import Json

TASKS = REAL | {"probe": "tests.cli.crashing:probe"}


def probe(arguments: dict[str, Json]) -> Json:
    if "crash" in str(arguments["name"]):
        os.kill(os.getpid(), signal.SIGSEGV)
    return {"lie": True} if "lie" in str(arguments["name"]) else looking.probe(arguments)
