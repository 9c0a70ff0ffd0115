"""Things on a table, by their names: packages, cups, bottles, books, and devices. Each stands at (x, foot)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.devices import (
    body_colour,
    paint_chart,
    paint_laptop,
    paint_phone,
    paint_speaker,
)
from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.providers.animatic.drawing.view import View


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
                    "-.2,.0 -.22,.06 -.22,.52 -.17,.66 -.075,.74 -.07,.86 .07,.86"
                    " .075,.74 .17,.66 .22,.52 .22,.06 .2,.0"
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
    view.canvas.lay(cap, body_colour(view), view.tones.near)
    shine = view.sheet(0.2)
    shine.box(x - tall * 0.165, foot - tall * 0.56, x - tall * 0.13, foot - tall * 0.06)
    view.canvas.lay(shine, view.tones.glow, alpha=0.4, soft=max(0.6, tall * 0.006))


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
    "phone": paint_phone,
    "laptop": paint_laptop,
    "package": _package,
    "chart": paint_chart,
    "cup": _cup,
    "bottle": _bottle,
    "speaker": paint_speaker,
    "book": _book,
}
