"""What a provider does about one clip: begin it, ask about it, fetch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.providers.google.requests import video_request
from vidpipe.providers.base import Done

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.providers.google.conftest import Rig
    from vidpipe.providers.base import Poll, VideoRequest
    from vidpipe.providers.google import Google

REQUEST = video_request()
BUCKET = "gs://films/takes"


def submitting(rig: Rig, request: VideoRequest = REQUEST) -> Callable[[Google], Awaitable[str]]:
    """Return the call that begins a clip."""
    model = rig.film

    async def submit(google: Google) -> str:
        return await google.video(model).submit(request)

    return submit


def polling(rig: Rig) -> Callable[[Google], Awaitable[Poll]]:
    """Return the call that begins a clip and asks about it once."""
    model = rig.film

    async def poll(google: Google) -> Poll:
        port = google.video(model)
        return await port.poll(await port.submit(REQUEST))

    return poll


def filming(rig: Rig, *paths: Path) -> Callable[[Google], Awaitable[None]]:
    """Return the call that begins a clip and fetches it to each of the paths."""
    model = rig.film

    async def film(google: Google) -> None:
        port = google.video(model)
        done = await port.poll(await port.submit(REQUEST))
        assert isinstance(done, Done)
        for path in paths:
            await port.fetch(done, path)

    return film
