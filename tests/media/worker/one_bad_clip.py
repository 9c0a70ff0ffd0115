"""The real tasks of a worker, of which one clip of one job crashes the decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.media.worker.deeds import crash
from vidpipe.media.worker import looking
from vidpipe.media.worker.tasks import TASKS as REAL

if TYPE_CHECKING:
    from vidpipe.media.plain import Json

TASKS = REAL | {"check_clip": "tests.media.worker.one_bad_clip:check_clip"}


def check_clip(arguments: dict[str, Json]) -> Json:
    path = str(arguments["path"])
    if "/pier/" in path and "scene-001" in path:
        return crash(arguments)
    return looking.check_clip(arguments)
