"""Towns: skylines with lit windows, and a street that runs to a vanishing point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View


def paint_skyline(view: View) -> None:
    """Lay three rows of buildings, lower where the light stands, windows lit after dark."""
    unit = view.unit
    for index, (distance, tall, wide) in enumerate(((0.92, 0.42, 0.055), (0.68, 0.34, 0.085), (0.36, 0.27, 0.13))):
        _row(view, distance, view.horizon + unit * (0.02 + 0.065 * index), unit * tall, unit * wide)


def paint_rooftops(view: View) -> None:
    """Lay the nearest roofs, dark, low in the frame."""
    _row(view, 0.0, view.height * 0.90, view.unit * 0.13, view.unit * 0.26)
    ground = view.sheet(0.0)
    ground.box(-view.width, view.height * 0.885, view.width * 2, view.height * 1.5)
    view.canvas.lay(ground, view.tones.plane(0.0))


def _row(view: View, distance: float, foot: float, tall: float, wide: float) -> None:
    chance = view.chance.fork(f"row {distance}")
    paper, windows = view.sheet(distance), view.sheet(distance)
    bottom = view.height * 1.2
    x = -0.1 * view.width
    while x < 1.1 * view.width:
        across = wide * chance.between(0.6, 1.4)
        low = min(1.0, 0.38 + abs(x + across / 2 - view.light.x) / (0.42 * view.width))
        top = foot - tall * low * chance.between(0.45, 1.1)
        paper.box(x, top, x + across + 1, bottom)
        _roof(paper, chance, x, across, top, view.unit)
        if distance:
            _windows(
                windows,
                chance,
                (x, top, x + across, foot + view.unit * 0.1),
                view.unit * (0.010 + 0.010 * (1 - distance)),
            )
        x += across * (1.0 if chance.happens(0.75) else 1.25)
    colour = view.tones.plane(distance)
    span = (foot - tall * 1.1, foot + view.unit * 0.12)
    view.canvas.lay(
        paper,
        colour,
        mix(colour, view.tones.haze, 0.2 + 0.5 * distance),
        span=span,
        rim=view.rim((view.width / 2, foot), 0.5),
        shadow=0.1,
    )
    if view.dark:
        view.canvas.lay(windows, view.tones.lit, alpha=0.9 - 0.55 * distance)
    else:
        view.canvas.lay(windows, mix(colour, view.tones.near, 0.5), alpha=0.35)


def _roof(sheet: Sheet, chance: Chance, x: float, across: float, top: float, unit: float) -> None:
    """Cut what stands on a roof: a gable, a mast, a water tank, a step or nothing."""
    kind = chance.pick(("flat", "gable", "mast", "tank", "step", "flat", "spire" if across < unit * 0.14 else "gable"))
    middle = x + across * chance.between(0.3, 0.7)
    if kind == "gable":
        sheet.polygon([(x, top + 1), (x + across / 2, top - across * 0.42), (x + across + 1, top + 1)])
    elif kind == "mast":
        sheet.stroke([(middle, top), (middle, top - across * 0.8)], max(1.0, unit * 0.0028))
    elif kind == "tank":
        size = across * 0.16
        sheet.box(middle - size, top - size * 2.4, middle + size, top - size * 0.8)
        sheet.polygon(
            [
                (middle - size * 1.2, top - size * 2.4),
                (middle, top - size * 3.4),
                (middle + size * 1.2, top - size * 2.4),
            ]
        )
        for side in (-0.8, 0.8):
            sheet.stroke([(middle + side * size, top), (middle + side * size, top - size)], max(1.0, size * 0.18))
    elif kind == "step":
        sheet.box(x + across * 0.2, top - across * 0.28, x + across * 0.8, top + 1)
    elif kind == "spire":
        sheet.box(x + across * 0.3, top - across * 0.4, x + across * 0.7, top + 1)
        sheet.polygon(
            [
                (x + across * 0.3, top - across * 0.4),
                (x + across / 2, top - across * 1.3),
                (x + across * 0.7, top - across * 0.4),
            ]
        )


def _windows(sheet: Sheet, chance: Chance, wall: tuple[float, float, float, float], size: float) -> None:
    """Cut the lit ones of a wall's windows, often several of a floor together."""
    left, top, right, bottom = wall
    columns = max(1, int((right - left - size * 0.8) / (size * 1.7)))
    margin = (right - left - columns * size * 1.7 + size * 0.7) / 2
    busy = chance.between(0.12, 0.5)
    y = top + size * 1.4
    while y < bottom:
        floor = busy * (1.8 if chance.happens(0.2) else 0.75)
        for column in range(columns):
            if chance.happens(floor):
                x = left + margin + column * size * 1.7
                sheet.box(x, y, x + size, y + size * 1.35)
        y += size * 2.5


