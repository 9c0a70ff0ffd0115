"""Clips by Veo on Vertex AI: long-running operations, of which the name is all that is kept."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from vidpipe.providers.base import Done, Failed, Gone, NotAcceptedError, Refused, Running, Unclear
from vidpipe.providers.google.bucket import place_object
from vidpipe.providers.google.errors import NotFoundError, SlowError
from vidpipe.providers.google.frames import MEDIA_TYPE, frames_of
from vidpipe.providers.google.received import described
from vidpipe.providers.google.refusals import is_filtered, refused
from vidpipe.providers.google.results import place
from vidpipe.providers.google.unforeseen import left_open

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.genai.client import AsyncClient
    from google.genai.types import GenerateVideosConfig, GenerateVideosOperation, GenerateVideosResponse

    from vidpipe.providers.base import Poll, VideoRequest
    from vidpipe.providers.google.line import Line

TRANSIENT_CODES = frozenset({4, 8, 13, 14})
"""gRPC's codes after which a new request is reasonable: deadline exceeded, exhausted, internal, unavailable."""
INLINE = (
    "; a clip comes with it where no output_gcs_uri is set in [google]: with one, later clips come from that bucket, "
    "which a slow network is better at"
)
LOCATION = re.compile(r"(?:^|/)locations/([a-z0-9-]+)/")


class Veo:
    """One video model; what a finished operation delivered inline is kept until it is fetched."""

    def __init__(self, line: Line, output_gcs_uri: str | None = None) -> None:
        self._line = line
        self._output_gcs_uri = output_gcs_uri
        self._results: dict[str, bytes | str] = {}

    async def submit(self, request: VideoRequest) -> str:
        """Start an operation and return its name. Raises RefusedError, NotAcceptedError or ReplyLostError."""
        first, last = await frames_of(request)

        async def send(client: AsyncClient) -> GenerateVideosOperation:
            from google.genai.types import GenerateVideosSource, Image

            image = Image(image_bytes=first, mime_type=MEDIA_TYPE)
            return await client.models.generate_videos(
                model=self._line.model.id,
                source=GenerateVideosSource(prompt=request.prompt, image=image),
                config=self._config(request, last),
            )

        operation = await self._line.buy(send)
        return self._line.named(operation.name, "operation")

    async def poll(self, operation: str) -> Poll:
        """Ask once how an operation stands, where it runs. Raises NotAcceptedError."""

        async def send(client: AsyncClient) -> GenerateVideosOperation:
            from google.genai.types import GenerateVideosOperation

            # The field is inherited from a class that is no pydantic model, which a type checker does not see.
            known = GenerateVideosOperation(name=operation)  # type: ignore[call-arg]
            return await client.operations.get(known)

        named = LOCATION.search(operation)
        line = self._line.at(named[1]) if named else self._line
        try:
            found = await line.ask(send, line.timeouts.answer, line.timeouts.poll)
        except NotFoundError:
            return Gone()
        except SlowError as error:
            raise NotAcceptedError(f"{error}{'' if self._output_gcs_uri else INLINE}", retry=True) from None
        with left_open(line.hide):
            return self._judged(operation, found)

    def _judged(self, operation: str, found: GenerateVideosOperation) -> Poll:
        hide = self._line.hide
        if not found.done:
            return Running()
        if found.error:
            return _failure(found.error, hide)
        response = found.response or found.result
        result = clip_in(response)
        if result is None:
            return _refusal(response, hide) or Unclear(described(found, hide))
        self._results[operation] = result
        return Done(operation)

    async def fetch(self, done: Done, path: Path) -> None:
        """Write a clip to `path`; what is no longer in memory is asked for again. Raises NotAcceptedError."""
        if done.result not in self._results and not isinstance(await self.poll(done.result), Done):
            raise NotAcceptedError(f"operation {done.result} has no result any more")
        result = self._results[done.result]
        with left_open(self._line.hide):
            if isinstance(result, bytes):
                await asyncio.to_thread(place, path, result)
            else:
                await place_object(self._line, result, path)
        self._results.pop(done.result, None)

    def _config(self, request: VideoRequest, last: bytes) -> GenerateVideosConfig:
        from google.genai.types import GenerateVideosConfig, Image

        model = self._line.model
        return GenerateVideosConfig(
            number_of_videos=1,
            last_frame=Image(image_bytes=last, mime_type=MEDIA_TYPE),
            aspect_ratio=request.aspect_ratio,
            duration_seconds=request.seconds,
            resolution=request.resolution,
            generate_audio=request.audio if model.audio == "optional" else None,
            seed=request.seed,
            negative_prompt=request.negative_prompt,
            output_gcs_uri=self._output_gcs_uri,
        )


def _failure(error: dict[str, object], hide: Callable[[str], str]) -> Refused | Failed:
    """Judge an operation's error: a filter's refusal, or a failure that a new request may or may not cure."""
    message = hide(" ".join(str(error.get("message") or "no reason was given").split()))
    code = error.get("code")
    if code not in TRANSIENT_CODES and is_filtered(message):
        return refused(message)
    return Failed(f"{message} (code {hide(str(code))})", transient=code in TRANSIENT_CODES)


def clip_in(response: GenerateVideosResponse | None) -> bytes | str | None:
    """Return what a finished operation delivered, bytes or an address."""
    for generated in (response.generated_videos or ()) if response else ():
        video = generated.video
        found = (video.video_bytes or video.uri) if video else None
        if found:
            return found
    return None


def _refusal(response: GenerateVideosResponse | None, hide: Callable[[str], str]) -> Refused | None:
    """Return why a finished operation delivered nothing, if it says that a filter took the clip."""
    reasons = (response.rai_media_filtered_reasons or ()) if response else ()
    if response and (response.rai_media_filtered_count or reasons):
        return refused(hide(" ".join(reasons)) or "the clip was filtered, and no reason was given")
    return None
