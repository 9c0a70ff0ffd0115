"""The land: ridges that fade with distance, dunes, fields, roads, and grass in front."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.providers.animatic.drawing.sheet import Point
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
    view.canvas.lay(
        sheet, colour, foot, span=(top, top + view.unit * (0.16 + 0.26 * (1 - distance))), shadow=shadow, rim=rim
    )


def paint_hills(view: View, count: int = 3) -> None:
    """Lay soft ridges from the horizon forward."""
    chance = view.chance.fork("hills")
    for index in range(count):
        near = (index + 1) / (count + 1)
        wave = chance.wave(3, 0.45)
        stretch = chance.between(0.5, 0.8)

        def profile(x: float, rise: Callable[[float], float] = wave, pitch: float = stretch) -> float:
            return 0.5 + 0.5 * rise(x * pitch)

        foot = view.horizon + view.unit * (0.005 + 0.12 * near * near)
        line = ridge_line(view, profile, foot, view.unit * (0.06 + 0.05 * near))
        lay_ridge(view, line, 0.95 - 0.62 * near)


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
            away = float(abs(x * unit - top) / wide)
            return float(1 / (1 + 2.6 * away**1.7)) + 0.10 * roll(x * 0.5) * min(1.0, away * 2)

        line = ridge_line(view, profile, base, height)
        lay_ridge(view, line, distance, mist=0.35)
        side = 1 if view.light.x < peak else -1
        lit = view.sheet(distance)
        crest = [(x, y) for x, y in line if 0 <= (peak - x) * side < reach * 1.6]
        crest = crest[::-1] if side < 0 else crest
        spine = []
        for step in range(21):
            down = step / 20
            spine.append(
                (
                    peak
                    + side * math.sin(down * 4.2) * unit * 0.16 * (0.25 + 0.75 * down)
                    - side * down * reach * 0.20,
                    base - height * 1.02 + (height + unit * 0.24) * down,
                )
            )
        lit.polygon([*crest, *spine, (crest[0][0], spine[-1][1])] if crest else [])
        colour = mix(view.tones.plane(distance), view.tones.glow, 0.55)
        foot = mix(view.tones.land(distance), view.tones.haze, 0.35 * (0.25 + 0.75 * distance))
        view.canvas.lay(
            lit, colour, foot, alpha=0.8 * max(0.55, view.light.strength), span=(base - height, base + unit * 0.20)
        )


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
        rows.polygon(
            [
                (vanish[0] + index * unit * 0.012, top),
                (vanish[0] + (index + 0.4) * unit * 0.012, top),
                (vanish[0] + right * unit * 2.6, bottom),
                (vanish[0] + left * unit * 2.6, bottom),
            ]
        )
    view.canvas.lay(
        rows, mix(colour, view.tones.glow, 0.30), view.tones.plane(0.12), alpha=0.75, span=(top, view.height)
    )


def paint_ribbon(view: View, *, water: bool) -> None:
    """Lay a road or river that winds from the foreground to the horizon."""
    chance, unit = view.chance.fork("ribbon"), view.unit
    top = view.horizon + unit * 0.05
    phase, sway = chance.between(0, 6.28), unit * chance.between(0.18, 0.28)
    left, right = [], []
    for step in range(41):
        near = step / 40
        y = top + (view.height * 1.12 - top) * near**1.7
        middle = (
            view.aside
            + (view.focus - view.aside) * near * 0.5
            + math.sin(phase + near * 5.2) * sway * (0.15 + 0.85 * near) * (1 - 0.5 * near)
        )
        half = unit * (0.004 + 0.17 * near**2)
        left.append((middle - half, y))
        right.append((middle + half, y))
    sheet = view.sheet(0.4)
    sheet.polygon([*left, *right[::-1]])
    far = mix(view.tones.haze, view.tones.glow, 0.5)
    near_colour = (
        mix(view.tones.sky[1][1], view.tones.near, 0.35)
        if water
        else mix(view.palette.tone(0.5), view.tones.near, 0.45)
    )
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
        blades.polygon(
            [
                (x - wide, foot),
                (x + lean * 0.5 - wide * 0.4, foot - tall * 0.6),
                (x + lean, foot - tall),
                (x + wide, foot),
            ]
        )
    view.canvas.lay(blades, view.tones.plane(0.0), rim=view.rim((view.width / 2, view.height), 0.3))
