"""The caption: one thought in at most two lines, in the lower third, on as much shade as reading needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from vidpipe.media.lettering import draw_line, settable, width_of
from vidpipe.providers.animatic.drawing.colour import Colour, luminance, mix, shade, whole

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.palette import Palette

_LONGEST = 400
_READABLE = 5.2
_SENTENCE = re.compile(r"(?<=[.!?\u2026])[\"'\u201d\u2019\u00bb)]*\s+")


@dataclass(frozen=True, slots=True)
class Caption:
    """Lines set at a size; `left` and the `baselines` are in pixels."""

    lines: tuple[str, ...]
    size: int
    left: float
    baselines: tuple[float, ...]
    colour: Colour

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the part of a frame that the lines cover."""
        longest = max(width_of(line, self.size) for line in self.lines)
        top, bottom = self.baselines[0] - self.size, self.baselines[-1] + self.size * 0.35
        return (
            max(0, int(self.left)),
            max(0, int(top)),
            min(width, int(self.left + longest) + 1),
            min(height, int(bottom) + 1),
        )


def caption_for(text: str, size: tuple[int, int], palette: Palette) -> Caption | None:
    """Return the caption set for a frame of that size; None where nothing can be set."""
    settled = settable(text[:_LONGEST])
    if settled is None:
        return None
    width, height = size
    tall = height > width
    point = max(7, round(min(height * 0.042, width * 0.047 if tall else width * 0.03)))
    left = width * (0.085 if tall else 0.07)
    lines = _lines(settled, len(text) > _LONGEST, width * (0.82 if tall else 0.66), point)
    bottom = height * (0.86 if tall else 0.930)
    baselines = tuple(bottom - point * 1.32 * (len(lines) - 1 - index) for index in range(len(lines)))
    light = palette.tone(1.0)
    return Caption(tuple(lines), point, left, baselines, mix(shade(light, 0.975, 0.5), light, 0.15))


def _lines(text: str, cut: bool, room: float, point: int) -> list[str]:
    """Return one or two lines: whole sentences if they fit, else as many words as fit, and an ellipsis."""
    sentences = _SENTENCE.split(text)
    for count in range(len(sentences), 0, -1):
        wrapped = _wrapped(" ".join(sentences[:count]), room, point)
        if wrapped and not (cut and count == len(sentences)):
            return wrapped
    words = text.split(" ")[:80]
    for count in range(len(words), 0, -1):
        wrapped = _wrapped(" ".join(words[:count]).rstrip(" ,;:.\u2013-") + "…", room, point)
        if wrapped:
            return wrapped
    letters = next(
        count for count in range(len(words[0]), 0, -1) if width_of(words[0][:count] + "…", point) <= room or count == 1
    )
    return [words[0][:letters] + "…"]


def _wrapped(text: str, room: float, point: int) -> list[str]:
    """Return the text in one line, or in two of nearly equal width; nothing if it needs more."""
    whole_width = width_of(text, point)
    if whole_width <= room:
        return [text]
    if whole_width > room * 2.2:
        return []
    words = text.split(" ")
    if len(words) < 2:
        return []
    splits = ((" ".join(words[:index]), " ".join(words[index:])) for index in range(1, len(words)))
    widths = [(max(width_of(first, point), width_of(second, point)), first, second) for first, second in splits]
    longest, first, second = min(widths, key=lambda entry: entry[0])
    return [first, second] if longest <= room else []


def set_caption(image: Image.Image, caption: Caption, palette: Palette) -> Image.Image:
    """Return the picture with a veil of shade low in the frame and the caption on it."""
    width, height = image.size
    box = caption.box(width, height)
    top = box[1] - caption.size * 2.4
    rows = np.clip((np.arange(height) - top) / (caption.size * 2.6), 0, 1)
    rows = rows * rows * (3 - 2 * rows)
    ink = Image.new("RGB", image.size, whole(shade(palette.tone(0.0), 0.12, 0.8)))
    shaded = image
    for strength in (0.30, 0.42, 0.54, 0.66, 0.76, 0.85, 0.92):
        veil = Image.fromarray(np.rint(rows * strength * 255).astype(np.uint8)[:, None]).resize(image.size)
        shaded = Image.composite(ink, image, veil)
        if _brightest(shaded.crop(box)) <= (luminance(caption.colour) + 0.05) / _READABLE - 0.05:
            break
    return _set(shaded, caption, palette)


def _brightest(part: Image.Image) -> float:
    """Return the luminance that all but the brightest two hundredths of a part stay under."""
    pixels = np.asarray(part, dtype=np.float32) / 255
    light = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return float(np.quantile(light @ np.array([0.2126, 0.7152, 0.0722], dtype=np.float32), 0.98))


def _set(image: Image.Image, caption: Caption, palette: Palette) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    for line, baseline in zip(caption.lines, caption.baselines, strict=True):
        draw_line(mask, caption.left, baseline, line, caption.size)
    shadow = mask.filter(ImageFilter.GaussianBlur(caption.size * 0.12))
    image = image.copy()
    image.paste((0, 0, 0), (0, max(1, caption.size // 22)), shadow.point([round(level * 0.55) for level in range(256)]))
    thick = max(2, round(caption.size * 0.09))
    left = round(caption.left - caption.size * 0.55)
    rule = (
        left,
        round(caption.baselines[0] - caption.size * 0.80),
        left + thick,
        round(caption.baselines[-1] + caption.size * 0.22),
    )
    image.paste(whole(palette.accent), rule)
    image.paste(whole(caption.colour), (0, 0), mask)
    return image
