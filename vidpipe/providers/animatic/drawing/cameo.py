"""Reference pictures in the scene: medallions in the sky, frames on a wall, graded to the film's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.room import free_wall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.animatic.drawing.palette import Palette
    from vidpipe.providers.animatic.drawing.sheet import Point, Sheet
    from vidpipe.providers.animatic.drawing.view import View

MOST = 3


def places(view: View, count: int) -> list[tuple[Point, float]]:
    """Return (middle, radius) in pixels of each medallion: a row in the sky, on the side away from the light."""
    short = min(view.width, view.height)
    radius = short * (0.165, 0.125, 0.105)[count - 1]
    if view.brief.setting == "room" and view.width > view.height:
        return _on_wall(view, count, radius)
    gap = radius * 2.35
    side = 1 if view.light.x < view.width / 2 else -1
    margin = short * 0.07 + radius
    edge = view.width - margin if side > 0 else margin
    if view.height > view.width:
        edge = view.width / 2 + side * (count - 1) / 2 * gap
    level = margin + short * 0.015
    return [((edge - side * index * gap, level + (index % 2) * radius * 0.30), radius) for index in range(count)]


def _on_wall(view: View, count: int, radius: float) -> list[tuple[Point, float]]:
    """Return the places of frames on the wider part of the wall beside the window."""
    start, end = free_wall(view)
    step = (end - start) / (count + 0.35)
    radius = min(radius, step * 0.50)
    return [
        ((start + step * (index + 0.675), view.height * (0.27 + 0.045 * (index % 2))), radius) for index in range(count)
    ]


def paint_cameos(view: View, pictures: Sequence[Image.Image]) -> None:
    """Lay at most three reference pictures into the frame."""
    shown = pictures[:MOST]
    for index, ((x, y), radius) in enumerate(places(view, len(shown)) if shown else []):
        _paint_cameo(view, shown[index], x, y, radius)


def _outline(view: View, sheet: Sheet, x: float, y: float, radius: float) -> None:
    if view.brief.indoors:
        sheet.box(x - radius * 0.86, y - radius, x + radius * 0.86, y + radius)
    else:
        sheet.oval(x, y, radius)


def _paint_cameo(view: View, picture: Image.Image, x: float, y: float, radius: float) -> None:
    colour = mix(view.tones.glow, view.tones.accent, 0.35)
    if not view.brief.indoors:
        view.glow(1.0, x, y, radius * 1.9, view.tones.glow, 0.35)
    for size, tint, alpha in ((1.09, mix(colour, view.tones.near, 0.55), 1.0), (1.035, colour, 1.0)):
        ring = view.sheet(1.0)
        _outline(view, ring, x, y, radius * size)
        view.canvas.lay(ring, tint, mix(tint, view.tones.near, 0.3), alpha=alpha, shadow=0.22 if size > 1.05 else 0.0)
    sheet = view.sheet(1.0)
    _outline(view, sheet, x, y, radius)
    box = sheet.extent(view.width, view.height)
    if box is None:
        return
    whole = (round(radius * 2) + 4, round(radius * 2) + 4)
    portrait = ImageOps.fit(picture.convert("RGB"), whole, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    graded = _toned(portrait, view.palette, 0.42)
    middle = sheet.zoom((x, y))
    patch = Image.new("RGB", (box[2] - box[0], box[3] - box[1]))
    patch.paste(graded, (round(middle[0] - whole[0] / 2) - box[0], round(middle[1] - whole[1] / 2) - box[1]))
    view.canvas.image.paste(patch, box[:2], sheet.mask(box, view.canvas.over))


def _toned(picture: Image.Image, palette: Palette, share: float) -> Image.Image:
    """Return the picture, part of its colour replaced by the palette's at the same lightness."""
    table = np.array([palette.tone(0.04 + 0.96 * level / 63) for level in range(64)], dtype=np.float32)
    grey = np.asarray(ImageOps.autocontrast(picture.convert("L"), cutoff=1), dtype=np.uint8)
    ramp = table[grey // 4]
    mixed = np.asarray(picture, dtype=np.float32) * np.float32(1 - share) + ramp * np.float32(share)
    return Image.fromarray(np.rint(mixed).astype(np.uint8))
