"""Water: the sea to the horizon, the path of light on it, waves of cut paper, rocks and far coasts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_water(view: View) -> None:
    """Paint the plane of water, and the light that lies on it."""
    top, height = view.horizon, view.height
    sheet = view.sheet(1.0)
    sheet.box(-view.width, top, view.width * 2, height * 1.4)
    middle = mix(view.palette.tone(0.30), view.tones.haze, 0.45)
    far = mix(middle, view.tones.haze, 0.55)
    view.canvas.lay(sheet, far, mix(view.tones.near, middle, 0.35), span=(top, height * 0.95))
    if view.light.strength < 0.42:
        return
    view.glow(1.0, view.light.x, top, view.unit * 0.75, view.tones.glow, 0.45 * view.light.strength, squash=0.16)
    _glitter(view)


def _glitter(view: View) -> None:
    """Lay strokes of light below the sun or moon, wider and sparser towards us."""
    chance, unit = view.chance.fork("glitter"), view.unit
    span = view.height * 0.96 - view.horizon
    for level in (0.85, 0.5, 0.3):
        sheet = view.sheet(0.9)
        for index in range(46):
            near = (index + chance.unit()) / 46
            y = view.horizon + unit * 0.006 + span * near**1.5
            spread = unit * (0.03 + 0.17 * near)
            shimmer = math.sin(view.moment * 2.1 + index * 1.7) * 0.35
            x = view.light.x + (chance.between(-1, 1) + shimmer) * spread * 0.7
            half = unit * (0.008 + 0.055 * near) * chance.between(0.4, 1.3)
            thick = unit * (0.0009 + 0.004 * near)
            sheet.polygon([(x - half, y), (x, y - thick), (x + half, y), (x, y + thick)])
        view.canvas.lay(sheet, view.tones.glow, alpha=level * (0.35 + 0.65 * view.light.strength))


def paint_coast(view: View) -> None:
    """Lay far headlands that run out into the water from one side."""
    chance, unit = view.chance.fork("coast"), view.unit
    side = 1 if view.aside > view.focus else -1
    edge = view.width * (1.2 if side > 0 else -0.2)
    for index, distance in enumerate((0.96, 0.84)):
        length = view.width * (0.62 - 0.2 * index) * chance.between(0.85, 1.1)
        wave = chance.wave(4, 0.5)
        sheet = view.sheet(distance)
        line = []
        for step in range(49):
            along = step / 48
            rise = unit * (0.085 + 0.03 * index) * along**0.8 * (1 + 0.4 * wave(along * 1.7))
            line.append((edge - side * length * (1 - along), view.horizon + unit * 0.006 * index - rise))
        sheet.polygon([*line, (edge, view.horizon + unit * 0.008), (line[0][0], view.horizon + unit * 0.008)])
        colour = view.tones.plane(distance)
        view.canvas.lay(sheet, colour, mix(colour, view.tones.haze, 0.5), rim=view.rim((edge, view.horizon), 0.4))


def paint_waves(view: View, count: int = 5, first: float = 0.45) -> None:
    """Lay waves, each a sheet with a lit crest, darker and higher towards us; they travel with time."""
    chance, unit = view.chance.fork("waves"), view.unit
    rough = {"storm": 2.1, "wind": 1.4, "rain": 1.2}.get(view.brief.weather, 0.85)
    calm = 0.45 if view.brief.setting == "lake" else 1.0
    for index in range(count):
        near = first + (1 - first) * (index + 1) / count
        foot = view.horizon + (view.height * 0.94 - view.horizon) * near**1.5
        size = unit * 0.024 * near**1.3 * rough * calm
        length = unit * (0.15 + 0.30 * near) * chance.between(0.85, 1.15)
        phase = chance.between(0, 6.28) + view.moment * (0.5 + 0.6 * near)
        swell = chance.wave(2, 0.5)
        line = []
        for step in range(241):
            x = -0.1 * view.width + 1.2 * view.width * step / 240
            turn = 2 * math.pi * x / length + phase
            crest = (1 - abs(math.sin(turn / 2))) ** 1.6 * 1.7 - 0.5
            line.append((x, foot - size * (crest + 0.7 * swell(x / unit * 0.6 + view.moment * 0.03))))
        sheet = view.sheet(1 - near)
        sheet.polygon([*line, (line[-1][0], view.height * 1.4), (line[0][0], view.height * 1.4)])
        colour = mix(mix(view.palette.tone(0.30), view.tones.haze, 0.35), view.tones.near, 0.15 + 0.75 * near)
        view.canvas.lay(
            sheet,
            mix(colour, view.tones.haze, 0.12),
            colour,
            span=(foot - size, foot + unit * 0.10),
            shadow=0.14 * near,
            rim=view.rim((view.width / 2, view.height * 2), 0.5),
        )


def paint_rocks(view: View) -> None:
    """Lay rocks in front, on the side where the picture needs weight."""
    chance, unit = view.chance.fork("rocks"), view.unit
    side = -1 if view.focus < view.aside else 1
    edge = view.width * (0.5 + 0.5 * side)
    for index in range(5):
        x = edge - side * unit * (0.10 * index + chance.between(-0.05, 0.03))
        wide = unit * chance.between(0.10, 0.18)
        tall = unit * (0.24 - 0.042 * index) * chance.between(0.7, 1.1)
        foot = view.height * 1.05
        top = view.height * 0.90 - tall * 0.55
        points = [(x - wide * 1.2, foot)]
        for step in range(7):
            along = -1 + step / 3
            points.append(
                (
                    x + along * wide * chance.between(0.85, 1.0),
                    top + tall * along * along * 0.55 + chance.between(0, 0.03) * unit,
                )
            )
        points.append((x + wide * 1.2, foot))
        sheet = view.sheet(0.05)
        sheet.polygon(points)
        view.canvas.lay(sheet, view.tones.plane(0.02 + 0.02 * (index % 2)), rim=view.rim((x, top), 0.55), shadow=0.2)
