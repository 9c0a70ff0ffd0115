"""What moves or burns: a train, a balloon, a rocket, a camp fire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix
from vidpipe.providers.animatic.drawing.outline import curve, parse, place

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_train(view: View, foot: float, tall: float, distance: float) -> None:
    """Lay a steam train that crosses the frame with time."""
    paper, windows, smoke = view.sheet(distance), view.sheet(distance), view.sheet(distance)
    x = view.focus + view.unit * (0.14 + 0.10 * view.travel)
    paper.polygon(
        place(curve(parse("0,.25 0,.75 .12,.78 .9,.78 1.05,.7 1.1,.5 1.3,.2 1.28,.12 0,.12"), 3), x, foot, tall)
    )
    paper.box(x - tall * 0.1, foot - tall * 1.12, x + tall * 0.38, foot - tall * 0.15)
    paper.box(x - tall * 0.17, foot - tall * 1.18, x + tall * 0.45, foot - tall * 1.08)
    paper.polygon(
        [
            (x + tall * 0.8, foot - tall * 0.75),
            (x + tall * 0.76, foot - tall * 1.12),
            (x + tall * 0.96, foot - tall * 1.12),
            (x + tall * 0.92, foot - tall * 0.75),
        ]
    )
    windows.box(x + tall * 0.04, foot - tall, x + tall * 0.25, foot - tall * 0.72)
    for wagon in range(7):
        right = x - tall * (0.2 + 1.55 * wagon)
        paper.box(right - tall * 1.45, foot - tall * 0.98, right, foot - tall * 0.18)
        paper.box(right - tall * 1.5, foot - tall * 1.03, right + tall * 0.05, foot - tall * 0.96)
        paper.box(right - tall * 0.1, foot - tall * 0.3, right + tall * 0.2, foot - tall * 0.22)
        for window in range(4):
            windows.box(
                right - tall * (1.32 - 0.34 * window),
                foot - tall * 0.84,
                right - tall * (1.12 - 0.34 * window),
                foot - tall * 0.54,
            )
    for wheel in range(14):
        paper.oval(x + tall * (1.05 - 0.52 * wheel), foot - tall * 0.12, tall * 0.15)
    for puff in range(12):
        along = puff / 11
        smoke.oval(
            x + tall * (0.86 - 3.2 * along),
            foot - tall * (1.25 + 0.7 * along**0.7) + math.sin(puff * 2.2 + view.moment) * tall * 0.08,
            tall * (0.10 + 0.32 * along),
        )
    view.canvas.lay(smoke, mix(view.tones.haze, view.tones.glow, 0.45), alpha=0.5, soft=tall * 0.10)
    view.canvas.lay(paper, view.tones.plane(distance), rim=view.rim((x, foot - tall), 0.6))
    view.canvas.lay(windows, view.tones.lit, alpha=0.95 if view.dark else 0.5)


def paint_balloon(view: View, x: float, y: float, tall: float) -> None:
    """Lay a balloon that rises with time."""
    y -= view.travel * tall * 0.14
    envelope, stripes = view.sheet(0.5), view.sheet(0.5)
    shape = parse("0,.30 .16,.42 .33,.68 .28,.94 0,1.06 -.28,.94 -.33,.68 -.16,.42")
    envelope.polygon(place(curve(shape), x, y + tall * 0.5, tall))
    for squeeze in (0.62,):
        stripes.polygon(place(curve([(across * squeeze, up) for across, up in shape]), x, y + tall * 0.5, tall))
        stripes.polygon(place(curve([(across * 0.22, up) for across, up in shape]), x, y + tall * 0.5, tall), 0.0)
    basket = view.sheet(0.5)
    basket.box(x - tall * 0.06, y + tall * 0.43, x + tall * 0.06, y + tall * 0.53)
    for side in (-1, 1):
        basket.stroke(
            [(x + side * tall * 0.055, y + tall * 0.44), (x + side * tall * 0.09, y + tall * 0.16)],
            max(0.8, tall * 0.008),
        )
    colour = mix(view.tones.accent, view.tones.plane(0.4), 0.25)
    view.canvas.lay(envelope, colour, mix(colour, view.tones.near, 0.45), rim=view.rim((x, y), 0.9), shadow=0.08)
    view.canvas.lay(stripes, mix(view.tones.glow, colour, 0.25), mix(view.tones.glow, view.tones.near, 0.5), alpha=0.85)
    view.canvas.lay(basket, view.tones.plane(0.15))


def paint_rocket(view: View, x: float, foot: float, tall: float) -> None:
    """Lay a rocket on its fire; it climbs with time."""
    foot -= view.travel * tall * 0.16
    view.glow(0.4, x, foot + tall * 0.1, tall * 0.9, view.tones.lit, 0.8)
    flame = view.sheet(0.4)
    flame.polygon(place(curve(parse("-.07,0 -.1,-.12 0,-.55 .1,-.12 .07,0")), x, foot, tall))
    view.canvas.lay(flame, view.tones.lit, view.tones.accent)
    body = view.sheet(0.4)
    body.polygon(place(curve(parse("-.09,0 -.13,.35 -.1,.72 0,1 .1,.72 .13,.35 .09,0")), x, foot, tall))
    for side in (-1, 1):
        body.polygon(place(parse("0.08,0.32 .25,.08 .24,-.06 .08,.04"), x, foot, tall, side))
    view.canvas.lay(
        body,
        mix(view.tones.glow, view.tones.near, 0.2),
        view.tones.plane(0.35),
        rim=view.rim((x, foot), 0.8),
        shadow=0.1,
    )
    port = view.sheet(0.4)
    port.oval(x, foot - tall * 0.62, tall * 0.045)
    view.canvas.lay(port, view.tones.near)


def paint_fire(view: View, x: float, foot: float, tall: float) -> None:
    """Lay a fire whose flames lick with time, and the light it throws."""
    lick = math.sin(view.moment * 2.4 + 0.5) * 0.05
    view.glow(0.0, x, foot - tall * 0.4, tall * 3.4, view.tones.accent, 0.55)
    view.glow(0.0, x, foot - tall * 0.4, tall * 1.4, view.tones.lit, 0.6)
    logs = view.sheet(0.0)
    logs.stroke([(x - tall * 0.42, foot + tall * 0.04), (x + tall * 0.36, foot - tall * 0.10)], tall * 0.11)
    logs.stroke([(x + tall * 0.42, foot + tall * 0.04), (x - tall * 0.36, foot - tall * 0.10)], tall * 0.11)
    shape = f"-.3,0 -.34,.22 {-0.22 + lick},.45 -.26,.66 -.08,.52 {lick},1 .12,.55 {0.26 + lick},.72 .24,.4 .34,.2 .3,0"
    for size, colour in (
        (1.0, view.tones.accent),
        (0.66, mix(view.tones.accent, view.tones.lit, 0.6)),
        (0.36, view.palette.tone(1.0)),
    ):
        flame = view.sheet(0.0)
        flame.polygon(place(curve(parse(shape)), x, foot, tall * size))
        view.canvas.lay(flame, colour)
    view.canvas.lay(logs, view.tones.plane(0.0))
