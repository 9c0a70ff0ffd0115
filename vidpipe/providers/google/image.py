"""Keyframes by Gemini's picture models."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.providers.base import Picture, RefusedError, ReplyLostError
from vidpipe.providers.google.refusals import raise_if_refused, refused
from vidpipe.redact import redacted
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import Candidate, GenerateContentResponse

    from vidpipe.providers.base import ImageRequest
    from vidpipe.providers.google.line import Line

NO_PICTURE = "NO_IMAGE"


class Painter:
    """One picture model."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def draw(self, request: ImageRequest) -> Picture:
        """Ask once for a picture, and return it as it was delivered.

        Raises RefusedError (also where the answer holds no picture), NotAcceptedError or ReplyLostError.
        """

        async def send(client: AsyncClient) -> GenerateContentResponse:
            from google.genai.types import Content, GenerateContentConfig, ImageConfig, Part

            pictures = [request.first] if request.first else []
            pictures += [reference.picture for reference in request.references]
            parts = [Part.from_bytes(data=picture.data, mime_type=picture.media_type) for picture in pictures]
            contents = Content(role="user", parts=[*parts, Part.from_text(text=request.prompt)])
            size = request.image_size if self._line.model.image_sizes else None
            config = GenerateContentConfig(
                response_modalities=["IMAGE"],
                image_config=ImageConfig(aspect_ratio=request.aspect_ratio, image_size=size),
            )
            return await client.models.generate_content(model=self._line.model.id, contents=contents, config=config)

        candidate = raise_if_refused(await self._line.buy(send))
        return await asyncio.to_thread(picture_in, candidate)


def picture_in(candidate: Candidate | None) -> Picture:
    """Return the first picture of an answer that is no draft and can be used. Raises RefusedError or ReplyLostError."""
    from vidpipe.media.picture import check_picture, media_type

    parts = (candidate.content.parts or ()) if candidate and candidate.content else ()
    fault = ""
    for part in parts:
        data = part.inline_data.data if part.inline_data and not part.thought else None
        if data:
            try:
                kind = media_type(data)
                check_picture(data, "the picture that came")
                return Picture(data, kind)
            except BrokenFileError as error:
                fault = str(error)
    if fault:  # delivered, so it was paid for
        raise ReplyLostError(f"the answer is of no use: {shown_text(redacted(fault))}")
    words = redacted(" ".join(part.text for part in parts if part.text and not part.thought))  # before it is cut
    said = f": {shown_text(words)}" if words else ""
    told = refused(f"the answer holds no picture{said}", (NO_PICTURE,))
    raise RefusedError(told.reason, told.codes)
