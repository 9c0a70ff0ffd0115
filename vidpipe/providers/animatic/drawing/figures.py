"""People as silhouettes: man, woman, child, elder, crowd; they walk on with time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View

_COAT = parse("-.035,.865 .035,.865 .085,.82 .105,.68 .10,.52 .125,.36 .02,.335 -.135,.37 -.105,.55 -.11,.70 -.085,.82")
_DRESS = parse(
    "-.03,.865 .03,.865 .07,.82 .075,.70 .05,.58 .10,.38 .165,.15 .05,.115"
    " -.17,.14 -.105,.40 -.06,.58 -.08,.71 -.07,.82"
)
_HAT = parse("-.10,.965 .10,.965 .095,.98 .05,.985 .04,1.04 -.04,1.04 -.05,.985 -.095,.98")
_TUNIC = parse("-.05,.76 .05,.76 .11,.70 .12,.52 .17,.34 .02,.30 -.16,.34 -.11,.54 -.11,.70")
_STOOP = parse("-.02,.80 .07,.80 .13,.72 .12,.52 .15,.22 .0,.18 -.16,.22 -.15,.50 -.13,.70 -.08,.79")


def cut_person(sheet: Sheet, kind: str, x: float, foot: float, tall: float, facing: int, phase: float) -> None:
    """Cut one person standing at (x, foot) in pixels, `tall` pixels high; `phase` is the place in the stride."""
    stride = math.sin(phase) * 0.10

    def line(points: str | list[tuple[float, float]], width: float) -> None:
        spots = parse(points) if isinstance(points, str) else points
        sheet.stroke(place(spots, x, foot, tall, facing), width * tall)

    def shape(points: list[tuple[float, float]]) -> None:
        sheet.polygon(place(curve(points, 5), x, foot, tall, facing))

    hip = 0.34 if kind in {"child", "elder"} else 0.42
    if kind != "woman":
        for leg in (stride + 0.035, -stride - 0.035):
            line([(leg * 0.3, hip), (leg * 0.75 + 0.015, hip * 0.5), (leg, 0.015), (leg + 0.05, 0.008)], 0.055)
    if kind == "woman":
        shape(_DRESS)
        line([(0.02, 0.16), (0.03 + stride * 0.5, 0.01), (0.075 + stride * 0.5, 0.005)], 0.035)
        line([(-0.02, 0.16), (-0.04 - stride * 0.5, 0.01), (0.0 - stride * 0.5, 0.005)], 0.035)
        line("-.05,.80 -.085,.66 -.06,.53", 0.038)
        line("0,.85 .005,.91", 0.042)
        sheet.oval(*place([(-0.06, 0.955)], x, foot, tall, facing)[0], 0.03 * tall)
        sheet.oval(*place([(0.005, 0.935)], x, foot, tall, facing)[0], 0.052 * tall, 0.060 * tall)
    elif kind == "child":
        shape(_TUNIC)
        line("-.02,.80 .02,.72", 0.07)
        line([(0.08, 0.68), (0.15, 0.56 + stride * 0.4), (0.19, 0.52 + stride * 0.6)], 0.05)
        sheet.oval(*place([(0.0, 0.885)], x, foot, tall, facing)[0], 0.105 * tall, 0.112 * tall)
        sheet.oval(*place([(-0.02, 1.0)], x, foot, tall, facing)[0], 0.035 * tall)
    elif kind == "elder":
        shape(_STOOP)
        line("-.02,.80 .09,.84", 0.07)
        line("0.08,.72 .20,.55 .27,.52", 0.05)
        line("0.27,.56 .30,.0", 0.022)
        sheet.oval(*place([(0.10, 0.885)], x, foot, tall, facing)[0], 0.066 * tall, 0.074 * tall)
        sheet.polygon(place(curve(parse("0.10,.86 .17,.86 .19,.76 .13,.72"), 4), x, foot, tall, facing))
    else:
        shape(_COAT)
        line("-.07,.80 -.11,.64 -.085,.50", 0.048)
        line([(0.07, 0.80), (0.115, 0.65), (0.13 + stride * 0.4, 0.52)], 0.046)
        line("0,.84 .005,.90", 0.05)
        sheet.oval(*place([(0.01, 0.935)], x, foot, tall, facing)[0], 0.050 * tall, 0.060 * tall)
        if kind == "man":
            shape(_HAT)


def paint_person(
    view: View, kind: str, x: float, foot: float, tall: float, distance: float = 0.02, *, walks: bool = True
) -> None:
    """Lay one person with the light on the near edge."""
    chance = view.chance.fork("person " + kind)
    facing = 1 if x < view.aside else -1
    x += facing * view.travel * view.unit * 0.045 if walks else 0.0
    sheet = view.sheet(distance)
    size = {"child": 0.66, "elder": 0.90, "woman": 0.95}.get(kind, 1.0)
    cut_person(sheet, kind, x, foot, tall * size, facing, chance.between(0.4, 1.4) + view.moment * 1.9)
    _lay_figure(view, sheet, (x, foot), tall, distance)


def paint_crowd(view: View, x: float, foot: float, tall: float) -> None:
    """Lay people close together, those behind paler."""
    chance = view.chance.fork("crowd")
    for row, count in ((2, 7), (1, 6), (0, 4)):
        sheet = view.sheet(0.05 + 0.14 * row)
        for index in range(count):
            kind = chance.pick(("man", "woman", "man", "child", "woman", "elder", "bare"))
            spread = (index - (count - 1) / 2 + chance.between(-0.28, 0.28)) * tall * (0.36 + 0.03 * row)
            size = tall * (1 - 0.10 * row) * {"child": 0.66, "elder": 0.9}.get(kind, 1.0) * chance.between(0.93, 1.04)
            walk = view.travel * view.unit * 0.02
            facing = 1 if chance.happens(0.6) else -1
            cut_person(
                sheet,
                kind,
                x + spread + facing * walk,
                foot - tall * 0.05 * row,
                size,
                facing,
                chance.between(0, 6) + view.moment,
            )
        _lay_figure(view, sheet, (x, foot), tall, 0.05 + 0.14 * row)


def _lay_figure(view: View, sheet: Sheet, at: tuple[float, float], tall: float, distance: float) -> None:
    view.canvas.lay(sheet, view.tones.plane(distance), rim=view.rim((at[0], at[1] - tall), 0.95), shadow=0.1)
