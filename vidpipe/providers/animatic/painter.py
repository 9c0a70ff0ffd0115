"""The animatic's picture model: keyframes drawn on this machine, free, and the same for the same request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe.providers.base import Picture

if TYPE_CHECKING:
    from vidpipe.providers.base import ImageRequest


class Painter:
    """Draws keyframes with Pillow; implements `vidpipe.providers.base.ImageModel`."""

    async def draw(self, request: ImageRequest) -> Picture:
        """Draw the keyframe as PNG at `request.size`.

        Raises BrokenFileError where the picture to continue, or a reference, cannot be opened.
        """
        return await asyncio.to_thread(draw, request)


def draw(request: ImageRequest) -> Picture:
    """Draw the keyframe here and now, off the event loop."""
    from vidpipe.providers.animatic.drawing.frame import draw_frame

    return Picture(draw_frame(request), "image/png")
