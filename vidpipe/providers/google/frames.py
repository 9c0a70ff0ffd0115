"""Stills as a video model is sent them: of the video's own size, as PNG."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.providers.base import NotAcceptedError
from vidpipe.providers.google.answers import story
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from vidpipe.providers.base import Picture, VideoRequest

MEDIA_TYPE = "image/png"


async def frames_of(request: VideoRequest) -> tuple[bytes, bytes]:
    """Return the first and the last frame of a clip as PNG. Raises NotAcceptedError where one cannot be had."""
    try:
        first = await asyncio.to_thread(fitted, request.first, request.size)
        last = await asyncio.to_thread(fitted, request.last, request.size)
    except BrokenFileError as error:
        raise NotAcceptedError(str(error)) from error
    except Exception as error:  # memory, for one: whatever it is, nothing has been sent
        raise NotAcceptedError(
            f"the keyframes cannot be prepared ({story(error, redacted)}); nothing was sent"
        ) from error
    return first, last


def fitted(picture: Picture, size: tuple[int, int]) -> bytes:
    """Return the centred part of a still that covers `size`, as PNG; one that is of that size already stays as it is.

    Raises BrokenFileError.
    """
    from vidpipe.media.picture import cover, open_picture

    image = open_picture(picture.data, "the keyframe")
    if image.size == size and picture.media_type == MEDIA_TYPE:
        return picture.data
    buffer = BytesIO()
    cover(image, size).save(buffer, "PNG")
    return buffer.getvalue()
