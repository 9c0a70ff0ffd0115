"""The picture as far as it is drawn: sheets are laid on it one on the other, and light is added."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from vidpipe.providers.animatic.drawing.colour import Colour, mix, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.animatic.drawing.sheet import Box, Point, Sheet

STRIP = 256  # rows worked on at once: 4K in floating point at one go takes half a gigabyte


@dataclass(frozen=True, slots=True)
class Rim:
    """A lit edge: its colour, strength, and the side that the light comes from, in pixels."""

    colour: Colour
    alpha: float
    towards: Point


class Canvas:
    """The picture as far as it is drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.image = Image.new("RGB", (width, height))
        self.over = 3 if width * height <= 1_400_000 else 2

    def lay(
        self,
        sheet: Sheet,
        colour: Colour,
        foot: Colour | None = None,
        *,
        alpha: float = 1.0,
        soft: float = 0.0,
        rim: Rim | None = None,
        shadow: float = 0.0,
        span: tuple[float, float] | None = None,
    ) -> None:
        """Lay a sheet: one colour, or down to `foot` over `span` (top and bottom in pixels; else the sheet's own).

        `soft` blurs its edge by that many pixels, `shadow` darkens what lies behind it by that share.
        """
        box = self._box(sheet, soft)
        if box is None:
            return
        mask = sheet.mask(box, self.over if soft < 3 else 1)
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft))
        if shadow:
            self._shadow(mask, box, shadow)
        paint = _paint(box, colour, foot, span)
        if rim is not None:
            paint = _rimmed(paint, mask, rim)
        if alpha < 1:
            mask = mask.point([round(level * alpha) for level in range(256)])
        self.image.paste(paint, box[:2], mask)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float, squash: float = 1.0) -> None:
        """Add light about a point; it falls to nothing at `radius`. `squash` flattens it."""
        down = radius * squash
        box = (
            max(0, math.floor(x - radius)),
            max(0, math.floor(y - down)),
            min(self.width, math.ceil(x + radius)),
            min(self.height, math.ceil(y + down)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        across = (np.arange(box[0], box[2], dtype=np.float32) + 0.5 - x) / radius
        light = np.array(colour, dtype=np.float32) / 255
        for top in range(box[1], box[3], STRIP):
            rows = (box[0], top, box[2], min(box[3], top + STRIP))
            along = (np.arange(rows[1], rows[3], dtype=np.float32) + 0.5 - y) / down
            left = np.clip(1 - (across * across)[None, :] - (along * along)[:, None], 0, 1)
            falloff = left * left * left * np.float32(strength)
            part = np.asarray(self.image.crop(rows), dtype=np.float32)
            lit = 255 - (255 - part) * (1 - falloff[:, :, None] * light)
            self.image.paste(Image.fromarray(np.rint(lit).astype(np.uint8)), rows[:2])

    def cover(self, colours: Sequence[tuple[float, Colour]]) -> None:
        """Fill the canvas with a vertical gradient through (place from 0 to 1, colour)."""
        self.image = _column(self.height, colours).resize((self.width, self.height))

    def _box(self, sheet: Sheet, soft: float) -> Box | None:
        box = sheet.extent(self.width, self.height)
        if box is None or not soft:
            return box
        reach = math.ceil(soft * 3)
        return (
            max(0, box[0] - reach),
            max(0, box[1] - reach),
            min(self.width, box[2] + reach),
            min(self.height, box[3] + reach),
        )

    def _shadow(self, mask: Image.Image, box: Box, strength: float) -> None:
        """Darken what lies around a sheet, as paper does that stands off the paper behind it."""
        reach = max(2, round(min(self.width, self.height) * 0.012))
        grown = (
            max(0, box[0] - 2 * reach),
            max(0, box[1] - 2 * reach),
            min(self.width, box[2] + 2 * reach),
            min(self.height, box[3] + 2 * reach),
        )
        dark = Image.new("L", (grown[2] - grown[0], grown[3] - grown[1]), 0)
        dark.paste(mask, (box[0] - grown[0], box[1] - grown[1]))
        small = dark.reduce(4).filter(ImageFilter.GaussianBlur(reach / 4)).resize(dark.size, Image.Resampling.BILINEAR)
        small = small.point([round(level * strength) for level in range(256)])
        self.image.paste((0, 0, 0), grown[:2], small)


def _paint(box: Box, colour: Colour, foot: Colour | None, span: tuple[float, float] | None) -> Image.Image:
    size = (box[2] - box[0], box[3] - box[1])
    if foot is None:
        return Image.new("RGB", size, whole(colour))
    top, bottom = span or (box[1], box[3])
    reach = max(1.0, bottom - top)
    places = [(top - box[1]) / size[1], (top - box[1] + reach / 2) / size[1], (top - box[1] + reach) / size[1]]
    return _column(size[1], list(zip(places, [colour, mix(colour, foot, 0.5), foot], strict=True))).resize(size)


def _column(height: int, colours: Sequence[tuple[float, Colour]]) -> Image.Image:
    """Return a strip one pixel wide with a gradient through (place from 0 to 1, colour)."""
    rows = (np.arange(height) + 0.5) / height
    places = [place for place, _ in colours]
    bands = [np.interp(rows, places, [colour[channel] for _, colour in colours]) for channel in range(3)]
    return Image.fromarray(np.rint(np.stack(bands, axis=-1)).astype(np.uint8)[:, None, :])


def _rimmed(paint: Image.Image, mask: Image.Image, rim: Rim) -> Image.Image:
    """Return the paint with light along the edges that face it."""
    moved = Image.new("L", mask.size, 255)
    moved.paste(mask, (round(-rim.towards[0]), round(-rim.towards[1])))
    edge = ImageChops.subtract(mask, moved).point([round(level * rim.alpha) for level in range(256)])
    paint = paint.copy()
    paint.paste(whole(rim.colour), (0, 0), edge)
    return paint
