"""A studio for products and ideas: an arch of light, a plinth, and things made of light on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.objects import OBJECTS

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_studio(view: View) -> None:
    """Paint the backdrop: a gradient, a great disc or arch, floating shapes."""
    unit, tones = view.unit, view.tones
    low, high = (0.12, 0.42) if view.dark else (0.40, 0.86)
    view.canvas.cover(
        [(0.0, view.palette.tone(low)), (0.55, view.palette.tone(high)), (1.0, view.palette.tone(low + 0.1))]
    )
    chance = view.chance.fork("studio")
    x, y = view.width * 0.5, view.height * 0.47
    view.glow(0.3, x, y, unit * 0.9, tones.glow, 0.45)
    for index, size in enumerate((0.43, 0.36, 0.29)):
        sheet = view.sheet(0.95)
        radius = unit * size * min(1.0, view.width / view.height * 1.25)
        if chance.fork("arch").happens(0.5):
            sheet.oval(x, y, radius)
        else:
            sheet.oval(x, y - radius * 0.15, radius * 0.82)
            sheet.box(x - radius * 0.82, y - radius * 0.15, x + radius * 0.82, view.height)
        colour = mix(view.palette.tone(high), tones.accent, 0.25 + 0.22 * index)
        view.canvas.lay(sheet, mix(colour, tones.glow, 0.25), mix(colour, view.palette.tone(low), 0.25), shadow=0.14)
    for index in range(9):
        angle = index * 2.4 + chance.between(-0.3, 0.3) + view.moment * 0.10
        reach = unit * chance.between(0.38, 0.62)
        spot = view.sheet(0.7)
        spot.oval(
            x + math.cos(angle) * reach * 1.35, y + math.sin(angle) * reach * 0.55, unit * chance.between(0.006, 0.024)
        )
        view.canvas.lay(spot, chance.pick((tones.accent, tones.glow, view.palette.tone(0.35))), alpha=0.8)


def paint_products(view: View) -> None:
    """Lay the table and its plinth, and up to three things that the words name."""
    unit, tones = view.unit, view.tones
    level = view.height * 0.66
    table = view.sheet(0.3)
    table.box(-view.width, level, view.width * 2, view.height * 2)
    top = mix(view.palette.tone(0.30), tones.accent, 0.14)
    view.canvas.lay(table, mix(top, tones.glow, 0.22), tones.near, span=(level, view.height * 0.96), shadow=0.2)
    view.glow(0.3, view.width / 2, level + unit * 0.05, unit * 0.8, tones.glow, 0.30, squash=0.18)
    names = [name for name in view.brief.forms if name in OBJECTS][:3]
    if not names:
        names = [view.chance.fork("object").pick(("package", "phone", "speaker"))]
    wide = min(view.width * 0.86, unit * 1.25)
    gap = wide / len(names)
    order = sorted(range(len(names)), key=lambda index: abs(index - (len(names) - 1) / 2), reverse=True)
    for index in order:
        x = view.width / 2 + (index - (len(names) - 1) / 2) * gap
        middle = index == len(names) // 2
        tall = unit * (0.34 if len(names) == 1 else 0.29 if middle else 0.24) * min(1.0, gap / (unit * 0.40))
        foot = level + unit * (0.055 if middle else 0.035)
        _plinth(view, x, foot, unit * (0.20 if len(names) == 1 else 0.155) * min(1.0, gap / (unit * 0.40)))
        lift = math.sin(view.moment * 1.4 + index) * unit * 0.004 + view.travel * unit * 0.006
        OBJECTS[names[index]](view, x, foot + unit * 0.004 - lift, tall)


def _plinth(view: View, x: float, foot: float, half: float) -> None:
    """Lay a low round stand with its shadow on the table."""
    unit = view.unit
    dark = view.sheet(0.25)
    dark.oval(x + unit * 0.03, foot + half * 0.34, half * 1.25, half * 0.22)
    view.canvas.lay(dark, view.tones.near, alpha=0.55, soft=unit * 0.02)
    body, lid = view.sheet(0.25), view.sheet(0.25)
    deep = unit * 0.045
    body.box(x - half, foot, x + half, foot + deep)
    body.oval(x, foot + deep, half, half * 0.17)
    lid.oval(x, foot, half, half * 0.17)
    colour = mix(view.palette.tone(0.5), view.tones.accent, 0.3)
    view.canvas.lay(body, mix(colour, view.tones.near, 0.25), mix(colour, view.tones.near, 0.6))
    view.canvas.lay(lid, mix(colour, view.tones.glow, 0.55), mix(colour, view.tones.glow, 0.25))
