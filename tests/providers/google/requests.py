"""Requests to send, small ones."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image

from tests.loopback.media import picture
from vidpipe.providers.base import ImageRequest, Picture, Reference, Style, TextRequest, VideoRequest
from vidpipe.spec.board import board_schema

STYLE = Style("ink and paper", "slate, fog", "slow")
TEXT = TextRequest(
    system="You write storyboards.",
    prompt="Style: ink\n<script>\nA boat leaves the harbour.\n</script>",
    schema=board_schema(2),
    temperature=0.55,
    script="A boat leaves the harbour.",
    style="ink",
    scenes=2,
    seconds=4,
)


@cache
def still(serial: int) -> Picture:
    """Return a picture of the clip's own size, which is sent as it is."""
    buffer = BytesIO()
    Image.new("RGB", (1280, 720), (serial, 2 * serial, 3 * serial)).save(buffer, "PNG")
    return Picture(buffer.getvalue(), "image/png")


def image_request(*, first: Picture | None = None, references: int = 0) -> ImageRequest:
    """Return a request for a keyframe."""
    mara = Reference("mara", "the keeper", Picture(picture(90, "16:9", "JPEG"), "image/jpeg"))
    return ImageRequest(
        prompt="A boat in the fog",
        frame_prompt="A boat",
        scene_description="A boat leaves.",
        style=STYLE,
        first=first,
        references=(mara,) * references,
        seconds=4,
        aspect_ratio="16:9",
        image_size="2K",
        size=(1280, 720),
    )


def video_request(*, seed: int | None = None, negative_prompt: str | None = None, audio: bool = True) -> VideoRequest:
    """Return a request for a clip."""
    return VideoRequest(
        prompt="The boat drifts off",
        motion_prompt="The boat drifts off",
        first=still(1),
        last=still(2),
        seconds=4,
        aspect_ratio="16:9",
        resolution="720p",
        size=(1280, 720),
        audio=audio,
        seed=seed,
        negative_prompt=negative_prompt,
    )
