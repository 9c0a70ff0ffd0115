"""The look of film: light that blooms, corners that darken, fine grain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from vidpipe.providers.animatic.drawing.canvas import STRIP
from vidpipe.providers.animatic.drawing.chance import Chance

if TYPE_CHECKING:
    from numpy.typing import NDArray


def finish(image: Image.Image, unit: float, name: str) -> Image.Image:
    """Return the picture with bloom, vignette and grain; `name` seeds the grain."""
    width, height = image.size
    bloom = _bloom(image, unit)
    across = _squares(width)[None, :]
    down = _squares(height)[:, None]
    seed = Chance("grain", name).whole(0, 2**31)
    generator = np.random.Generator(np.random.PCG64(seed))
    finished = Image.new("RGB", image.size)
    for top in range(0, height, STRIP):
        box = (0, top, width, min(height, top + STRIP))
        pixels = np.asarray(image.crop(box), dtype=np.float32)
        pixels = pixels + (255 - pixels) * np.asarray(bloom.crop(box), dtype=np.float32) * np.float32(0.22 / 255)
        reach = across * np.float32(0.5) + down[box[1] : box[3]] * np.float32(0.5)
        pixels *= (1 - np.float32(0.30) * reach * reach)[:, :, None]
        pixels += _grain(generator, pixels.shape[0], width)[:, :, None]
        finished.paste(Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)), box[:2])
    return finished


def _bloom(image: Image.Image, unit: float) -> Image.Image:
    """Return the light that the brightest parts spread."""
    step = 4
    small = image.reduce(step).filter(ImageFilter.GaussianBlur(max(1.0, unit * 0.016 / step)))
    bright = np.asarray(small, dtype=np.float32)
    bright = bright * np.clip((bright.max(axis=2, keepdims=True) - 120) / 135, 0, 1)
    return Image.fromarray(np.rint(bright).astype(np.uint8)).resize(image.size, Image.Resampling.BILINEAR)


def _squares(count: int) -> NDArray[np.float32]:
    """Return the squared distance of each pixel from the middle, 1 at the edge."""
    places = (np.arange(count, dtype=np.float32) + 0.5) / count * 2 - 1
    squares: NDArray[np.float32] = (places * places).astype(np.float32)
    return squares


def _grain(generator: np.random.Generator, height: int, width: int) -> NDArray[np.float32]:
    """Return noise of about two levels, alike in all colours: the sum of two throws for each pixel."""
    throws = generator.integers(-3, 4, size=(2, height, width), dtype=np.int8)
    grain: NDArray[np.float32] = (throws[0] + throws[1]).astype(np.float32) * np.float32(0.85)
    return grain
