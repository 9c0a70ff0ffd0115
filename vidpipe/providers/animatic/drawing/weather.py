"""What falls or drifts between the camera and the scene: rain, snow, fog, leaves, lightning."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_weather(view: View) -> None:
    """Lay the weather in front of all but the nearest things."""
    weather = view.brief.weather
    if weather in {"rain", "storm"}:
        _rain(view)
    if weather == "snow":
        _snow(view)
    if weather == "fog":
        paint_fog(view, 5, 0.5)
    if weather == "wind":
        _leaves(view)


def paint_fog(view: View, count: int, alpha: float) -> None:
    """Lay banks of mist about the horizon; they drift with time."""
    chance, unit = view.chance.fork("fog"), view.unit
    for index in range(count):
        y = view.horizon + unit * (-0.06 + 0.30 * index / max(1, count)) + chance.between(-0.02, 0.02) * unit
        x = chance.between(0.1, 0.9) * view.width + view.travel * unit * 0.03 * (index + 1)
        sheet = view.sheet(0.6)
        sheet.oval(x, y, unit * chance.between(0.6, 1.0), unit * chance.between(0.03, 0.06))
        view.canvas.lay(sheet, mix(view.tones.haze, view.tones.glow, 0.2), alpha=alpha, soft=unit * 0.035)


def _rain(view: View) -> None:
    chance, unit = view.chance.fork("rain"), view.unit
    for count, length, alpha in ((170, 0.035, 0.22), (110, 0.065, 0.30), (46, 0.12, 0.28)):
        sheet = view.sheet(0.3)
        for _ in range(round(count * max(1.0, view.width / unit * 0.6))):
            x, y = (
                chance.between(-0.1, 1.1) * view.width,
                (chance.unit() + view.moment * 0.37) % 1.0 * view.height * 1.1,
            )
            long = unit * length * chance.between(0.7, 1.3)
            sheet.stroke([(x, y), (x - long * 0.22, y + long)], max(0.7, unit * length * 0.022))
        view.canvas.lay(sheet, mix(view.tones.haze, view.palette.tone(1.0), 0.55), alpha=alpha)


def _snow(view: View) -> None:
    chance, unit = view.chance.fork("snow"), view.unit
    for count, size, alpha in ((150, 0.0022, 0.55), (90, 0.0042, 0.75), (26, 0.009, 0.6)):
        sheet = view.sheet(0.3)
        for _ in range(round(count * max(1.0, view.width / unit * 0.6))):
            fall = (chance.unit() + view.moment * 0.21) % 1.0
            x = chance.between(-0.05, 1.05) * view.width + math.sin(fall * 9) * unit * 0.02
            sheet.oval(x, fall * view.height, unit * size * chance.between(0.6, 1.3))
        view.canvas.lay(sheet, view.palette.tone(1.0), alpha=alpha, soft=unit * 0.003 if size > 0.005 else 0.0)


def _leaves(view: View) -> None:
    chance, unit = view.chance.fork("leaves"), view.unit
    sheet = view.sheet(0.2)
    for _ in range(34):
        x = ((chance.unit() + 0.09 * view.moment) % 1.1 - 0.05) * view.width
        y = (0.15 + 0.75 * chance.unit()) * view.height + math.sin(view.moment + x) * unit * 0.02
        size, turn = unit * chance.between(0.005, 0.011), chance.between(0, 6.28) + view.moment
        sheet.polygon(
            [
                (x + math.cos(turn + angle) * size * reach, y + math.sin(turn + angle) * size * reach)
                for angle, reach in ((0.0, 1.5), (1.1, 0.6), (math.pi, 1.3), (-1.1, 0.6))
            ]
        )
    view.canvas.lay(sheet, mix(view.tones.accent, view.tones.near, 0.25), alpha=0.9)


def paint_lightning(view: View) -> None:
    """Lay a bolt that strikes elsewhere at each moment."""
    chance, unit = view.chance.fork(f"bolt {view.moment:.0f}"), view.unit
    x, y = view.aside + chance.between(-0.2, 0.3) * (view.aside - view.focus), -unit * 0.02
    bolt = view.sheet(0.95)
    width = unit * 0.007
    while y < view.horizon - unit * 0.05:
        step = (x + chance.between(-0.06, 0.06) * unit, y + chance.between(0.04, 0.10) * unit)
        bolt.stroke([(x, y), step], width)
        if chance.happens(0.3):
            bolt.stroke(
                [step, (step[0] + chance.between(-0.12, 0.12) * unit, step[1] + chance.between(0.05, 0.12) * unit)],
                width * 0.5,
            )
        (x, y), width = step, max(unit * 0.002, width * 0.9)
    view.glow(1.0, x, view.horizon * 0.5, unit * 0.6, view.tones.glow, 0.35)
    view.canvas.lay(bolt, view.palette.tone(1.0), alpha=0.95)
