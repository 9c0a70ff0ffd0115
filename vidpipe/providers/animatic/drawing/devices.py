"""Things with a light of their own: a phone, a laptop, a speaker, a chart. Each stands at (x, foot)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import Colour, mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View


def _rounded(sheet: Sheet, left: float, top: float, right: float, bottom: float, corner: float) -> None:
    sheet.box(left + corner, top, right - corner, bottom)
    sheet.box(left, top + corner, right, bottom - corner)
    for x in (left + corner, right - corner):
        for y in (top + corner, bottom - corner):
            sheet.oval(x, y, corner)


def _screen(view: View, left: float, top: float, right: float, bottom: float) -> None:
    """Lay a lit screen with a rising row of bars and a line; both grow with time."""
    glass = view.sheet(0.2)
    size = bottom - top
    _rounded(glass, left, top, right, bottom, size * 0.03)
    view.canvas.lay(glass, mix(view.palette.tone(0.12), view.tones.accent, 0.12), view.palette.tone(0.06))
    bars, line = view.sheet(0.2), view.sheet(0.2)
    wide = right - left
    chance = view.chance.fork("screen")
    points = []
    for index in range(6):
        x = left + wide * (0.14 + 0.13 * index)
        high = size * (0.10 + 0.075 * index + chance.between(-0.03, 0.05)) * (1 + 0.12 * view.travel)
        bars.box(x, bottom - size * 0.10 - high, x + wide * 0.075, bottom - size * 0.10)
        points.append((x + wide * 0.04, bottom - size * 0.20 - high))
    line.stroke(points, max(1.0, size * 0.012))
    line.oval(*points[-1], size * 0.025)
    for row, reach in ((0.10, 0.42), (0.155, 0.28)):
        bars.box(left + wide * 0.14, top + size * row, left + wide * (0.14 + reach), top + size * (row + 0.028))
    view.canvas.lay(bars, view.tones.accent, mix(view.tones.accent, view.tones.near, 0.5))
    view.canvas.lay(line, view.palette.tone(1.0))
    view.glow(0.2, (left + right) / 2, (top + bottom) / 2, size * 0.9, view.tones.accent, 0.22)


def body_colour(view: View) -> Colour:
    """Return the colour of casings and caps."""
    return mix(view.tones.near, view.palette.tone(0.5), 0.18)


def paint_phone(view: View, x: float, foot: float, tall: float) -> None:
    """Lay a phone that stands upright."""
    sheet = view.sheet(0.2)
    half = tall * 0.26
    _rounded(sheet, x - half, foot - tall, x + half, foot, tall * 0.06)
    view.canvas.lay(sheet, body_colour(view), view.tones.near, rim=view.rim((x, foot - tall), 0.9), shadow=0.3)
    _screen(view, x - half * 0.90, foot - tall * 0.965, x + half * 0.90, foot - tall * 0.035)


def paint_laptop(view: View, x: float, foot: float, tall: float) -> None:
    """Lay an open laptop."""
    sheet = view.sheet(0.2)
    tall *= 0.82
    half = tall * 0.74
    _rounded(sheet, x - half, foot - tall, x + half, foot - tall * 0.06, tall * 0.04)
    sheet.polygon(
        [
            (x - half * 1.16, foot),
            (x - half * 1.0, foot - tall * 0.07),
            (x + half * 1.0, foot - tall * 0.07),
            (x + half * 1.16, foot),
        ]
    )
    view.canvas.lay(sheet, body_colour(view), view.tones.near, rim=view.rim((x, foot - tall), 0.9), shadow=0.3)
    _screen(view, x - half * 0.95, foot - tall * 0.955, x + half * 0.95, foot - tall * 0.12)


def paint_speaker(view: View, x: float, foot: float, tall: float) -> None:
    """Lay a loudspeaker and the sound it sends out."""
    body = view.sheet(0.2)
    half = tall * 0.34
    _rounded(body, x - half, foot - tall * 0.94, x + half, foot, tall * 0.10)
    view.canvas.lay(
        body,
        mix(view.palette.tone(0.42), view.tones.near, 0.3),
        view.tones.near,
        rim=view.rim((x, foot - tall), 0.9),
        shadow=0.3,
    )
    for y, size in ((0.34, 0.25), (0.72, 0.12)):
        for ring, colour in (
            (1.0, view.tones.near),
            (0.86, mix(view.tones.accent, view.tones.near, 0.25)),
            (0.74, view.tones.near),
            (0.28, view.tones.accent),
        ):
            sheet = view.sheet(0.2)
            sheet.oval(x, foot - tall * y, tall * size * ring)
            view.canvas.lay(sheet, colour)
    for ring in (1, 2, 3):
        arcs = view.sheet(0.2)
        reach = tall * (0.44 + 0.11 * ring + 0.05 * (view.moment % 2))
        for middle in (0.0, math.pi):
            arcs.stroke(
                [
                    (
                        x + math.cos(middle + step * 0.08) * reach,
                        foot - tall * 0.5 + math.sin(middle + step * 0.08) * reach,
                    )
                    for step in range(-6, 7)
                ],
                max(1.0, tall * 0.012),
            )
        view.canvas.lay(arcs, view.tones.glow, alpha=0.75 - 0.18 * ring)


def paint_chart(view: View, x: float, foot: float, tall: float) -> None:
    """Lay columns of light, each higher than the one before, and the arc above them."""
    points = []
    for index in range(5):
        left = x + (index - 2.5) * tall * 0.24
        high = tall * (0.28 + 0.155 * index) * (1 + 0.05 * view.travel)
        bar, side = view.sheet(0.2), view.sheet(0.2)
        bar.box(left, foot - high, left + tall * 0.15, foot)
        side.polygon(
            [
                (left + tall * 0.15, foot),
                (left + tall * 0.15, foot - high),
                (left + tall * 0.19, foot - high - tall * 0.03),
                (left + tall * 0.19, foot - tall * 0.03),
            ]
        )
        colour = mix(view.palette.tone(0.45), view.tones.accent, 0.2 + 0.2 * index)
        view.canvas.lay(side, mix(colour, view.tones.near, 0.6), mix(colour, view.tones.near, 0.8))
        view.canvas.lay(bar, mix(colour, view.tones.glow, 0.3), mix(colour, view.tones.near, 0.35), shadow=0.2)
        points.append((left + tall * 0.08, foot - high - tall * 0.12))
    line = view.sheet(0.2)
    line.stroke(points, max(1.2, tall * 0.014))
    for point in points:
        line.oval(*point, tall * 0.028)
    view.canvas.lay(line, view.palette.tone(1.0), shadow=0.2)
    view.glow(0.2, *points[-1], tall * 0.3, view.tones.glow, 0.6)
