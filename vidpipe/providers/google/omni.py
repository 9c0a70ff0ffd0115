"""Clips by Gemini Omni through the Interactions API, which an API key opens: background interactions, asked by id."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import TYPE_CHECKING

from vidpipe.providers.base import (
    Done,
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Refused,
    Running,
    Unclear,
)
from vidpipe.providers.google.errors import NotFoundError
from vidpipe.providers.google.frames import MEDIA_TYPE, frames_of
from vidpipe.providers.google.received import described
from vidpipe.providers.google.refusals import is_filtered, refused
from vidpipe.providers.google.results import place, whole
from vidpipe.providers.google.unforeseen import left_open
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from google.genai.client import AsyncClient

    from vidpipe.providers.base import Poll, VideoRequest
    from vidpipe.providers.google.line import Line

FILE = re.compile(r"(?:https://[A-Za-z0-9.-]+/(?:[a-z0-9]+/)?)?files/[a-z0-9-]+(?::download)?(?:\?alt=media)?")
"""Where a clip lies: the SDK takes the file's id from it, and asks the host that it always asks."""
ENDED = frozenset({"completed", "failed", "cancelled", "incomplete", "budget_exceeded"})
"""States that are an end; whatever else it is called, it may yet become a clip that has been paid for."""
SEVERAL_TRIES = frozenset({"cancelled", "incomplete"})
"""States that end an interaction without its being wrong."""
OTHER_KEY = "another key or project?"
"""Why an interaction may not be known: who holds another key is not told that there is one."""


class Omni:
    """One video model; where a finished interaction's clip lies is kept until it is fetched."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._results: dict[str, bytes | str] = {}

    async def submit(self, request: VideoRequest) -> str:
        """Start an interaction and return its id. Raises RefusedError, NotAcceptedError or ReplyLostError."""
        first, last = await frames_of(request)

        async def send(client: AsyncClient) -> Any:
            return await client.interactions.create(
                model=self._line.model.id,
                input=_input(request.prompt, first, last),
                generation_config={"video_config": {"task": "image_to_video"}},
                response_format={
                    "type": "video",
                    "aspect_ratio": request.aspect_ratio,
                    "duration": f"{request.seconds}s",
                    "resolution": request.resolution,
                    "delivery": "uri",
                },
                background=True,
            )

        interaction = await self._line.buy(send)
        return self._line.named(interaction.id, "interaction")

    async def poll(self, operation: str) -> Poll:
        """Ask once how an interaction stands. Raises NotAcceptedError."""

        async def send(client: AsyncClient) -> Any:
            return await client.interactions.get(operation)

        try:
            found = await self._line.ask(send, self._line.timeouts.answer, self._line.timeouts.poll)
        except NotFoundError:
            return Gone(OTHER_KEY)
        with left_open(self._line.hide):
            return self._judged(operation, found)

    def _judged(self, operation: str, found: Any) -> Poll:
        if found.status not in ENDED:
            return Running()
        result = clip_in(found) if found.status == "completed" else None
        if result is None:
            return without_clip(found, self._line.hide)
        self._results[operation] = result
        return Done(operation)

    async def fetch(self, done: Done, path: Path) -> None:
        """Write a clip to `path`; what is no longer in memory is asked for again. Raises NotAcceptedError."""
        if done.result not in self._results and not isinstance(await self.poll(done.result), Done):
            raise NotAcceptedError(f"interaction {done.result} has no result any more")
        result = self._results[done.result]
        with left_open(self._line.hide):
            if isinstance(result, bytes):
                await asyncio.to_thread(place, path, result)
            else:
                await self._download(result, path)
        self._results.pop(done.result, None)

    async def _download(self, uri: str, path: Path) -> None:
        if not FILE.fullmatch(uri):
            raise NotAcceptedError(
                f"the clip lies at an address that vidpipe cannot read: {shown_text(self._line.hide(uri))}"
            )

        async def send(client: AsyncClient) -> None:
            # It follows a redirect, writes piece by piece, and leaves what came if it is cut off.
            await client.files.download(file=uri, destination=part)  # type: ignore[call-overload]

        async with whole(path) as part:
            try:
                await self._line.ask(send, self._line.timeouts.download, self._line.timeouts.poll)
            except NotFoundError as error:
                raise NotThereError(f"the clip is not there any more ({error})") from error


def _input(prompt: str, first: bytes, last: bytes) -> list[dict[str, str]]:
    """Return what an interaction is about: the words, then the first and the last frame.

    How Google tells the two apart is not documented where we could read; their order is all that says it here.
    """
    frames = [
        {"type": "image", "data": base64.b64encode(frame).decode("ascii"), "mime_type": MEDIA_TYPE}
        for frame in (first, last)
    ]
    return [{"type": "text", "text": prompt}, *frames]


def clip_in(interaction: Any) -> bytes | str | None:
    """Return what a completed interaction delivered, bytes or an address; None where that cannot be told."""
    video = getattr(interaction, "output_video", None)
    if video is None:
        return None
    try:
        return video.uri or (base64.b64decode(video.data) if video.data else None)
    except ValueError:  # binascii.Error is one
        return None


def without_clip(interaction: Any, hide: Callable[[str], str]) -> Refused | Failed | Unclear:
    """Judge an interaction that ended without a clip: a filter's refusal, a failure, or something not understood."""
    errors = [f"{error.code or ''} {error.message or ''}".strip() for error in interaction.errors or ()]
    words = hide(getattr(interaction, "output_text", None) or "")
    message = hide("; ".join(error for error in errors if error))
    if is_filtered(message) or (not message and is_filtered(words)):
        return refused(message or words)
    if interaction.status == "completed":
        return Unclear(described(interaction, hide))
    said = message or (f"it answered {shown_text(words)}" if words else "no reason was given")
    return Failed(f"{interaction.status} without a clip: {said}", transient=interaction.status in SEVERAL_TRIES)
