"""The picture that is continued: what of it was ours, where its light is, and how it lies behind the new scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vidpipe.providers.animatic.drawing.sheet import Box, Point
    from vidpipe.providers.animatic.drawing.view import View

_NEARER = 1.07
_KEPT = 0.80  # the part from the top; below it lie captions and foregrounds
_SAME = 16.0  # levels of 255 by which a redrawn pixel may differ and still count as ours
_PAINTED = 40.0


def _soft(image: Image.Image, size: tuple[int, int]) -> NDArray[np.float32]:
    small = image.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.2))
    return np.asarray(small, dtype=np.float32)


def _apart(picture: Image.Image, drawn: Image.Image) -> NDArray[np.float32]:
    """Return how far a picture of any size is from a small drawing, in levels of 255 per pixel of the drawing."""
    difference = np.abs(_soft(picture, drawn.size) - _soft(drawn, drawn.size))
    return np.asarray(difference.max(axis=2), dtype=np.float32)


def likeness(picture: Image.Image, drawn: Image.Image) -> float:
    """Return the share of a picture, 0 to 1, that is as in a small drawing of ours."""
    return float((_apart(picture, drawn) < _SAME).mean())


def painted_over(picture: Image.Image, drawn: Image.Image, except_in: Sequence[Box]) -> Image.Image | None:
    """Return a mask, of the picture's size, of what a hand changed in our drawing; None if nothing.

    `except_in` are boxes of the drawing where type stands: small type never comes out alike.
    """
    changed = Image.fromarray(np.where(_apart(picture, drawn) > _PAINTED, 255, 0).astype(np.uint8))
    for box in except_in:
        changed.paste(0, (box[0] - 10, box[1] - 4, box[2] + 4, box[3] + 4))
    changed = changed.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.MaxFilter(7))
    if changed.getbbox() is None:
        return None
    return changed.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(picture.height / 160))


def nearer(image: Image.Image, about: Point, factor: float = _NEARER) -> Image.Image:
    """Return the picture as a camera sees it that has come nearer to a point."""
    box = (
        about[0] - about[0] / factor,
        about[1] - about[1] / factor,
        about[0] + (image.width - about[0]) / factor,
        about[1] + (image.height - about[1]) / factor,
    )
    return image.resize(image.size, Image.Resampling.BICUBIC, box=box)


def light_of(picture: Image.Image) -> Point | None:
    """Return where the upper part of a picture is brightest, in its pixels; None if nowhere stands out."""
    small = picture.convert("L").resize((48, 48), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(2))
    levels = np.asarray(small, dtype=np.float32)[4:27, 4:44]
    if float(levels.max()) - float(np.median(levels)) < 22:
        return None
    row, column = divmod(int(levels.argmax()), levels.shape[1])
    return ((column + 4.5) / 48 * picture.width, (row + 4.5) / 48 * picture.height)


def _graded(picture: Image.Image, like: Image.Image, share: float) -> Image.Image:
    """Return the picture with its mean and spread moved towards those of another (Reinhard et al., 2001, in RGB)."""
    small, target = _soft(picture, (64, 64)).reshape(-1, 3), _soft(like, (64, 64)).reshape(-1, 3)
    mean, goal = small.mean(axis=0), target.mean(axis=0)
    spread = np.clip((target.std(axis=0) + 6) / (small.std(axis=0) + 6), 0.6, 1.25)
    scale = 1 + (spread - 1) * np.float32(share)
    offset = mean + (goal - mean) * np.float32(share) - mean * scale
    tables = [np.clip(np.rint(np.arange(256) * scale[band] + offset[band]), 0, 255) for band in range(3)]
    return picture.point([int(level) for table in tables for level in table])


def lay_behind(view: View, picture: Image.Image, *, ours: bool) -> None:
    """Lay the continued picture over sky and distance, a little nearer; the land of the new scene then covers its foot.

    One of ours has become a memory by then, out of focus; one that a hand painted stays what the scene is about.
    """
    canvas = view.canvas
    behind = nearer(picture, (view.focus, view.height * 0.42)).filter(
        ImageFilter.GaussianBlur(view.unit * (0.005 if ours else 0.0016))
    )
    behind = _graded(behind, canvas.image, 0.42)
    strength = 0.40 if ours else 0.62 if view.brief.setting == "tabletop" else 0.82
    fade = (view.horizon - view.unit * 0.06, view.horizon + view.unit * 0.16)
    rows = np.clip((fade[1] - np.arange(view.height)) / (fade[1] - fade[0]), 0, 1)
    column = Image.fromarray(np.rint(rows * strength * 255).astype(np.uint8)[:, None])
    canvas.image.paste(behind, (0, 0), column.resize(canvas.image.size))


def lay_in_window(view: View, picture: Image.Image, frame: tuple[float, float, float, float]) -> None:
    """Show the continued picture through a window of (left, top, right, bottom)."""
    zoom = view.sheet(0.55).zoom
    frame = (*zoom((frame[0], frame[1])), *zoom((frame[2], frame[3])))
    box: Box = (
        max(0, int(frame[0])),
        max(0, int(frame[1])),
        min(view.width, int(frame[2]) + 1),
        min(view.height, int(frame[3]) + 1),
    )
    wide, tall = box[2] - box[0], box[3] - box[1]
    kept = (picture.width, picture.height * _KEPT)
    scale = min(kept[0] / wide, kept[1] / tall)
    left, top = (kept[0] - wide * scale) / 2, (kept[1] - tall * scale) / 2
    part = picture.resize(
        (wide, tall), Image.Resampling.BICUBIC, box=(left, top, left + wide * scale, top + tall * scale)
    )
    behind = Image.blend(view.canvas.image.crop(box), _graded(part, view.canvas.image.crop(box), 0.25), 0.88)
    view.canvas.image.paste(behind, box[:2])
