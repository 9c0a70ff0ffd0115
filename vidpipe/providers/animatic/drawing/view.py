"""What every painter of a layer is given: the frame, the light, the colours, the camera and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.canvas import Canvas, Rim
from vidpipe.providers.animatic.drawing.colour import Colour, mix
from vidpipe.providers.animatic.drawing.sheet import Point, Sheet, Zoom

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.chance import Chance
    from vidpipe.providers.animatic.drawing.palette import Palette
    from vidpipe.providers.animatic.drawing.words import Brief


STAGE = 0.80  # where the ground lies that figures in front stand on, as a share of the height


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one hour and weather; `near` is the darkest paper, `haze` what distance fades to."""

    sky: tuple[tuple[float, Colour], ...]
    haze: Colour
    near: Colour
    glow: Colour
    lit: Colour
    accent: Colour
    ground: Colour | None = None

    def plane(self, distance: float) -> Colour:
        """Return the colour of paper at a distance, 0 (in front) to 1 (at the horizon)."""
        return mix(self.near, self.haze, 0.06 + 0.84 * distance**0.85)

    def land(self, distance: float) -> Colour:
        """Return the colour of the ground at a distance: that of its paper, or of the snow on it."""
        paper = self.plane(distance)
        return paper if self.ground is None else mix(paper, self.ground, 0.72 - 0.25 * (1 - distance))


@dataclass(frozen=True, slots=True)
class Light:
    """The sun or moon: where it stands in pixels, how large it is, how much it gives."""

    x: float
    y: float
    radius: float
    moon: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Shot:
    """How close the camera stands (1 is the widest), and how far it is turned aside, in units of the view."""

    closeness: float = 1.0
    aside: float = 0.0


@dataclass(frozen=True, slots=True)
class View:
    """One composed frame. `unit` is the length, in pixels, that forms are measured in."""

    canvas: Canvas
    brief: Brief
    palette: Palette
    tones: Tones
    light: Light
    chance: Chance
    unit: float
    horizon: float
    focus: float
    aside: float
    moment: float
    carried: bool
    portraits: int
    shot: Shot

    @property
    def width(self) -> int:
        """The frame's width in pixels."""
        return self.canvas.width

    @property
    def height(self) -> int:
        """The frame's height in pixels."""
        return self.canvas.height

    @property
    def travel(self) -> float:
        """How far the camera, the light and all that walks have come: the moment, slowing down in the long run."""
        return self.moment / (1 + self.moment / 5)

    @property
    def dark(self) -> bool:
        """Whether lamps and windows are lit."""
        return self.brief.hour in {"night", "dusk"} or self.brief.weather == "storm"

    def sheet(self, distance: float) -> Sheet:
        """Return empty paper at a distance from 0 to 1; as time passes the camera comes nearer to what is near."""
        return Sheet(self._zoom(distance))

    def glow(
        self, distance: float, x: float, y: float, radius: float, colour: Colour, strength: float, squash: float = 1.0
    ) -> None:
        """Add light about a point at a distance from 0 to 1."""
        zoom = self._zoom(distance)
        self.canvas.glow(*zoom((x, y)), radius * zoom.factor, colour, strength, squash)

    def _zoom(self, distance: float) -> Zoom:
        """Return what the camera makes of paper at a distance: what is near grows and shifts most.

        Far paper grows about the horizon, near paper about the ground in front, which so keeps clear of the caption.
        """
        nearness = (1 - distance) ** 1.5
        walked = 1 + self.travel * (0.012 + 0.045 * nearness)
        closer = 1 + (self.shot.closeness - 1) * (0.30 + 0.70 * nearness)
        shift = -self.shot.aside * self.unit * (0.25 + 0.75 * nearness)
        level = self.height * STAGE
        level += (self.horizon - level) * distance
        return Zoom((self.focus, level), walked * closer, (shift, 0.0))

    def rim(self, at: Point, alpha: float = 0.55, colour: Colour | None = None) -> Rim:
        """Return the edge light on a form at that place."""
        across, down = self.light.x - at[0], self.light.y - at[1]
        length = max(1.0, (across * across + down * down) ** 0.5)
        reach = max(1.2, self.unit * 0.0035)
        alpha *= self.light.strength * (0.6 if self.light.moon else 1.0)
        return Rim(colour or self.tones.glow, alpha, (reach * across / length, reach * down / length))
