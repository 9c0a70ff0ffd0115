"""Things on a table: phone, laptop, package, chart, cup, bottle, speaker, book. Each stands at (x, foot)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import Colour, mix
from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.providers.animatic.drawing.canvas import Sheet
    from vidpipe.providers.animatic.drawing.view import View


def _rounded(sheet: Sheet, left: float, top: float, right: float, bottom: float, corner: float) -> None:
    sheet.box(left + corner, top, right - corner, bottom)
    sheet.box(left, top + corner, right, bottom - corner)
    for x in (left + corner, right - corner):
        for y in (top + corner, bottom - corner):
            sheet.oval(x, y, corner)


def _screen(view: View, left: float, top: float, right: float, bottom: float) -> None:
    """Lay a lit screen with a rising row of bars and a line; both grow with time."""
    glass = view.sheet(0.2)
    size = bottom - top
    _rounded(glass, left, top, right, bottom, size * 0.03)
    view.canvas.lay(glass, mix(view.palette.tone(0.12), view.tones.accent, 0.12), view.palette.tone(0.06))
    bars, line = view.sheet(0.2), view.sheet(0.2)
    wide = right - left
    chance = view.chance.fork("screen")
    points = []
    for index in range(6):
        x = left + wide * (0.14 + 0.13 * index)
        high = size * (0.10 + 0.075 * index + chance.between(-0.03, 0.05)) * (1 + 0.12 * view.travel)
        bars.box(x, bottom - size * 0.10 - high, x + wide * 0.075, bottom - size * 0.10)
        points.append((x + wide * 0.04, bottom - size * 0.20 - high))
    line.stroke(points, max(1.0, size * 0.012))
    line.oval(*points[-1], size * 0.025)
    for row, reach in ((0.10, 0.42), (0.155, 0.28)):
        bars.box(left + wide * 0.14, top + size * row, left + wide * (0.14 + reach), top + size * (row + 0.028))
    view.canvas.lay(bars, view.tones.accent, mix(view.tones.accent, view.tones.near, 0.5))
    view.canvas.lay(line, view.palette.tone(1.0))
    view.glow(0.2, (left + right) / 2, (top + bottom) / 2, size * 0.9, view.tones.accent, 0.22)


def _body(view: View) -> Colour:
    return mix(view.tones.near, view.palette.tone(0.5), 0.18)


def _phone(view: View, x: float, foot: float, tall: float) -> None:
    sheet = view.sheet(0.2)
    half = tall * 0.26
    _rounded(sheet, x - half, foot - tall, x + half, foot, tall * 0.06)
    view.canvas.lay(sheet, _body(view), view.tones.near, rim=view.rim((x, foot - tall), 0.9), shadow=0.3)
    _screen(view, x - half * 0.90, foot - tall * 0.965, x + half * 0.90, foot - tall * 0.035)


def _laptop(view: View, x: float, foot: float, tall: float) -> None:
    sheet = view.sheet(0.2)
    tall *= 0.82
    half = tall * 0.74
    _rounded(sheet, x - half, foot - tall, x + half, foot - tall * 0.06, tall * 0.04)
    sheet.polygon(
        [
            (x - half * 1.16, foot),
            (x - half * 1.0, foot - tall * 0.07),
            (x + half * 1.0, foot - tall * 0.07),
            (x + half * 1.16, foot),
        ]
    )
    view.canvas.lay(sheet, _body(view), view.tones.near, rim=view.rim((x, foot - tall), 0.9), shadow=0.3)
    _screen(view, x - half * 0.95, foot - tall * 0.955, x + half * 0.95, foot - tall * 0.12)


def _package(view: View, x: float, foot: float, tall: float) -> None:
    half, rise = tall * 0.46, tall * 0.20
    faces = (
        (
            [
                (x - half, foot - rise * 0.6),
                (x, foot),
                (x, foot - tall * 0.66),
                (x - half, foot - tall * 0.66 - rise * 0.6),
            ],
            0.30,
        ),
        (
            [
                (x, foot),
                (x + half, foot - rise * 0.6),
                (x + half, foot - tall * 0.66 - rise * 0.6),
                (x, foot - tall * 0.66),
            ],
            0.58,
        ),
        (
            [
                (x - half, foot - tall * 0.66 - rise * 0.6),
                (x, foot - tall * 0.66),
                (x + half, foot - tall * 0.66 - rise * 0.6),
                (x, foot - tall * 0.66 - rise * 1.2),
            ],
            -0.35,
        ),
    )
    card = mix(view.tones.accent, view.palette.tone(0.62), 0.45)
    for points, dark in faces:
        sheet = view.sheet(0.2)
        sheet.polygon(points)
        top = mix(card, view.tones.near, dark) if dark > 0 else mix(card, view.tones.glow, -dark)
        view.canvas.lay(sheet, top, mix(top, view.tones.near, 0.25), shadow=0.12)
    tape = view.sheet(0.2)
    for a, b in ((-0.58, -0.42),):
        tape.polygon(
            [
                (x + half * a, foot - tall * 0.66 - rise * (1.2 + a * 1.2) - 0),
                (x + half * b, foot - tall * 0.66 - rise * (1.2 + b * 1.2)),
                (x + half * (1 + b), foot - tall * 0.66 - rise * 0.6 * (1 + b)),
                (x + half * (1 + a), foot - tall * 0.66 - rise * 0.6 * (1 + a)),
            ]
        )
    view.canvas.lay(tape, mix(view.tones.glow, card, 0.25), alpha=0.8)


def _chart(view: View, x: float, foot: float, tall: float) -> None:
    """Lay columns of light, each higher than the one before, and the arc above them."""
    points = []
    for index in range(5):
        left = x + (index - 2.5) * tall * 0.24
        high = tall * (0.28 + 0.155 * index) * (1 + 0.05 * view.travel)
        bar, side = view.sheet(0.2), view.sheet(0.2)
        bar.box(left, foot - high, left + tall * 0.15, foot)
        side.polygon(
            [
                (left + tall * 0.15, foot),
                (left + tall * 0.15, foot - high),
                (left + tall * 0.19, foot - high - tall * 0.03),
                (left + tall * 0.19, foot - tall * 0.03),
            ]
        )
        colour = mix(view.palette.tone(0.45), view.tones.accent, 0.2 + 0.2 * index)
        view.canvas.lay(side, mix(colour, view.tones.near, 0.6), mix(colour, view.tones.near, 0.8))
        view.canvas.lay(bar, mix(colour, view.tones.glow, 0.3), mix(colour, view.tones.near, 0.35), shadow=0.2)
        points.append((left + tall * 0.08, foot - high - tall * 0.12))
    line = view.sheet(0.2)
    line.stroke(points, max(1.2, tall * 0.014))
    for point in points:
        line.oval(*point, tall * 0.028)
    view.canvas.lay(line, view.palette.tone(1.0), shadow=0.2)
    view.glow(0.2, *points[-1], tall * 0.3, view.tones.glow, 0.6)


def _cup(view: View, x: float, foot: float, tall: float) -> None:
    tall *= 0.68
    steam = view.sheet(0.2)
    for lane in (-0.16, 0.02, 0.18):
        wisp = [
            (
                x + tall * (lane + 0.07 * math.sin(step * 0.75 + view.moment * 1.6 + lane * 9)),
                foot - tall * (1.05 + 0.085 * step),
            )
            for step in range(11)
        ]
        steam.stroke(wisp, tall * 0.035)
    view.canvas.lay(steam, view.tones.glow, alpha=0.5, soft=tall * 0.025)
    handle, body, drink = view.sheet(0.2), view.sheet(0.2), view.sheet(0.2)
    handle.oval(x + tall * 0.50, foot - tall * 0.52, tall * 0.22, tall * 0.24)
    handle.oval(x + tall * 0.50, foot - tall * 0.52, tall * 0.13, tall * 0.15, 0.0)
    body.polygon(
        place(curve(parse("-.48,.92 -.46,.5 -.34,.12 -.24,.0 .24,.0 .34,.12 .46,.5 .48,.92"), 5), x, foot, tall)
    )
    drink.oval(x, foot - tall * 0.92, tall * 0.45, tall * 0.075)
    colour = mix(view.palette.tone(0.9), view.tones.accent, 0.2)
    view.canvas.lay(handle, mix(colour, view.tones.near, 0.25), mix(colour, view.tones.near, 0.5))
    view.canvas.lay(body, colour, mix(colour, view.tones.near, 0.5), rim=view.rim((x, foot - tall), 0.8), shadow=0.25)
    view.canvas.lay(drink, mix(view.tones.accent, view.tones.near, 0.65), mix(view.tones.accent, view.tones.near, 0.4))


def _bottle(view: View, x: float, foot: float, tall: float) -> None:
    body, label, cap = view.sheet(0.2), view.sheet(0.2), view.sheet(0.2)
    body.polygon(
        place(
            curve(
                parse(
                    "-.2,.0 -.22,.06 -.22,.52 -.17,.66 -.075,.74 -.07,.86 .07,.86 .075,.74 .17,.66 .22,.52 .22,.06 .2,.0"
                ),
                5,
            ),
            x,
            foot,
            tall,
        )
    )
    cap.box(x - tall * 0.085, foot - tall * 1.0, x + tall * 0.085, foot - tall * 0.85)
    label.box(x - tall * 0.215, foot - tall * 0.45, x + tall * 0.215, foot - tall * 0.16)
    colour = mix(view.tones.accent, view.palette.tone(0.4), 0.35)
    view.canvas.lay(
        body,
        mix(colour, view.tones.glow, 0.3),
        mix(colour, view.tones.near, 0.5),
        rim=view.rim((x, foot - tall), 0.9),
        shadow=0.25,
    )
    view.canvas.lay(label, mix(view.tones.glow, colour, 0.12), mix(view.tones.glow, view.tones.near, 0.3))
    view.canvas.lay(cap, _body(view), view.tones.near)
    shine = view.sheet(0.2)
    shine.box(x - tall * 0.165, foot - tall * 0.56, x - tall * 0.13, foot - tall * 0.06)
    view.canvas.lay(shine, view.tones.glow, alpha=0.4, soft=max(0.6, tall * 0.006))


def _speaker(view: View, x: float, foot: float, tall: float) -> None:
    body = view.sheet(0.2)
    half = tall * 0.34
    _rounded(body, x - half, foot - tall * 0.94, x + half, foot, tall * 0.10)
    view.canvas.lay(
        body,
        mix(view.palette.tone(0.42), view.tones.near, 0.3),
        view.tones.near,
        rim=view.rim((x, foot - tall), 0.9),
        shadow=0.3,
    )
    for y, size in ((0.34, 0.25), (0.72, 0.12)):
        for ring, colour in (
            (1.0, view.tones.near),
            (0.86, mix(view.tones.accent, view.tones.near, 0.25)),
            (0.74, view.tones.near),
            (0.28, view.tones.accent),
        ):
            sheet = view.sheet(0.2)
            sheet.oval(x, foot - tall * y, tall * size * ring)
            view.canvas.lay(sheet, colour)
    for ring in (1, 2, 3):
        arcs = view.sheet(0.2)
        reach = tall * (0.44 + 0.11 * ring + 0.05 * (view.moment % 2))
        for middle in (0.0, math.pi):
            arcs.stroke(
                [
                    (
                        x + math.cos(middle + step * 0.08) * reach,
                        foot - tall * 0.5 + math.sin(middle + step * 0.08) * reach,
                    )
                    for step in range(-6, 7)
                ],
                max(1.0, tall * 0.012),
            )
        view.canvas.lay(arcs, view.tones.glow, alpha=0.75 - 0.18 * ring)


def _book(view: View, x: float, foot: float, tall: float) -> None:
    for side in (-1, 1):
        cover, page = view.sheet(0.2), view.sheet(0.2)
        cover.polygon(place(parse("0,.02 .76,.14 .76,.62 0,.46"), x, foot, tall, side))
        page.polygon(
            place(curve(parse("0,.07 .2,.12 .45,.13 .72,.18 .72,.66 .45,.60 .2,.58 0,.50"), 3), x, foot, tall, side)
        )
        view.canvas.lay(cover, view.tones.accent, mix(view.tones.accent, view.tones.near, 0.5), shadow=0.2)
        paper = mix(view.palette.tone(1.0), view.tones.accent, 0.06)
        view.canvas.lay(page, paper, mix(paper, view.tones.near, 0.3 if side < 0 else 0.15))
        lines = view.sheet(0.2)
        for row in range(6):
            lines.stroke(
                place(
                    [(0.10, 0.50 - row * 0.055), (0.36, 0.54 - row * 0.055), (0.62, 0.575 - row * 0.055)],
                    x,
                    foot,
                    tall,
                    side,
                ),
                max(0.8, tall * 0.008),
            )
        view.canvas.lay(lines, view.tones.near, alpha=0.45)


OBJECTS: dict[str, Callable[[View, float, float, float], None]] = {
    "phone": _phone,
    "laptop": _laptop,
    "package": _package,
    "chart": _chart,
    "cup": _cup,
    "bottle": _bottle,
    "speaker": _speaker,
    "book": _book,
}
