"""The look of film: light that blooms, corners that darken, fine grain."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from vidpipe.providers.animatic.drawing.chance import Chance

_TILE = 256


def finish(image: Image.Image, unit: float, name: str) -> Image.Image:
    """Return the picture with bloom, vignette and grain; `name` seeds the grain."""
    width, height = image.size
    step = 4
    small = image.reduce(step).filter(ImageFilter.GaussianBlur(max(1.0, unit * 0.016 / step)))
    bright = np.asarray(small, dtype=np.float32)
    bright = bright * np.clip((bright.max(axis=2, keepdims=True) - 120) / 135, 0, 1)
    bloom = Image.fromarray(np.rint(bright).astype(np.uint8)).resize(image.size, Image.Resampling.BILINEAR)
    pixels = np.asarray(image, dtype=np.float32)
    pixels = pixels + (255 - pixels) * np.asarray(bloom, dtype=np.float32) * np.float32(0.22 / 255)
    across = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    down = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    reach = (across * across)[None, :] * np.float32(0.5) + (down * down)[:, None] * np.float32(0.5)
    pixels *= (1 - np.float32(0.30) * reach * reach)[:, :, None]
    pixels += _grain(width, height, name)[:, :, None]
    return Image.fromarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _grain(width: int, height: int, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return noise of about two levels, repeated from one tile; it has no seams as every pixel is drawn alone."""
    seed = Chance("grain", name).whole(0, 2**31)
    rounds = np.random.Generator(np.random.PCG64(seed)).integers(-3, 4, size=(2, _TILE, _TILE), dtype=np.int16)
    tile = (rounds[0] + rounds[1]).astype(np.float32) * np.float32(0.85)
    return np.tile(tile, (-(-height // _TILE), -(-width // _TILE)))[:height, :width]