def paint_street(view: View) -> None:
    """Paint walls of houses on both sides, a road between them, and street lamps."""
    chance, unit = view.chance.fork("street"), view.unit
    vanish = (view.aside * 0.5 + view.width * 0.25, view.horizon + unit * 0.03)
    for depth in (5, 4, 3, 2, 1, 0):
        for side in (-1, 1):
            _house_front(view, chance.fork(f"{depth} {side}"), vanish, depth, side)
    road = view.sheet(0.3)
    foot, bottom = vanish[1] + unit * 0.012, view.height * 1.2
    road.polygon(
        [
            (vanish[0] - unit * 0.02, foot),
            (vanish[0] + unit * 0.02, foot),
            (vanish[0] + unit * 1.5, bottom),
            (vanish[0] - unit * 1.5, bottom),
        ]
    )
    view.canvas.lay(road, mix(view.tones.haze, view.tones.glow, 0.35), view.tones.plane(0.12), span=(foot, view.height))
    wet = view.brief.weather in {"rain", "storm"} or view.dark
    view.glow(0.3, vanish[0], foot + unit * 0.08, unit * 0.5, view.tones.glow, 0.35 if wet else 0.2, squash=0.35)
    for depth in (3, 2, 1):
        for side in (-1, 1):
            _street_lamp(view, vanish, depth, side)


def _scale(depth: float) -> float:
    return 1.0 / (0.55 + 0.75 * depth)


def _house_front(view: View, chance: Chance, vanish: tuple[float, float], depth: int, side: int) -> None:
    """Lay one house in perspective; higher depth is farther down the street."""
    unit = view.unit
    near, far = _scale(depth - 0.45), _scale(depth + 0.62)
    tall = chance.between(0.44, 0.66) * unit
    edge = 0.50 * unit * min(1.0, view.width / view.height)
    x0, x1 = vanish[0] + side * edge * near, vanish[0] + side * edge * far
    base = 0.16 * unit
    top0, top1 = vanish[1] - tall * near, vanish[1] - tall * far
    out = side * view.width * 1.5
    sheet = view.sheet(0.12 * depth + 0.1)
    outline = [
        (x0 + out, top0 - unit * 0.02),
        (x0, top0),
        (x1, top1),
        (x1, vanish[1] + base * far),
        (x0, vanish[1] + base * near),
        (x0 + out, vanish[1] + base * near),
    ]
    if chance.happens(0.5):
        outline[1:2] = [(x0 + side * unit * 0.1 * near, top0 - unit * 0.14 * near), (x0, top0)]
    sheet.polygon(outline)
    distance = min(0.95, 0.12 + 0.17 * depth)
    colour = view.tones.plane(distance)
    view.canvas.lay(sheet, colour, mix(colour, view.tones.haze, 0.3), rim=view.rim((x0, top0), 0.4), shadow=0.15)
    windows = view.sheet(0.12 * depth + 0.1)
    floors = chance.whole(3, 4)
    for floor in range(floors):
        for column in range(3):
            if not chance.happens(0.62 if view.dark else 1.0):
                continue
            points = []
            for along, up in ((0.14, 0.0), (0.76, 0.0), (0.76, 1.0), (0.14, 1.0)):
                scale = _scale(depth - 0.45 + 1.07 * (column + along) / 3)
                x = vanish[0] + side * edge * scale
                level = (floor + 0.35 + 0.5 * up) / (floors + 0.3)
                points.append((x, vanish[1] + scale * (base * 0.2 - (tall + base * 0.2) * level)))
            windows.polygon(points)
    if view.dark:
        view.canvas.lay(windows, view.tones.lit, alpha=0.85 - 0.6 * distance)
    else:
        view.canvas.lay(windows, mix(colour, view.tones.near, 0.6), alpha=0.5)


def _street_lamp(view: View, vanish: tuple[float, float], depth: float, side: int) -> None:
    unit, scale = view.unit, _scale(depth - 0.1)
    x = vanish[0] + side * 0.40 * unit * min(1.0, view.width / view.height) * scale
    foot, top = vanish[1] + 0.18 * unit * scale, vanish[1] - 0.34 * unit * scale
    sheet = view.sheet(0.15 * depth)
    thick = unit * 0.009 * scale
    sheet.stroke([(x, foot), (x, top), (x - side * 0.05 * unit * scale, top - 0.02 * unit * scale)], thick)
    sheet.box(x - thick * 1.6, foot - thick * 3, x + thick * 1.6, foot)
    head = (x - side * 0.06 * unit * scale, top - 0.012 * unit * scale)
    sheet.oval(head[0], head[1], thick * 2.2, thick * 1.3)
    view.canvas.lay(sheet, view.tones.plane(0.10 * depth))
    if view.dark:
        bulb = view.sheet(0.15 * depth)
        bulb.oval(head[0], head[1] + thick, thick * 1.5)
        view.canvas.lay(bulb, view.tones.lit)
        view.glow(0.15 * depth, head[0], head[1], unit * 0.20 * scale, view.tones.lit, 0.5)
        view.glow(0.15 * depth, x, foot, unit * 0.20 * scale, view.tones.lit, 0.2, squash=0.3)
