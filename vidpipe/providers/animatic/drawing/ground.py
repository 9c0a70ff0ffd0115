"""The land: ridges that fade with distance, mountains, dunes, fields, roads, and grass in front."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.providers.animatic.drawing.canvas import Point
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.view import View

Ridge = list["Point"]


def ridge_line(view: View, profile: Callable[[float], float], foot: float, height: float, steps: int = 160) -> Ridge:
    """Return a line across the frame and beyond, `height` times the profile above `foot`, in pixels."""
    line = []
    for step in range(steps + 1):
        along = -0.15 + 1.3 * step / steps
        line.append((along * view.width, foot - height * profile(along * view.width / view.unit)))
    return line


def lay_ridge(view: View, line: Ridge, distance: float, *, mist: float = 0.55, shadow: float = 0.0) -> None:
    """Lay the land below a line; mist gathers at its foot."""
    sheet = view.sheet(distance)
    bottom = view.height * 1.3
    sheet.polygon([*line, (line[-1][0], bottom), (line[0][0], bottom)])
    top = min(y for _, y in line)
    colour = view.tones.land(distance)
    foot = mix(colour, view.tones.haze, mist * (0.25 + 0.75 * distance))
    rim = view.rim((view.width / 2, view.height * 2), 0.35)
    view.canvas.lay(sheet, colour, foot, span=(top, top + view.unit * (0.16 + 0.26 * (1 - distance))), shadow=shadow, rim=rim)


def paint_hills(view: View, count: int = 3) -> None:
    """Lay soft ridges from the horizon forward."""
    chance = view.chance.fork("hills")
    for index in range(count):
        near = (index + 1) / (count + 1)
        wave = chance.wave(3, 0.45)
        stretch = chance.between(0.5, 0.8)
        line = ridge_line(view, lambda x, w=wave, s=stretch: 0.5 + 0.5 * w(x * s), view.horizon + view.unit * (0.005 + 0.12 * near * near), view.unit * (0.06 + 0.05 * near))
        lay_ridge(view, line, 0.95 - 0.62 * near)


def _crags(chance: Chance, detail: int) -> Callable[[float], float]:
    """Return a jagged profile between 0 and 1 by halving segments at random heights."""
    points = [chance.between(0.2, 1.0) for _ in range(6)]
    size = 0.28
    for _ in range(detail):
        between = [(one + other) / 2 + chance.between(-size, size) for one, other in zip(points, points[1:], strict=False)]
        points = [value for pair in zip(points, between, strict=False) for value in pair] + [points[-1]]
        size *= 0.52

    def profile(x: float) -> float:
        place = (x / 2.6 + 0.12) % 1.0 * (len(points) - 1)
        index = min(int(place), len(points) - 2)
        share = place - index
        return points[index] * (1 - share) + points[index + 1] * share

    return profile


def paint_mountains(view: View) -> None:
    """Lay ranges of peaks, snow on the farther and higher ones."""
    chance = view.chance.fork("mountains")
    for index, (distance, height) in enumerate(((0.95, 0.40), (0.78, 0.30), (0.55, 0.15))):
        profile = _crags(chance, 5)
        foot = view.horizon + view.unit * (0.02 + 0.05 * index)
        line = ridge_line(view, profile, foot, view.unit * height, 320)
        lay_ridge(view, line, distance, mist=0.9)
        if index < 2:
            _snow_caps(view, chance, line, distance, foot - view.unit * height * (0.62 - 0.05 * index))


def _snow_caps(view: View, chance: Chance, line: Ridge, distance: float, snowline: float) -> None:
    """Lay snow above a ragged line, then shade on the sides that are turned from the light."""
    jag = chance.wave(5, 0.75)
    snow, shade = view.sheet(distance), view.sheet(distance)
    for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
        if min(y0, y1) >= snowline:
            continue
        low0, low1 = (y + max(0.0, snowline - y) * (0.50 + 0.38 * jag(x / view.unit * 7)) for x, y in ((x0, y0), (x1, y1)))
        snow.polygon([(x0, y0), (x1 + 0.8, y1), (x1 + 0.8, max(y1, low1)), (x0, max(y0, low0))])
    for peak in _peaks(line, view.unit * 0.05):
        x, y = line[peak]
        side = 1 if view.light.x < x else -1
        slope = [line[peak]]
        while 0 < peak < len(line) - 1 and line[peak + side][1] > line[peak][1] - view.unit * 0.012:
            peak += side
            slope.append(line[peak])
        low = slope[-1][1] + view.unit * 0.05
        fold = [(x + side * (low - y) * turn, y + (low - y) * down) for down, turn in ((1.0, 0.10), (0.62, 0.17), (0.34, 0.02))]
        shade.polygon([*slope, (slope[-1][0], low), *fold])
    view.canvas.lay(snow, mix(view.tones.glow, view.tones.haze, 0.25 + 0.25 * distance), alpha=0.75)
    view.canvas.lay(shade, view.tones.plane(distance * 0.72), alpha=0.34)


def _peaks(line: Ridge, apart: float) -> list[int]:
    """Return the places of the highest points that have no higher one within a distance in pixels."""
    return [
        index
        for index, (x, y) in enumerate(line)
        if all(y < other_y or (x == other_x) for other_x, other_y in line if abs(x - other_x) < apart)
    ]


def paint_dunes(view: View) -> None:
    """Lay dunes, each with a lit face and a shaded one that meet in a winding crest."""
    chance, unit = view.chance.fork("dunes"), view.unit
    for index in range(4):
        near = index / 3
        distance = 0.90 - 0.62 * near
        base = view.horizon + unit * (0.015 + 0.25 * near**1.4)
        peak = view.width * (0.5 + chance.between(0.10, 0.34) * (1 if index % 2 else -1))
        height, reach = unit * (0.07 + 0.09 * near), unit * chance.between(0.75, 1.15)
        wave = chance.wave(2, 0.4)

        def profile(x: float, top: float = peak, wide: float = reach, roll: Callable[[float], float] = wave) -> float:
            away = abs(x * unit - top) / wide
            return 1 / (1 + 2.6 * away**1.7) + 0.10 * roll(x * 0.5) * min(1.0, away * 2)

        line = ridge_line(view, profile, base, height)
        lay_ridge(view, line, distance, mist=0.35)
        side = 1 if view.light.x < peak else -1
        lit = view.sheet(distance)
        crest = [(x, y) for x, y in line if 0 <= (peak - x) * side < reach * 1.6]
        crest = crest[::-1] if side < 0 else crest
        spine = []
        for step in range(21):
            down = step / 20
            spine.append((peak + side * math.sin(down * 4.2) * unit * 0.07 * (0.4 + down) - side * down * reach * 0.35, base - height * 1.02 + (height + unit * 0.24) * down))
        lit.polygon([*crest, *spine, (crest[0][0], spine[-1][1])] if crest else [])
        colour = mix(view.tones.plane(distance), view.tones.glow, 0.55)
        view.canvas.lay(lit, colour, view.tones.plane(distance * 0.8), alpha=0.8 * max(0.55, view.light.strength), span=(base - height, base + unit * 0.20))


def paint_rows(view: View) -> None:
    """Lay furrows that run to a point on the horizon."""
    chance, unit = view.chance.fork("rows"), view.unit
    plane = view.sheet(0.5)
    top = view.horizon + unit * 0.045
    bottom = view.height * 1.35
    plane.box(-view.width, top, view.width * 2, bottom)
    colour = mix(view.tones.plane(0.45), view.palette.tone(0.55), 0.45)
    view.canvas.lay(plane, mix(colour, view.tones.haze, 0.5), view.tones.plane(0.15), span=(top, view.height))
    vanish = (view.focus + chance.between(-0.1, 0.1) * unit, top - unit * 0.02)
    rows = view.sheet(0.35)
    for index in range(-16, 17):
        left, right = index * 0.17, index * 0.17 + 0.075
        rows.polygon([(vanish[0] + index * unit * 0.012, top), (vanish[0] + (index + 0.4) * unit * 0.012, top), (vanish[0] + right * unit * 2.6, bottom), (vanish[0] + left * unit * 2.6, bottom)])
    view.canvas.lay(rows, mix(colour, view.tones.glow, 0.30), view.tones.plane(0.12), alpha=0.75, span=(top, view.height))


def paint_ribbon(view: View, *, water: bool) -> None:
    """Lay a road or river that winds from the foreground to the horizon."""
    chance, unit = view.chance.fork("ribbon"), view.unit
    top = view.horizon + unit * 0.05
    phase, sway = chance.between(0, 6.28), unit * chance.between(0.18, 0.28)
    left, right = [], []
    for step in range(41):
        near = step / 40
        y = top + (view.height * 1.12 - top) * near**1.7
        middle = view.aside + (view.focus - view.aside) * near * 0.5 + math.sin(phase + near * 5.2) * sway * (0.15 + 0.85 * near) * (1 - 0.5 * near)
        half = unit * (0.004 + 0.17 * near**2)
        left.append((middle - half, y))
        right.append((middle + half, y))
    sheet = view.sheet(0.4)
    sheet.polygon([*left, *right[::-1]])
    far = mix(view.tones.haze, view.tones.glow, 0.5)
    near_colour = mix(view.tones.sky[1][1], view.tones.near, 0.35) if water else mix(view.palette.tone(0.5), view.tones.near, 0.45)
    view.canvas.lay(sheet, far, near_colour, alpha=0.9 if water else 0.75)


def paint_front(view: View, *, grass: bool = True) -> None:
    """Lay the nearest ground, dark and rising to one side, with blades of grass against the light."""
    chance, unit = view.chance.fork("front"), view.unit
    wave = chance.wave(3, 0.4)
    tilt = 0.05 if view.focus < view.aside else -0.05
    level = view.height * 0.805

    def height(x: float) -> float:
        return 0.5 + 0.35 * wave(x * 0.7) - tilt * 12 * (x * unit / view.width - 0.5)

    line = ridge_line(view, height, level + unit * 0.03, unit * 0.07)
    lay_ridge(view, line, 0.0, mist=0.0, shadow=0.25)
    if not grass:
        return
    blades = view.sheet(0.0)
    sway = math.sin(view.moment * 1.3 + 0.4) * 0.012 + (0.025 if view.brief.weather in {"wind", "storm"} else 0.0)
    for _ in range(round(150 * view.width / unit)):
        x = chance.between(-0.05, 1.05) * view.width
        foot = level + unit * 0.03 - unit * 0.07 * height(x / unit) + unit * 0.01
        tall = unit * chance.between(0.012, 0.05) * (1.4 if chance.happens(0.12) else 1.0)
        lean = (chance.between(-0.018, 0.018) + sway) * unit
        wide = unit * 0.0022
        blades.polygon([(x - wide, foot), (x + lean * 0.5 - wide * 0.4, foot - tall * 0.6), (x + lean, foot - tall), (x + wide, foot)])
    view.canvas.lay(blades, view.tones.plane(0.0), rim=view.rim((view.width / 2, view.height), 0.3))
