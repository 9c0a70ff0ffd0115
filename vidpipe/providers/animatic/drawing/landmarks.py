"""Things that people built and that stand out: lighthouse, ship, house, church, castle, mill, bridge, train."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View


def paint_lighthouse(view: View, x: float, foot: float, tall: float, distance: float) -> None:
    """Lay a banded tower with its lantern; after dark its beam turns with time."""
    half = tall * 0.095
    lantern = (x, foot - tall * 0.90)
    if view.dark or view.brief.weather in {"fog", "rain"}:
        _beam(view, lantern, tall)
    tower, bands = view.sheet(distance), view.sheet(distance)
    tower.polygon(
        [
            (x - half, foot),
            (x - half * 0.62, foot - tall * 0.80),
            (x + half * 0.62, foot - tall * 0.80),
            (x + half, foot),
        ]
    )
    for low, high in ((0.16, 0.32), (0.48, 0.64)):
        wide0, wide1 = half * (1 - 0.475 * low), half * (1 - 0.475 * high)
        bands.polygon(
            [
                (x - wide0, foot - tall * low),
                (x - wide1, foot - tall * high),
                (x + wide1, foot - tall * high),
                (x + wide0, foot - tall * low),
            ]
        )
    head = view.sheet(distance)
    head.box(x - half * 0.95, foot - tall * 0.83, x + half * 0.95, foot - tall * 0.80)
    head.box(x - half * 0.48, foot - tall * 0.94, x + half * 0.48, foot - tall * 0.83)
    head.polygon(
        [(x - half * 0.62, foot - tall * 0.94), (x, foot - tall * 1.02), (x + half * 0.62, foot - tall * 0.94)]
    )
    head.stroke([(x, foot - tall), (x, foot - tall * 1.06)], max(1.0, tall * 0.008))
    light = mix(view.tones.plane(distance), view.tones.glow, 0.50)
    dark = view.tones.plane(distance * 0.6)
    view.canvas.lay(tower, light, mix(light, dark, 0.55), rim=view.rim((x, foot - tall), 0.8), shadow=0.2)
    view.canvas.lay(
        bands, mix(view.tones.accent, dark, 0.35 if not view.dark else 0.5), mix(view.tones.accent, dark, 0.7)
    )
    view.canvas.lay(head, dark, rim=view.rim((x, foot - tall), 0.5))
    lamp = view.sheet(distance)
    lamp.box(x - half * 0.30, foot - tall * 0.925, x + half * 0.30, foot - tall * 0.845)
    view.canvas.lay(lamp, view.tones.lit)
    view.glow(distance, *lantern, tall * 0.42, view.tones.lit, 0.85 if view.dark else 0.3)


def _beam(view: View, lantern: tuple[float, float], tall: float) -> None:
    turn = 0.12 + 0.22 * view.moment
    for side in (-1, 1):
        angle = (0 if side > 0 else math.pi) + side * (turn - 0.16)
        reach = max(view.width, view.height) * (1.1 if side > 0 else 0.9)
        for spread, alpha in ((0.085, 0.16), (0.045, 0.20)):
            sheet = view.sheet(0.9)
            sheet.polygon(
                [
                    lantern,
                    (
                        lantern[0] + math.cos(angle - spread) * reach,
                        lantern[1] - math.sin(angle - spread) * reach * 0.6,
                    ),
                    (
                        lantern[0] + math.cos(angle + spread) * reach,
                        lantern[1] - math.sin(angle + spread) * reach * 0.6,
                    ),
                ]
            )
            view.canvas.lay(sheet, view.tones.lit, alpha=alpha, soft=tall * 0.02)


def paint_ship(view: View, x: float, foot: float, tall: float, distance: float, *, small: bool) -> None:
    """Lay a boat with two sails, or a ship with three masts; it rocks and sails on with time."""
    hull, sails = view.sheet(distance), view.sheet(distance)
    tilt = 0.05 * math.sin(view.moment * 1.6 + x)
    foot += tall * 0.02 * math.sin(view.moment * 2.1)

    def at(across: float, up: float) -> tuple[float, float]:
        return (
            x + (across * math.cos(tilt) - up * math.sin(tilt)) * tall,
            foot - (up * math.cos(tilt) + across * math.sin(tilt)) * tall,
        )

    line = max(1.0, tall * 0.012)
    if small:
        hull.polygon([at(-0.34, 0.10), at(0.40, 0.12), at(0.26, -0.03), at(-0.26, -0.03)])
        hull.stroke([at(0.0, 0.08), at(0.0, 1.0)], line)
        sails.polygon([at(-0.03, 0.97), at(-0.10, 0.55), at(-0.34, 0.19), at(-0.03, 0.16)])
        sails.polygon([at(0.03, 0.90), at(0.16, 0.50), at(0.36, 0.20), at(0.03, 0.18)])
    else:
        hull.polygon(
            [at(-0.60, 0.20), at(-0.48, 0.12), at(0.42, 0.11), at(0.68, 0.21), at(0.46, -0.06), at(-0.46, -0.06)]
        )
        hull.stroke([at(0.55, 0.16), at(0.92, 0.32)], line)
        for mast, high in ((-0.32, 0.82), (0.04, 1.0), (0.36, 0.78)):
            hull.stroke([at(mast, 0.1), at(mast, high)], line)
            for low, top, wide in ((0.22, 0.50, 0.17), (0.53, 0.74, 0.14), (0.76, 0.90, 0.10)):
                up, down, reach = top * high, low * high, wide * high
                sails.polygon(
                    [
                        at(mast - reach * 0.8, up),
                        at(mast + reach * 0.8, up),
                        at(mast + reach * 1.12, (up + down) / 2),
                        at(mast + reach, down),
                        at(mast - reach, down),
                        at(mast - reach * 0.75, (up + down) / 2),
                    ]
                )
    paper = mix(view.tones.plane(distance), view.tones.glow, 0.55)
    view.canvas.lay(sails, paper, mix(paper, view.tones.plane(distance), 0.5), rim=view.rim((x, foot), 0.7))
    view.canvas.lay(hull, view.tones.plane(distance * 0.5), rim=view.rim((x, foot), 0.5))
    shade_under = view.sheet(distance)
    shade_under.oval(x, foot + tall * 0.05, tall * (0.34 if small else 0.6), tall * 0.022)
    view.canvas.lay(shade_under, view.tones.plane(distance * 0.5), alpha=0.5)


def paint_house(view: View, x: float, foot: float, tall: float, distance: float) -> None:
    """Lay a gabled house with a chimney, its smoke, and a lit window."""
    paper = view.sheet(distance)
    wide = tall * 0.62
    paper.box(x - wide, foot - tall * 0.52, x + wide, foot + tall * 0.06)
    paper.polygon(
        [
            (x - wide * 1.18, foot - tall * 0.48),
            (x - wide * 0.55, foot - tall),
            (x + wide * 0.55, foot - tall),
            (x + wide * 1.18, foot - tall * 0.48),
        ]
    )
    paper.box(x + wide * 0.30, foot - tall * 1.2, x + wide * 0.50, foot - tall * 0.9)
    smoke = view.sheet(distance)
    drift = 1 if view.light.x < x else -1
    for puff in range(9):
        rise = max(0.0, puff / 8 + 0.06 * math.sin(view.moment))
        smoke.oval(
            x + wide * 0.4 + drift * tall * 0.5 * rise**1.6 + math.sin(puff * 1.9 + view.moment) * tall * 0.03,
            foot - tall * (1.22 + 0.75 * rise),
            tall * (0.03 + 0.10 * rise),
        )
    view.canvas.lay(smoke, mix(view.tones.haze, view.tones.glow, 0.3), alpha=0.35, soft=tall * 0.03)
    colour = view.tones.plane(distance)
    view.canvas.lay(paper, colour, rim=view.rim((x, foot - tall), 0.7), shadow=0.15)
    windows = view.sheet(distance)
    for place in (-0.62, -0.12, 0.52):
        left = x + wide * place
        if place > 0:
            windows.box(left - tall * 0.07, foot - tall * 0.28, left + tall * 0.07, foot + tall * 0.06)
        else:
            windows.box(left - tall * 0.08, foot - tall * 0.36, left + tall * 0.08, foot - tall * 0.16)
    view.canvas.lay(
        windows, view.tones.lit, mix(view.tones.lit, view.tones.accent, 0.5), alpha=0.95 if view.dark else 0.4
    )
    if view.dark:
        view.glow(distance, x - wide * 0.3, foot - tall * 0.2, tall * 0.9, view.tones.lit, 0.5)


def paint_church(view: View, x: float, foot: float, tall: float, distance: float) -> None:
    """Lay a church: a nave, and a tower with a spire."""
    paper = view.sheet(distance)
    paper.polygon(
        [
            (x, foot),
            (x, foot - tall * 0.30),
            (x + tall * 0.06, foot - tall * 0.44),
            (x + tall * 0.46, foot - tall * 0.44),
            (x + tall * 0.52, foot - tall * 0.30),
            (x + tall * 0.52, foot),
        ]
    )
    paper.box(x - tall * 0.10, foot - tall * 0.56, x + tall * 0.10, foot)
    paper.polygon([(x - tall * 0.13, foot - tall * 0.56), (x, foot - tall), (x + tall * 0.13, foot - tall * 0.56)])
    paper.stroke([(x, foot - tall), (x, foot - tall * 1.08)], max(1.0, tall * 0.012))
    paper.stroke(
        [(x - tall * 0.025, foot - tall * 1.05), (x + tall * 0.025, foot - tall * 1.05)], max(1.0, tall * 0.012)
    )
    view.canvas.lay(paper, view.tones.plane(distance), rim=view.rim((x, foot - tall), 0.6), shadow=0.1)
    if view.dark:
        windows = view.sheet(distance)
        _arch(windows, x, foot - tall * 0.36, tall * 0.026, tall * 0.09)
        for place in (0.20, 0.30, 0.40):
            _arch(windows, x + tall * place, foot - tall * 0.14, tall * 0.02, tall * 0.09)
        view.canvas.lay(windows, view.tones.lit)


def _arch(sheet: Sheet, x: float, foot: float, half: float, tall: float) -> None:
    sheet.box(x - half, foot - tall + half, x + half, foot)
    sheet.oval(x, foot - tall + half, half)
