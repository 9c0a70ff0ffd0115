"""Paper and scissors: a sheet holds the cuts that are laid on the canvas as one piece, with smooth edges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Iterable

Point = tuple[float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Zoom:
    """Where a layer stands for the camera: scaled about a point, then moved."""

    about: Point = (0.0, 0.0)
    factor: float = 1.0
    shift: Point = (0.0, 0.0)

    def __call__(self, point: Point) -> Point:
        """Return where a point of the layer comes to lie."""
        return (
            self.about[0] + (point[0] - self.about[0]) * self.factor + self.shift[0],
            self.about[1] + (point[1] - self.about[1]) * self.factor + self.shift[1],
        )


@dataclass(frozen=True, slots=True)
class _Cut:
    points: tuple[Point, ...]
    width: float  # 0 for a filled outline, else that of a stroke
    oval: bool
    ink: int


@dataclass(slots=True)
class Sheet:
    """Cuts that are laid as one piece of paper; all coordinates and widths are in pixels of the canvas."""

    zoom: Zoom = field(default_factory=Zoom)
    cuts: list[_Cut] = field(default_factory=list)

    def polygon(self, points: Iterable[Point], ink: float = 1.0) -> None:
        """Cut a filled outline; ink 0 cuts a hole into what was cut before."""
        self._cut(points, 0.0, False, ink)

    def oval(self, x: float, y: float, across: float, down: float | None = None, ink: float = 1.0) -> None:
        """Cut an ellipse about (x, y) with those radii."""
        down = across if down is None else down
        self._cut(((x - across, y - down), (x + across, y + down)), 0.0, True, ink)

    def stroke(self, points: Iterable[Point], width: float, ink: float = 1.0) -> None:
        """Cut a line of that width with round joints."""
        self._cut(points, width, False, ink)

    def box(self, left: float, top: float, right: float, bottom: float, ink: float = 1.0) -> None:
        """Cut an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], ink)

    def _cut(self, points: Iterable[Point], width: float, oval: bool, ink: float) -> None:
        placed = tuple(self.zoom(point) for point in points)
        level = round(255 * min(1.0, max(0.0, ink)))
        self.cuts.append(_Cut(placed, width * self.zoom.factor, oval, level))

    def extent(self, width: int, height: int) -> Box | None:
        """Return the part of a canvas that the cuts touch, None if they miss it."""
        spots = [(point, cut.width) for cut in self.cuts for point in cut.points]
        if not spots:
            return None
        left = math.floor(min(x - reach for (x, _), reach in spots)) - 1
        top = math.floor(min(y - reach for (_, y), reach in spots)) - 1
        right = math.ceil(max(x + reach for (x, _), reach in spots)) + 1
        bottom = math.ceil(max(y + reach for (_, y), reach in spots)) + 1
        box = (max(0, left), max(0, top), min(width, right), min(height, bottom))
        return box if box[0] < box[2] and box[1] < box[3] else None

    def mask(self, box: Box, over: int) -> Image.Image:
        """Return the cuts inside the box as a mask of its size, drawn `over` times larger for smooth edges."""
        left, top, right, bottom = box
        large = Image.new("L", ((right - left) * over, (bottom - top) * over), 0)
        draw = ImageDraw.Draw(large)
        for cut in self.cuts:
            points = [((x - left) * over, (y - top) * over) for x, y in cut.points]
            if cut.oval:
                draw.ellipse([points[0], points[1]], fill=cut.ink)
            elif cut.width:
                thick = max(1, round(cut.width * over))
                draw.line(points, fill=cut.ink, width=thick, joint="curve")
                for x, y in (points[0], points[-1]) if thick > 3 else ():
                    draw.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], fill=cut.ink)
            elif len(points) >= 3:
                draw.polygon(points, fill=cut.ink)
        return large.reduce(over) if over > 1 else large
