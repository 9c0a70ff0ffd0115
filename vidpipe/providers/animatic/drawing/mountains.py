"""Mountains: peaks one by one, each with a lit and a shaded side, snow, and mist at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.sheet import Point
    from vidpipe.providers.animatic.drawing.view import View

# Distance, height and half width in units of the view, number of peaks.
_RANGES = ((0.97, 0.36, 0.40, 4), (0.80, 0.44, 0.46, 3))


def paint_mountains(view: View) -> None:
    """Lay ranges of peaks, the highest of them away from the light."""
    chance, unit = view.chance.fork("mountains"), view.unit
    for index, (distance, tall, wide, count) in enumerate(_RANGES):
        foot = view.horizon + unit * (0.03 + 0.04 * index)
        spots = [(place + chance.between(0.2, 0.8)) / count * 1.2 - 0.1 for place in range(count)]
        for spot in sorted(spots, key=lambda place: abs(place * view.width - view.focus), reverse=True):
            x = spot * view.width
            high = max(0.42, 1 - abs(x - view.focus) / (0.75 * view.width)) * chance.between(0.85, 1.1)
            _paint_peak(
                view,
                chance,
                (x, foot - unit * tall * high),
                foot,
                unit * wide * high * chance.between(0.85, 1.15),
                distance,
            )


def _edge(chance: Chance, top: Point, foot: float, reach: float, steps: int = 22) -> list[Point]:
    """Return a ragged line from the summit down to the foot, `reach` pixels aside (negative to the left)."""
    line = [top]
    fall = foot - top[1]
    lift = 0.0
    for step in range(1, steps + 1):
        down = step / steps
        lift = lift * 0.6 + chance.between(-0.05, 0.05) * (1 - down * 0.6)
        line.append((top[0] + reach * (down**1.08), top[1] + fall * min(1.0, max(0.0, down + lift * 0.8))))
    return line


def _paint_peak(view: View, chance: Chance, top: Point, foot: float, wide: float, distance: float) -> None:
    lit = 1 if view.light.x > top[0] else -1
    bright, dark = _edge(chance, top, foot, wide * lit), _edge(chance, top, foot, -wide * lit)
    fall = foot - top[1]
    colour, haze = view.tones.land(distance), view.tones.haze
    body = view.sheet(distance)
    body.polygon([*bright, (bright[-1][0], foot + fall), (dark[-1][0], foot + fall), *dark[::-1]])
    view.canvas.lay(body, colour, mix(colour, haze, 0.85), span=(top[1], foot), rim=view.rim(top, 0.3))
    spine = [
        (top[0] + lit * wide * turn, top[1] + fall * down)
        for down, turn in ((0.16, 0.05), (0.34, -0.05), (0.55, 0.10), (0.75, 0.0), (1.0, 0.12))
    ]
    shaded = view.sheet(distance)
    shaded.polygon([*dark, *spine[::-1]])
    view.canvas.lay(shaded, view.tones.plane(distance * 0.70), mix(colour, haze, 0.9), alpha=0.55, span=(top[1], foot))
    if distance > 0.7:
        _paint_snow(view, chance, (bright, dark, [top, *spine]), top, fall, distance)


def _paint_snow(
    view: View,
    chance: Chance,
    lines: tuple[list[Point], list[Point], list[Point]],
    top: Point,
    fall: float,
    distance: float,
) -> None:
    """Lay snow on the summit, its lower edge in tongues; bluer on the shaded side."""
    bright, dark, spine = lines
    line = top[1] + fall * chance.between(0.34, 0.42)
    for edge, tint in (
        (bright, mix(view.tones.glow, view.tones.haze, 0.10)),
        (dark, mix(view.tones.haze, view.tones.plane(distance), 0.25)),
    ):
        rim = [point for point in edge if point[1] < line]
        middle = [point for point in spine if point[1] < line]
        start, end = rim[-1], middle[-1]
        tongues = []
        for step in range(1, 8):
            along = step / 8
            drop = fall * (0.10 if step % 2 else -0.05) * chance.between(0.5, 1.2)
            tongues.append((start[0] + (end[0] - start[0]) * along, start[1] + (end[1] - start[1]) * along + drop))
        sheet = view.sheet(distance)
        sheet.polygon([*rim, *tongues, *middle[::-1]])
        view.canvas.lay(sheet, tint, mix(tint, view.tones.haze, 0.4), alpha=0.9)
