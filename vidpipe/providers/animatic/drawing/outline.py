"""Closed curves through a few points, placed by foot, height and direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.providers.animatic.drawing.sheet import Point


def curve(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """Return a smooth closed curve through the points (Catmull-Rom, centripetal enough for our spacing)."""
    smooth = []
    count = len(points)
    for index in range(count):
        before, start, end, after = (points[(index + shift) % count] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            smooth.append(
                (_spline(before[0], start[0], end[0], after[0], t), _spline(before[1], start[1], end[1], after[1], t))
            )
    return smooth


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    tension = 0.42
    leave, arrive = (end - before) * tension, (after - start) * tension
    square, cube = t * t, t * t * t
    return (
        (2 * cube - 3 * square + 1) * start
        + (cube - 2 * square + t) * leave
        + (3 * square - 2 * cube) * end
        + (cube - square) * arrive
    )


def parse(text: str) -> list[Point]:
    """Return the points written as "x,y x,y"; x to the right, y up from the ground, 1 is the form's height."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def place(points: Sequence[Point], x: float, foot: float, tall: float, facing: int = 1) -> list[Point]:
    """Return the points standing at (x, foot) in pixels, `tall` pixels high; facing -1 mirrors them."""
    return [(x + facing * across * tall, foot - up * tall) for across, up in points]
