"""Animals as silhouettes, each an outline of a few points; birds fly, the others walk on with time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View

# Facing right, feet at 0, height 1; the first part is filled smooth, the rest are strokes (width, points).
_BODIES: dict[str, str] = {
    "fox": """
        -.62,.60 -.40,.66 -.05,.62 .22,.66 .36,.80 .42,1.0 .50,.86 .58,.98 .64,.82 .72,.70 .88,.60
        .84,.55 .66,.54 .50,.46 .42,.34 .40,.0 .30,.0 .28,.30 .0,.34 -.28,.32 -.38,.18 -.36,.0
        -.46,.0 -.52,.22 -.60,.38 -.84,.16 -1.12,.04 -1.30,.10 -1.22,.30 -.94,.52
    """,
    "wolf": """
        -.60,.66 -.34,.74 .0,.70 .26,.78 .40,1.0 .46,1.06 .50,.98 .60,.97 .80,1.14 .84,1.10 .72,.90
        .58,.78 .50,.60 .44,.40 .42,.0 .32,.0 .28,.36 .0,.42 -.24,.40 -.36,.22 -.32,.0 -.42,.0
        -.50,.26 -.56,.44 -.72,.26 -.92,.18 -.86,.42
    """,
    "cat": """
        -.30,.16 -.34,.36 -.22,.58 -.04,.70 .02,.84 .0,1.0 .09,.92 .20,.92 .29,1.0 .29,.80 .22,.70
        .17,.60 .19,.34 .21,.04 .26,.0 .10,.0 -.20,.0 -.50,.02 -.74,.10 -.78,.26 -.72,.30 -.66,.16
        -.50,.10
    """,
    "deer": """
        -.36,.60 -.12,.60 .08,.61 .18,.72 .24,.88 .27,.97 .21,1.03 .31,1.01 .40,.97 .47,.90 .44,.86
        .35,.86 .32,.70 .26,.50 .21,.40 .20,.0 .15,.0 .14,.36 -.08,.40 -.24,.38 -.31,.26 -.29,.0
        -.34,.0 -.37,.26 -.42,.46 -.45,.56 -.42,.62
    """,
    "horse": """
        -.46,.70 -.20,.66 .04,.68 .16,.84 .30,1.0 .34,1.07 .38,1.0 .56,.82 .53,.75 .45,.77 .36,.80
        .30,.62 .25,.44 .26,.20 .23,.0 .16,.0 .18,.22 .14,.40 -.12,.42 -.28,.42 -.36,.24 -.34,.0
        -.41,.0 -.44,.24 -.46,.42 -.52,.30 -.60,.22 -.60,.46 -.52,.66
    """,
    "rabbit": """
        -.46,.10 -.54,.30 -.40,.56 -.12,.62 .08,.60 .10,.74 .02,1.06 .10,1.10 .20,.82 .24,1.08
        .32,1.06 .32,.78 .46,.66 .46,.56 .34,.48 .28,.30 .32,.04 .36,.0 .20,.0 -.10,.02 -.36,.0
        -.50,.02 -.62,.10 -.60,.18
    """,
    "camel": """
        -.50,.62 -.36,.76 -.20,1.0 -.02,.86 .10,.84 .20,1.02 .34,.80 .44,.62 .56,.72 .66,1.02
        .72,1.12 .94,1.06 .96,.98 .80,.96 .76,.74 .66,.50 .48,.42 .38,.38 .38,.0 .30,.0 .28,.36
        .0,.40 -.28,.38 -.36,.30 -.34,.0 -.42,.0 -.46,.32 -.52,.44 -.60,.30 -.58,.54
    """,
    "crow": """
        -.86,.10 -.50,.30 -.30,.56 -.02,.78 .10,.92 .26,1.0 .42,.95 .48,.86 .74,.76 .47,.74 .40,.56
        .22,.34 .0,.22 -.16,.18 -.34,.14 -.70,.0
    """,
    "whale": """
        -1.0,.24 -.86,.40 -1.02,.56 -.78,.52 -.66,.62 -.62,.44 -.66,.34 -.40,.50 .0,.66 .40,.60
        .66,.40 .72,.20 .55,.08 .10,.0 -.40,.08
    """,
}
_ANTLERS = (
    "0.27,.98 .20,1.12 .24,1.30 .34,1.40",
    "0.22,1.15 .30,1.22",
    "0.23,1.25 .12,1.36",
    "0.25,.98 .12,1.08 .06,1.24 .12,1.38",
    "0.08,1.18 .0,1.20",
)
_FAR_LEGS: dict[str, tuple[str, float]] = {
    "fox": ("-.40,.30 -.26,.16 -.22,.02|.30,.36 .20,.18 .17,.02", 0.09),
    "wolf": ("-.38,.40 -.24,.20 -.20,.02|.32,.44 .22,.22 .20,.02", 0.085),
    "deer": ("-.34,.46 -.22,.24 -.21,.01|.16,.46 .08,.22 .07,.01", 0.048),
    "horse": ("-.38,.46 -.28,.24 -.25,.01|.20,.46 .10,.24 .09,.01", 0.062),
    "camel": ("-.40,.44 -.26,.22 -.24,.02|.30,.44 .20,.22 .19,.02", 0.075),
}
_SIZES = {
    "fox": 0.42,
    "wolf": 0.52,
    "cat": 0.34,
    "deer": 0.62,
    "horse": 0.82,
    "rabbit": 0.30,
    "crow": 0.30,
    "whale": 0.62,
    "camel": 0.85,
}


def paint_animal(view: View, kind: str, x: float, foot: float, tall: float) -> None:
    """Lay one animal; `tall` is a grown person's height in pixels at that place."""
    size = tall * _SIZES[kind]
    facing = 1 if x < view.aside else -1
    if kind not in {"cat", "crow"}:
        x += facing * view.travel * view.unit * 0.06
    rise = abs(math.sin(view.moment * 1.7)) * size * 0.05
    sheet = view.sheet(0.02)
    if kind == "whale":
        foot += size * 0.12 - rise
    sheet.polygon(place(curve(parse(_BODIES[kind])), x, foot, size, facing))
    legs, thick = _FAR_LEGS.get(kind, ("", 0.0))
    for limb in legs.split("|") if legs else ():
        sheet.stroke(place(parse(limb), x, foot, size, facing), thick * size)
    if kind == "deer":
        for line in _ANTLERS:
            sheet.stroke(place(curve(parse(line), 1), x, foot, size, facing), size * 0.022)
    if kind == "crow":
        for leg in (-0.02, 0.08):
            sheet.stroke(
                place([(leg, 0.25), (leg + 0.03, 0.0), (leg + 0.10, -0.02)], x, foot, size, facing), size * 0.035
            )
    view.canvas.lay(sheet, view.tones.plane(0.02), rim=view.rim((x, foot - size), 0.95), shadow=0.08)


