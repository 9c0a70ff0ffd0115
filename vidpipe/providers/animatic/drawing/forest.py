"""Trees: conifers and crowns near and far, the inside of a forest with trunks and shafts of light."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.ground import lay_ridge, ridge_line

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.sheet import Point, Sheet
    from vidpipe.providers.animatic.drawing.view import View


def cut_conifer(sheet: Sheet, chance: Chance, x: float, foot: float, tall: float) -> None:
    """Cut a fir of ragged tiers."""
    wide = tall * chance.between(0.17, 0.24)
    tiers = 7
    left: list[Point] = [(x, foot - tall)]
    right: list[Point] = []
    for tier in range(tiers):
        low = (tier + 1) / tiers
        reach = wide * low**0.85
        for side, line in ((-1, left), (1, right)):
            edge = reach * chance.between(0.85, 1.15)
            line.append((x + side * edge, foot - tall * (1 - low * 0.9)))
            line.append((x + side * edge * 0.48, foot - tall * (1 - low * 0.9) - tall * 0.022))
    trunk = tall * 0.018
    sheet.polygon([*left, (x - trunk, foot - tall * 0.1), (x + trunk, foot - tall * 0.1), *right[::-1]])
    sheet.box(x - trunk, foot - tall * 0.14, x + trunk, foot + tall * 0.02)


def cut_tree(sheet: Sheet, chance: Chance, x: float, foot: float, tall: float, *, bare: bool) -> None:
    """Cut a broad tree: a forked trunk, and a crown of clustered leaves unless it is bare."""
    if bare:
        _branch(sheet, chance, (x, foot + tall * 0.02), (math.pi / 2, tall * 0.27, tall * 0.07), 6)
        return
    _branch(sheet, chance, (x, foot + tall * 0.02), (math.pi / 2, tall * 0.30, tall * 0.075), 2)
    middle = foot - tall * 0.63
    sheet.oval(x, middle, tall * 0.27, tall * 0.23)
    for lump in range(15):
        angle = lump / 15 * 2 * math.pi + chance.between(-0.12, 0.12)
        sheet.oval(
            x + math.cos(angle) * tall * chance.between(0.22, 0.30),
            middle - math.sin(angle) * tall * chance.between(0.19, 0.25),
            tall * chance.between(0.055, 0.10),
            tall * chance.between(0.05, 0.08),
        )


def _branch(
    sheet: Sheet, chance: Chance, start: tuple[float, float], reach: tuple[float, float, float], left: int
) -> None:
    """Cut a branch of (angle, length, width) and what grows from it."""
    angle, length, wide = reach
    end = (start[0] + math.cos(angle) * length, start[1] - math.sin(angle) * length)
    across, down = math.sin(angle) * wide / 2, math.cos(angle) * wide / 2
    thin = 0.66
    sheet.polygon(
        [
            (start[0] - across, start[1] - down),
            (end[0] - across * thin, end[1] - down * thin),
            (end[0] + across * thin, end[1] + down * thin),
            (start[0] + across, start[1] + down),
        ]
    )
    for side in (-1, 1) if left else ():
        turn = side * chance.between(0.18, 0.60)
        _branch(sheet, chance, end, (angle + turn, length * chance.between(0.64, 0.84), wide * thin), left - 1)


def paint_treeline(view: View, distance: float, foot: float, tall: float, name: str) -> None:
    """Lay a row of trees on a ridge, all one paper."""
    chance, unit = view.chance.fork("treeline " + name), view.unit
    wave = chance.wave(3, 0.5)
    line = ridge_line(view, lambda x: 0.5 + 0.5 * wave(x * 0.6), foot, unit * 0.05)
    sheet = view.sheet(distance)
    gap = tall * 0.21
    x = -0.12 * view.width
    while x < 1.12 * view.width:
        x += gap * chance.between(0.5, 1.5)
        ground = foot - unit * 0.05 * (0.5 + 0.5 * wave(x / unit * 0.6))
        clearing = min(1.0, 0.45 + abs(x - view.aside) / (0.35 * view.width))
        cut_conifer(sheet, chance, x, ground + tall * 0.06, tall * chance.between(0.55, 1.15) * clearing)
    bottom = view.height * 1.3
    sheet.polygon([*line, (line[-1][0], bottom), (line[0][0], bottom)])
    colour = view.tones.plane(distance)
    foggy = mix(colour, view.tones.haze, 0.45 + 0.35 * distance)
    view.canvas.lay(
        sheet,
        colour,
        foggy,
        span=(foot - tall, foot + unit * (0.06 + 0.2 * (1 - distance))),
        rim=view.rim((view.width / 2, view.height), 0.12),
    )


def paint_forest(view: View) -> None:
    """Paint a forest from within: rows of firs in the haze, shafts of light, trunks at both sides."""
    unit, top = view.unit, view.horizon
    height = unit * (0.45 if view.carried else 1.0)
    for index, (distance, tall) in enumerate(((0.95, 0.34), (0.80, 0.46), (0.60, 0.62))):
        paint_treeline(view, distance, top + unit * (0.02 + 0.055 * index), height * tall, str(index))
    _shafts(view)
    chance = view.chance.fork("floor")
    wave = chance.wave(3, 0.5)
    lay_ridge(
        view, ridge_line(view, lambda x: 0.5 + 0.5 * wave(x * 0.5), top + unit * 0.20, unit * 0.05), 0.34, mist=0.25
    )


def paint_trunks(view: View) -> None:
    """Lay trunks that run out of the frame, dark, most of them away from the light."""
    chance, unit = view.chance.fork("trunks"), view.unit
    side = -1 if view.aside > view.focus else 1
    places = [
        (0.5 + side * 0.47, 0.075),
        (0.5 + side * 0.30, 0.038),
        (0.5 - side * 0.485, 0.055),
        (0.5 - side * 0.36, 0.024),
    ]
    for index, (place, wide) in enumerate(places):
        x, half = place * view.width, unit * wide * chance.between(0.85, 1.1) / 2
        sheet = view.sheet(0.05 + 0.1 * (index % 2))
        lean = chance.between(-0.03, 0.03) * unit
        foot = view.height * (0.93 if index % 2 else 1.05)
        sheet.polygon(
            [
                (x + lean - half * 0.8, -unit * 0.05),
                (x + lean + half * 0.8, -unit * 0.05),
                (x + half, foot - unit * 0.12),
                (x + half * 2.0, foot),
                (x - half * 2.0, foot),
                (x - half, foot - unit * 0.12),
            ]
        )
        for _ in range(4):
            y = view.height * chance.between(0.02, 0.42)
            reach = unit * chance.between(0.08, 0.2) * chance.pick((-1, 1))
            rise = unit * chance.between(0.02, 0.10)
            sheet.polygon(
                [
                    (x, y),
                    (x + reach * 0.5, y - rise * 0.4),
                    (x + reach, y - rise),
                    (x + reach * 0.5, y - rise * 0.4 + unit * 0.006),
                    (x, y + half * 0.7),
                ]
            )
        view.canvas.lay(
            sheet, view.tones.plane(0.03 + 0.12 * (index % 2)), rim=view.rim((x, view.height * 0.4), 0.6), shadow=0.22
        )


def _shafts(view: View) -> None:
    """Lay slanting light between the trees."""
    chance, unit = view.chance.fork("shafts"), view.unit
    strength = view.light.strength * (0.10 if view.brief.hour == "night" else 0.17)
    for _ in range(5):
        lean = chance.between(-0.55, 0.55)
        wide = unit * chance.between(0.02, 0.07)
        sheet = view.sheet(0.5)
        end = view.light.x + lean * unit * 1.2
        bottom = view.horizon + unit * 0.22
        sheet.polygon(
            [
                (view.light.x - wide * 0.3, view.light.y),
                (view.light.x + wide * 0.3, view.light.y),
                (end + wide * 1.6, bottom),
                (end - wide * 1.6, bottom),
            ]
        )
        view.canvas.lay(sheet, view.tones.glow, alpha=strength, soft=unit * 0.012)
