"""What stands in a room: a table with a lamp or a candle, a cup, books; a tall clock, a door left ajar."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_furniture(view: View, free: tuple[float, float]) -> None:
    """Lay what stands at the wall, where it is free between two places in pixels."""
    start, end = free
    names = [name for name in ("door", "clock") if name in view.brief.forms]
    for index, name in enumerate(names):
        x = start + (end - start) * (index + 1) / (len(names) + 1)
        if name == "door":
            _paint_door(view, x)
        else:
            _paint_clock(view, x)


def _paint_door(view: View, x: float) -> None:
    """Lay a door with light behind it; it opens further with time."""
    unit, tones = view.unit, view.tones
    top, foot = view.height * 0.22, view.height * 0.80
    half = unit * 0.115
    frame, light, leaf = view.sheet(0.5), view.sheet(0.5), view.sheet(0.5)
    frame.box(x - half * 1.12, top - half * 0.12, x + half * 1.12, foot)
    light.box(x - half, top, x + half, foot)
    edge = x - half + half * 2 * (0.72 - 0.10 * min(3.0, view.travel))
    leaf.polygon([(x - half, top), (edge, top + half * 0.10), (edge, foot), (x - half, foot)])
    view.canvas.lay(frame, mix(tones.near, view.palette.tone(0.3), 0.35), shadow=0.3)
    view.canvas.lay(light, tones.lit, mix(tones.lit, tones.accent, 0.6), alpha=0.85)
    view.canvas.lay(
        leaf, mix(tones.near, view.palette.tone(0.35), 0.5), mix(tones.near, view.palette.tone(0.2), 0.5), shadow=0.3
    )
    view.glow(0.5, edge + half * 0.3, view.height * 0.55, unit * 0.40, tones.lit, 0.35)


def _paint_clock(view: View, x: float) -> None:
    """Lay a tall clock; its pendulum swings and its hands go round with time."""
    unit, tones = view.unit, view.tones
    foot, top = view.height * 0.82, view.height * 0.20
    half = unit * 0.075
    case, face, hands = view.sheet(0.45), view.sheet(0.45), view.sheet(0.45)
    case.polygon([(x - half, foot), (x - half, top), (x, top - half * 0.9), (x + half, top), (x + half, foot)])
    view.canvas.lay(
        case, mix(tones.near, view.palette.tone(0.35), 0.45), tones.near, rim=view.rim((x, top), 0.5), shadow=0.35
    )
    dial = (x, top + half * 0.95)
    face.oval(*dial, half * 0.74)
    view.canvas.lay(face, mix(tones.lit, view.palette.tone(1.0), 0.5), mix(tones.lit, tones.near, 0.2))
    for length, angle in ((0.38, 0.52 + view.moment * 0.12), (0.60, -0.6 + view.moment * 1.4)):
        tip = (dial[0] + math.sin(angle) * half * length, dial[1] - math.cos(angle) * half * length)
        hands.stroke([dial, tip], max(1.0, half * 0.08))
    view.canvas.lay(hands, tones.near)
    glass, weight = view.sheet(0.45), view.sheet(0.45)
    glass.box(x - half * 0.6, top + half * 2.1, x + half * 0.6, foot - half * 1.4)
    view.canvas.lay(glass, mix(tones.near, view.palette.tone(0.2), 0.3), alpha=0.9)
    swing = math.sin(view.moment * 1.9 + 0.6) * half * 0.32
    weight.stroke([(x, top + half * 2.1), (x + swing, top + half * 4.3)], max(1.0, half * 0.06))
    weight.oval(x + swing, top + half * 4.3, half * 0.22)
    view.canvas.lay(weight, mix(tones.lit, tones.accent, 0.5))


def paint_table(view: View) -> None:
    """Lay the table in front, what stands on it, and the light they stand in."""
    _unit, tones = view.unit, view.tones
    level = view.height * 0.765
    table = view.sheet(0.0)
    table.box(-view.width, level, view.width * 2, view.height * 2)
    wood = mix(mix(view.palette.tone(0.22), tones.accent, 0.18), tones.near, 0.35)
    rim = view.rim((view.width / 2, view.height * 3), 0.3)
    view.canvas.lay(table, wood, tones.near, span=(level, view.height), shadow=0.35, rim=rim)
    x = view.focus + (view.focus - view.aside) * 0.28
    if {"door", "clock"} & set(view.brief.forms):
        x = view.width * 0.5 + (view.focus - view.width * 0.5) * 0.15
    if "candle" in view.brief.forms:
        _paint_candle(view, x, level)
    else:
        _paint_lamp(view, x, level)
    _paint_things(view, x + (view.aside - view.focus) * 0.34, level)


def _paint_lamp(view: View, x: float, level: float) -> None:
    unit, tones = view.unit, view.tones
    view.glow(0.0, x, level - unit * 0.24, unit * 0.75, tones.lit, 0.55 if view.dark else 0.22)
    view.glow(0.0, x, level + unit * 0.02, unit * 0.50, tones.lit, 0.50 if view.dark else 0.15, squash=0.22)
    lamp, hood = view.sheet(0.0), view.sheet(0.0)
    lamp.oval(x, level + unit * 0.012, unit * 0.062, unit * 0.013)
    lamp.stroke([(x, level + unit * 0.012), (x, level - unit * 0.22)], unit * 0.011)
    view.canvas.lay(lamp, tones.near, rim=view.rim((x, 0), 0.5), shadow=0.2)
    shape = "-.055,.315 .055,.315 .105,.20 -.105,.20"
    hood.polygon(place(parse(shape), x, level, unit))
    view.canvas.lay(hood, mix(tones.lit, tones.accent, 0.45), tones.lit)


def _paint_candle(view: View, x: float, level: float) -> None:
    """Lay a candle whose flame wavers with time."""
    unit, tones = view.unit, view.tones
    flame_foot = level - unit * 0.115
    view.glow(0.0, x, flame_foot - unit * 0.02, unit * 0.70, tones.lit, 0.50)
    view.glow(0.0, x, flame_foot - unit * 0.02, unit * 0.20, tones.lit, 0.75)
    view.glow(0.0, x, level + unit * 0.02, unit * 0.45, tones.lit, 0.40, squash=0.22)
    dish, wax, flame = view.sheet(0.0), view.sheet(0.0), view.sheet(0.0)
    dish.oval(x, level + unit * 0.010, unit * 0.060, unit * 0.014)
    wax.box(x - unit * 0.017, flame_foot + unit * 0.012, x + unit * 0.017, level + unit * 0.008)
    view.canvas.lay(dish, tones.near, rim=view.rim((x, 0), 0.6, tones.lit), shadow=0.2)
    view.canvas.lay(wax, mix(tones.lit, view.palette.tone(1.0), 0.4), mix(tones.lit, tones.near, 0.55))
    lean = math.sin(view.moment * 2.3) * 0.25
    flame.polygon(
        place(curve(parse(f"-.28,.12 -.2,.45 {lean},1.1 .2,.45 .28,.12 0,-.05")), x, flame_foot, unit * 0.055)
    )
    view.canvas.lay(flame, view.palette.tone(1.0), tones.lit)


def _paint_things(view: View, x: float, level: float) -> None:
    unit, tones = view.unit, view.tones
    things = view.sheet(0.0)
    things.polygon(place(parse("-.035,.058 .035,.058 .026,-.006 -.026,-.006"), x, level, unit))
    things.stroke(place(parse(".03,.045 .055,.035 .028,.012"), x, level, unit), unit * 0.008)
    for book in range(3):
        shift = unit * 0.012 * (book % 2)
        left, foot = x + unit * 0.12 + shift, level - unit * 0.022 * book
        things.box(left, foot - unit * 0.022, left + unit * 0.17, foot - unit * 0.003)
    view.canvas.lay(
        things, mix(tones.near, tones.accent, 0.2), tones.near, rim=view.rim((x, level), 0.6, tones.lit), shadow=0.2
    )