def paint_birds(view: View, name: str, count: int) -> None:
    """Lay a loose flock that crosses the sky with time."""
    chance, unit = view.chance.fork("birds " + name), view.unit
    sheet = view.sheet(0.7)
    centre = (view.aside + chance.between(-0.12, 0.04) * view.width, view.horizon * chance.between(0.36, 0.5))
    for index in range(count):
        size = unit * chance.between(0.011, 0.026) * (4.5 if count == 1 else 1.5 if count < 4 else 1.0)
        x = centre[0] + (chance.between(-0.24, 0.24) + 0.06 * view.travel) * unit + index * size * 0.8
        y = centre[1] + chance.between(-0.14, 0.14) * unit - 0.012 * view.travel * unit
        beat = math.sin(chance.between(0, 6.28) + view.moment * 2.3) * 0.5
        for side in (-1, 1):
            sheet.polygon(
                [
                    (x, y + size * 0.14),
                    (x + side * size * 0.55, y - size * (0.30 + 0.25 * beat)),
                    (x + side * size * 1.25, y - size * (0.05 + 0.45 * beat)),
                    (x + side * size * 0.55, y - size * (0.14 + 0.2 * beat)),
                    (x, y + size * 0.32),
                ]
            )
    view.canvas.lay(sheet, view.tones.plane(0.25))
