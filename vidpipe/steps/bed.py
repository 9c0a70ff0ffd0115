"""Whether the music can lie under the film: asked in every plan that would pay for something, so before that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.job import Job

MINUTE = 60


async def unplayable_music(job: Job) -> str:
    """Say why the music cannot be played, as far as a film may need it; an empty answer means that it can."""
    path = job.loaded.music
    if path is None or not job.spec.audio:
        return ""
    seconds = job.spec.scenes * job.spec.seconds + MINUTE  # a film whose narration is longer is longer, too
    return await asyncio.to_thread(_trouble, path, seconds)


def _trouble(path: Path, seconds: int) -> str:
    """Let a worker process decode: a file that crashes the decoder ends nothing but that."""
    from vidpipe.media.worker.shared import shared_workers

    name = shown_path(path)
    try:
        shared_workers().call("check_music", {"path": str(path), "name": name, "seconds": seconds}, name=name)
    except BrokenFileError as error:
        return str(error)
    except OSError as error:
        return f"the music {name} cannot be read: {error.strerror}"
    return ""
