"""More of what people built: a castle, a windmill, bridges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.colour import mix

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.view import View


def paint_castle(view: View, x: float, foot: float, tall: float, distance: float) -> None:
    """Lay a castle of round towers behind a wall with battlements."""
    paper = view.sheet(distance)
    for shift, high, half in ((-0.42, 0.62, 0.10), (0.0, 1.0, 0.13), (0.22, 0.74, 0.085), (0.48, 0.56, 0.10)):
        middle, top, wide = x + shift * tall, foot - high * tall * 0.72, half * tall
        paper.box(middle - wide, top, middle + wide, foot + tall * 0.1)
        paper.box(middle - wide * 1.2, top, middle + wide * 1.2, top + tall * 0.05)
        paper.polygon([(middle - wide * 1.25, top), (middle, top - high * tall * 0.30), (middle + wide * 1.25, top)])
        flag = top - high * tall * 0.30
        paper.stroke([(middle, flag + tall * 0.02), (middle, flag - tall * 0.06)], max(1.0, tall * 0.008))
        paper.polygon(
            [(middle, flag - tall * 0.06), (middle + tall * 0.07, flag - tall * 0.045), (middle, flag - tall * 0.025)]
        )
    paper.box(x - tall * 0.5, foot - tall * 0.24, x + tall * 0.56, foot + tall * 0.1)
    for step in range(14):
        left = x - tall * 0.5 + step * tall * 0.078
        paper.box(left, foot - tall * 0.285, left + tall * 0.042, foot - tall * 0.23)
    view.canvas.lay(paper, view.tones.plane(distance), rim=view.rim((x, foot - tall), 0.7), shadow=0.15)
    if view.dark:
        windows = view.sheet(distance)
        for across, up in ((0.0, 0.52), (-0.42, 0.30), (0.22, 0.38), (0.03, 0.34)):
            windows.box(
                x + (across - 0.014) * tall, foot - (up + 0.05) * tall, x + (across + 0.014) * tall, foot - up * tall
            )
        view.canvas.lay(windows, view.tones.lit)


def paint_mill(view: View, x: float, foot: float, tall: float, distance: float) -> None:
    """Lay a windmill whose sails turn with time."""
    paper = view.sheet(distance)
    paper.polygon(
        [
            (x - tall * 0.17, foot),
            (x - tall * 0.10, foot - tall * 0.62),
            (x + tall * 0.10, foot - tall * 0.62),
            (x + tall * 0.17, foot),
        ]
    )
    paper.polygon(
        [(x - tall * 0.12, foot - tall * 0.62), (x, foot - tall * 0.76), (x + tall * 0.12, foot - tall * 0.62)]
    )
    hub = (x, foot - tall * 0.64)
    for arm in range(4):
        angle = arm * math.pi / 2 + 0.5 + view.moment * 0.5
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        tip = (hub[0] + along[0] * tall * 0.46, hub[1] + along[1] * tall * 0.46)
        paper.stroke([hub, tip], max(1.0, tall * 0.014))
        root = (hub[0] + along[0] * tall * 0.12, hub[1] + along[1] * tall * 0.12)
        wide = tall * 0.085
        paper.polygon(
            [
                root,
                tip,
                (tip[0] + across[0] * wide, tip[1] + across[1] * wide),
                (root[0] + across[0] * wide, root[1] + across[1] * wide),
            ],
            0.8,
        )
    view.canvas.lay(paper, view.tones.plane(distance), rim=view.rim((x, foot - tall), 0.6), shadow=0.12)


def paint_bridge(view: View, foot: float, tall: float, distance: float) -> None:
    """Lay a bridge of arches across the frame, or one that hangs from two towers."""
    chance = view.chance.fork("bridge")
    paper = view.sheet(distance)
    deck = foot - tall * 0.55
    left, right = -view.width * 0.3, view.width * 1.3
    if chance.happens(0.5):
        paper.box(left, deck, right, foot)
        wide = tall * 1.05
        start = view.focus - wide * 8
        for index in range(24):
            middle = start + index * wide
            paper.box(middle - wide * 0.40, deck + tall * 0.42, middle + wide * 0.40, foot + 2, 0.0)
            paper.oval(middle, deck + tall * 0.42, wide * 0.40, tall * 0.30, 0.0)
        paper.box(left, deck - tall * 0.07, right, deck + tall * 0.02)
    else:
        paper.box(left, deck, right, deck + tall * 0.07)
        gap = view.unit * 0.80
        towers = [view.focus + gap * index for index in (-2, -1, 0, 1, 2)]
        for tower in towers:
            for side in (-0.035, 0.035):
                paper.box(
                    tower + (side - 0.014) * tall, deck - tall * 0.95, tower + (side + 0.014) * tall, foot + tall * 0.1
                )
            paper.box(tower - tall * 0.05, deck - tall * 0.70, tower + tall * 0.05, deck - tall * 0.66)
            cable = [
                (tower + gap * step / 24, deck - tall * (0.08 + 0.84 * (step / 12 - 1) ** 2)) for step in range(25)
            ]
            paper.stroke(cable, max(1.0, tall * 0.016))
            for x, y in cable[::2]:
                paper.stroke([(x, y), (x, deck)], max(0.7, tall * 0.006))
    colour = view.tones.plane(distance)
    view.canvas.lay(
        paper, colour, mix(colour, view.tones.haze, 0.4), rim=view.rim((view.width / 2, deck), 0.6), shadow=0.1
    )
