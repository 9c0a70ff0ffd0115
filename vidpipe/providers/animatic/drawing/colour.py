"""Colours as (red, green, blue) from 0 to 255, mixed in OKLab so that ramps stay clean.

OKLab is Björn Ottosson's (2020); contrast and luminance are those of WCAG 2.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour = tuple[float, float, float]

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def hex_colours(text: str) -> list[Colour]:
    """Return the colours written as #rgb or #rrggbb, in the order of the text."""
    found = []
    for digits in _HEX.findall(text):
        full = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        found.append((int(full[0:2], 16), int(full[2:4], 16), int(full[4:6], 16)))
    return [(float(red), float(green), float(blue)) for red, green, blue in found]


def linear(channel: float) -> float:
    """Return the linear light, 0 to 1, of an sRGB channel, 0 to 255."""
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(light: float) -> float:
    light = min(1.0, max(0.0, light))
    value = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return float(value * 255)


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (linear(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def to_lab(colour: Colour) -> Colour:
    """Return (lightness, a, b) in OKLab; lightness runs from 0 to 1."""
    red, green, blue = (linear(channel) for channel in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_lab(lab: Colour) -> Colour:
    """Return the sRGB colour nearest to an OKLab one."""
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour `share` of the way from one to the other."""
    share = min(1.0, max(0.0, share))
    start, end = to_lab(one), to_lab(other)
    return from_lab(
        (
            start[0] + (end[0] - start[0]) * share,
            start[1] + (end[1] - start[1]) * share,
            start[2] + (end[2] - start[2]) * share,
        )
    )


def shade(colour: Colour, lightness: float, chroma: float = 1.0) -> Colour:
    """Return the colour at another OKLab lightness, its chroma multiplied."""
    _, a, b = to_lab(colour)
    return from_lab((lightness, a * chroma, b * chroma))


def chroma(colour: Colour) -> float:
    """Return how colourful a colour is: 0 for greys, about 0.3 at most."""
    _, a, b = to_lab(colour)
    return float((a * a + b * b) ** 0.5)


def ramp(colours: Sequence[Colour], place: float) -> Colour:
    """Return the colour at `place`, 0 to 1, along evenly spaced colours."""
    if len(colours) == 1:
        return colours[0]
    scaled = min(1.0, max(0.0, place)) * (len(colours) - 1)
    index = min(int(scaled), len(colours) - 2)
    return mix(colours[index], colours[index + 1], scaled - index)


def whole(colour: Colour) -> tuple[int, int, int]:
    """Return the colour as Pillow wants it."""
    return (round(colour[0]), round(colour[1]), round(colour[2]))
