"""Requests that the painter's tests draw from: many kinds of words, styles and shapes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from vidpipe.providers.base import ImageRequest, Picture, Reference, Style

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = (320, 180)
TALL = (180, 320)
HEXES = "#0b1519, #12363f, #3f7472, #b5652f, #e0a03c, #f6ead2"

SAMPLES: dict[str, tuple[str, str]] = {
    "storm": ("The old keeper climbs the lighthouse as the storm rolls in over the sea.", HEXES),
    "bay": ("A small boat sets sail at dawn across the quiet bay.", "peach and teal"),
    "fox": ("A fox trots through the pine forest in the morning mist.", "moss green"),
    "summit": ("Two climbers reach the summit as the sun rises over the mountains.", "violet, rose"),
    "city": ("Night falls over the city and a million windows light up.", "neon"),
    "street": ("A woman walks home along the wet street in the rain.", "black and white"),
    "dunes": ("A caravan crosses the desert dunes under the sun.", "sand and gold"),
    "farm": ("The farmer looks over his wheat field at sunset; crows circle above.", "ochre"),
    "room": ("She sits by the lamp in the quiet room. The clock strikes one.", "ember"),
    "product": ("Our new app shows every sale on your phone and laptop.", "coral"),
    "winter": ("Snow covers the village; smoke rises from every house.", "frost blue"),
    "space": ("The rocket rises among the stars toward a distant planet.", "indigo"),
    "river": ("The train crosses the bridge over the river, and a crowd waits by the fire.", "copper"),
    "castle": ("A knight rides his horse to the castle on the hill; a windmill turns.", "plum"),
    "nothing": ("Nothing is ever quite what it was.", ""),
}


def request(
    description: str,
    colours: str = HEXES,
    *,
    prompt: str = "",
    first: Picture | None = None,
    references: tuple[Reference, ...] = (),
    size: tuple[int, int] = SIZE,
    look: str = "layered paper",
) -> ImageRequest:
    """Return a request for one keyframe."""
    return ImageRequest(
        prompt=f"{description} {prompt}",
        frame_prompt=prompt,
        scene_description=description,
        style=Style(look, colours, "slow"),
        first=first,
        references=references,
        seconds=4,
        aspect_ratio="16:9" if size[0] > size[1] else "9:16",
        image_size="2K",
        size=size,
    )


def opened(data: bytes) -> Image.Image:
    """Return a picture that was drawn."""
    return Image.open(BytesIO(data)).convert("RGB")


def levels(data: bytes) -> NDArray[np.float32]:
    """Return a picture's pixels as height x width x 3, 0 to 255."""
    return np.asarray(opened(data), dtype=np.float32)


def encoded(image: Image.Image, kind: str = "PNG") -> Picture:
    """Return a picture as a hand would have saved it."""
    buffer = BytesIO()
    image.save(buffer, kind)
    return Picture(buffer.getvalue(), f"image/{kind.lower()}")


def by_hand(colour: str, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Return a flat picture with a house of that colour and a round sun, as a child would paint it."""
    image = Image.new("RGB", size, (130, 190, 235))
    draw = ImageDraw.Draw(image)
    wide, tall = size
    draw.rectangle((0, tall * 0.65, wide, tall), fill=(95, 165, 75))
    left = 0.2 if colour == "red" else 0.6
    draw.rectangle((wide * left, tall * 0.3, wide * (left + 0.25), tall * 0.7), fill=colour)
    draw.ellipse((wide * (0.85 - left), tall * 0.08, wide * (0.99 - left), tall * 0.28), fill="yellow")
    return image
