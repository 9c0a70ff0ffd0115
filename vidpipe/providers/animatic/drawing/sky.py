"""The sky: its gradient, stars, the sun or moon in rings of haze, and paper clouds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View


def paint_sky(view: View) -> None:
    """Paint everything behind the land."""
    scale = view.horizon / view.height / 0.74
    view.canvas.cover([(min(1.0, place * scale), colour) for place, colour in view.tones.sky])
    if view.brief.hour == "night" and view.brief.weather in {"clear", "wind", "snow"}:
        _stars(view)
    if view.brief.setting == "space":
        _galaxy(view)
    paint_light(view)
    if view.brief.setting != "space":
        _clouds(view)


def paint_light(view: View) -> None:
    """Paint the sun or moon with its halo; behind a storm only the halo shows."""
    light, tones, unit = view.light, view.tones, view.unit
    view.glow(1.0, light.x, light.y, unit * 0.95, tones.glow, 0.34 * light.strength)
    view.glow(1.0, light.x, light.y, unit * 0.42, tones.glow, 0.38 * light.strength)
    if light.strength < 0.42:
        return
    for ring in (3.6, 2.5, 1.7):
        sheet = view.sheet(1.0)
        sheet.oval(light.x, light.y, light.radius * ring)
        view.canvas.lay(sheet, tones.glow, alpha=0.10 * light.strength)
    disc = view.sheet(1.0)
    disc.oval(light.x, light.y, light.radius)
    if light.moon and view.chance.fork("crescent").happens(0.5):
        disc.oval(light.x - light.radius * 0.42, light.y - light.radius * 0.16, light.radius * 0.86, ink=0.0)
    view.canvas.lay(disc, mix(tones.glow, view.palette.tone(1.0), 0.6), tones.glow, alpha=0.55 + 0.45 * light.strength)


def _stars(view: View) -> None:
    chance = view.chance.fork("stars")
    for level, size in ((0.35, 0.0011), (0.6, 0.0016), (0.95, 0.0024)):
        sheet = view.sheet(1.0)
        for _ in range(round(90 * (1.25 - level))):
            x, y = chance.between(-0.05, 1.05) * view.width, chance.unit() ** 1.3 * view.horizon
            drift = view.travel * view.unit * 0.004
            sheet.oval(x + drift, y - drift * 0.4, max(0.45, view.unit * size * chance.between(0.6, 1.2)))
        view.canvas.lay(sheet, view.palette.tone(1.0), alpha=level)


def _galaxy(view: View) -> None:
    """Paint a ringed planet and a drift of light across the sky."""
    chance, unit = view.chance.fork("galaxy"), view.unit
    for step in range(26):
        along = step / 25
        x = view.width * (along * 1.2 - 0.1)
        y = view.horizon * (0.95 - 0.75 * along) + chance.between(-0.09, 0.09) * unit
        radius = unit * chance.between(0.10, 0.26)
        colour = chance.pick((view.tones.accent, view.palette.tone(0.6), view.palette.tone(0.75)))
        view.glow(1.0, x, y, radius, colour, chance.between(0.08, 0.20))
    _planet(view, view.focus, view.height * 0.26, unit * chance.between(0.11, 0.14))


def _planet(view: View, x: float, y: float, radius: float) -> None:
    """Lay a planet between the far and the near half of its ring."""

    def ring(half: int) -> None:
        sheet = view.sheet(0.8)
        for turn in (1.62, 1.86):
            points = []
            for step in range(31):
                angle = math.pi * step / 30 * half
                across, down = math.cos(angle) * radius * turn, math.sin(angle) * radius * turn * 0.24
                points.append((x + across * 0.95 + down * 0.3, y + down * 0.95 - across * 0.3))
            sheet.stroke(points, view.unit * 0.0055)
        view.canvas.lay(sheet, view.tones.glow, alpha=0.8)

    ring(-1)
    planet = view.sheet(0.8)
    planet.oval(x, y, radius)
    paper = mix(view.tones.accent, view.palette.tone(0.9), 0.4)
    view.canvas.lay(planet, paper, view.palette.tone(0.15), rim=view.rim((x, y)))
    ring(1)


def _clouds(view: View) -> None:
    """Lay long flat clouds, nearer ones lower and larger; wind and storm bring more of them."""
    chance, unit = view.chance.fork("clouds"), view.unit
    count = {"storm": 9, "rain": 7, "fog": 3, "snow": 4, "wind": 6, "clear": 4}[view.brief.weather]
    heavy = view.brief.weather in {"storm", "rain"}
    for index in range(count):
        depth = index / max(1, count - 1)
        y = view.horizon * (0.84 - 0.70 * depth) + chance.between(-0.04, 0.04) * unit
        x = chance.between(-0.05, 1.05) * view.width + view.travel * unit * (0.012 + 0.05 * depth)
        length = unit * (0.22 + 0.36 * depth) * chance.between(0.8, 1.3) * (1.5 if heavy else 1.0)
        sheet = view.sheet(1.0)
        _cloud(sheet, chance, x, y, length, length * chance.between(0.08, 0.13) * (1.6 if heavy else 1.0))
        bright = mix(view.tones.haze, view.tones.glow, 0.5)
        colour = view.palette.tone(0.12) if heavy else mix(bright, view.tones.sky[1][1], 0.25 + 0.3 * depth)
        view.canvas.lay(
            sheet, colour, mix(colour, view.tones.haze, 0.5), alpha=0.55 if heavy else 0.42, rim=view.rim((x, y), 0.5)
        )


def _cloud(sheet: Sheet, chance: Chance, x: float, y: float, length: float, height: float) -> None:
    """Cut one cloud: humps that rise towards the middle, all standing on one flat foot."""
    humps = chance.whole(4, 7)
    for hump in range(humps):
        middle = -0.86 + (hump + 0.5) * 1.72 / humps
        rise = height * (1 - middle * middle) ** 0.7 * chance.between(0.75, 1.3)
        sheet.oval(x + middle * length, y, length / humps * 1.25, max(rise, height * 0.3))
    sheet.box(x - length * 1.4, y, x + length * 1.4, y + height * 3, 0.0)
    lower = [
        (x + length * math.cos(step / 12 * math.pi), y + height * 0.20 * math.sin(step / 12 * math.pi))
        for step in range(13)
    ]
    sheet.polygon([*lower, (x - length * 0.8, y - height * 0.10), (x + length * 0.8, y - height * 0.10)])
