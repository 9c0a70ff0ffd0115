"""Who and what stands in the scene, and where: the first form on a third, the next ones smaller and farther."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.animals import paint_animal, paint_birds
from vidpipe.providers.animatic.drawing.figures import paint_crowd, paint_person
from vidpipe.providers.animatic.drawing.forest import cut_conifer, cut_tree
from vidpipe.providers.animatic.drawing.landmarks import paint_church, paint_house, paint_lighthouse, paint_ship
from vidpipe.providers.animatic.drawing.room import opening
from vidpipe.providers.animatic.drawing.structures import paint_bridge, paint_castle, paint_mill
from vidpipe.providers.animatic.drawing.vehicles import paint_balloon, paint_fire, paint_rocket, paint_train
from vidpipe.providers.animatic.drawing.view import STAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from vidpipe.providers.animatic.drawing.sheet import Sheet
    from vidpipe.providers.animatic.drawing.view import View

_STANDING: dict[str, tuple[Callable[[View, float, float, float, float], None], float]] = {
    "lighthouse": (paint_lighthouse, 0.46),
    "castle": (paint_castle, 0.40),
    "church": (paint_church, 0.34),
    "mill": (paint_mill, 0.30),
    "house": (paint_house, 0.17),
}
_WATERS = frozenset({"sea", "lake"})
_PEOPLE = frozenset({"man", "woman", "child", "elder"})


def paint_landmarks(view: View) -> None:
    """Lay the forms that the words name, those in water, on land, in the air."""
    forms, unit, setting = view.brief.forms, view.unit, view.brief.setting
    waters = setting in _WATERS
    if "bridge" in forms:
        paint_bridge(view, view.horizon + unit * (0.10 if not waters else 0.06), unit * 0.24, 0.45)
    if "train" in forms:
        paint_train(view, view.horizon + unit * (0.145 if "bridge" not in forms else -0.035), unit * 0.075, 0.22)
    if "village" in forms and setting not in {"city", "street"}:
        _village(view)
    standing = [name for name in forms if name in _STANDING]
    if setting in {"street", "city"}:
        standing = [name for name in standing if name in {"church", "castle"}]
    for index, name in enumerate(standing[:2]):
        _stand(view, name, index)
    if waters:
        _afloat(view, bool(standing))
    if setting in {"field", "hills", "lake", "mountain"} or "tree" in forms:
        _trees(view, bool(standing))
    if "balloon" in forms:
        paint_balloon(view, view.focus + unit * 0.02, view.horizon - unit * 0.34, unit * 0.24)
    if "rocket" in forms:
        paint_rocket(view, view.width * 0.5, view.horizon - unit * 0.10, unit * 0.40)


def _afloat(view: View, crowded: bool) -> None:
    """Lay ships on the water, on the side that is left free by what stands on land."""
    unit = view.unit
    for index, name in enumerate([name for name in view.brief.forms if name in {"ship", "boat"}][:2]):
        x = (view.aside if crowded or index else view.focus) + unit * (0.05 * view.travel - 0.10 * index)
        size = unit * (0.20 if crowded else 0.30) * (1 - 0.4 * index) * (0.8 if name == "boat" else 1.0)
        paint_ship(view, x, view.horizon + unit * (0.07 - 0.04 * index), size, 0.4, small=name == "boat")


def _village(view: View) -> None:
    """Lay a handful of houses about a church, far ones first."""
    chance, unit = view.chance.fork("village"), view.unit
    spots = sorted((chance.between(0.02, 0.13), chance.between(-0.42, 0.42)) for _ in range(7))
    for index, (low, across) in enumerate(spots):
        x, foot = view.focus + (view.width * 0.5 - view.focus) * 0.4 + across * unit * 1.1, view.horizon + unit * low
        if index == 2:
            paint_church(view, x, foot, unit * 0.24, 0.62 - 2.6 * low)
        paint_house(view, x + unit * 0.1, foot + unit * 0.01, unit * (0.055 + 0.5 * low), 0.62 - 2.6 * low)


def _stand(view: View, name: str, index: int) -> None:
    """Lay a building on a knoll of its own."""
    paint, height = _STANDING[name]
    unit, waters = view.unit, view.brief.setting in _WATERS
    x = view.focus if index == 0 else view.aside + (view.aside - view.focus) * 0.12
    size = unit * height * (1.0 if index == 0 else 0.6)
    distance = 0.18 if index == 0 else 0.5
    foot = view.horizon + unit * ((0.05 if waters else 0.11) if index == 0 else 0.03)
    knoll = view.sheet(distance)
    edge, wave = [], view.chance.fork("knoll " + name).wave(4, 0.6)
    reach = size * (0.75 if waters else 1.6) + unit * 0.12
    drop = unit * (0.11 if waters else 0.16)
    for step in range(41):
        along = -1 + step / 20
        edge.append(
            (
                x + along * reach,
                foot
                + drop * (1 - math.cos(min(1.0, abs(along) * 1.15) * math.pi / 2) ** 0.7)
                + unit * 0.008 * wave(along * 1.8) * abs(along),
            )
        )
    paint(view, x, foot, size, distance)
    knoll.polygon(edge)
    view.canvas.lay(
        knoll, view.tones.land(distance), view.tones.land(distance * 0.5), rim=view.rim((x, foot), 0.45), shadow=0.12
    )


def _trees(view: View, crowded: bool) -> None:
    """Lay one large tree and a few small ones; in winter and storms they are bare."""
    chance, unit = view.chance.fork("trees"), view.unit
    bare = view.brief.weather in {"snow", "storm"} or view.brief.mood == "grim"
    main = "tree" in view.brief.forms and not crowded
    spots = [
        (view.focus + unit * 0.02, 0.52 if main else 0.0, 0.10),
        (view.width * 0.5 + (view.focus - view.width * 0.5) * 1.75, 0.30, 0.2),
    ]
    for x, tall, distance in spots:
        if not tall:
            continue
        sheet: Sheet = view.sheet(distance)
        foot = view.horizon + unit * 0.20 if view.brief.setting != "lake" else view.height * 0.80
        if view.brief.setting == "mountain" or (view.brief.weather == "snow" and not main):
            for index in range(3):
                cut_conifer(
                    sheet,
                    chance,
                    x + (index - 1) * unit * 0.09,
                    foot + unit * 0.02 * index,
                    unit * tall * chance.between(0.7, 1.1),
                )
        else:
            cut_tree(sheet, chance, x, foot, unit * tall, bare=bare)
        view.canvas.lay(sheet, view.tones.plane(distance), rim=view.rim((x, foot - unit * tall), 0.6), shadow=0.1)


def paint_flyers(view: View) -> None:
    """Lay birds in the sky: a flock where they are named, two or three over the open sea or field."""
    if "flight" in view.brief.figures:
        paint_birds(view, "hero", 1)
    elif "bird" in view.brief.figures or "crow" in view.brief.figures[1:]:
        paint_birds(view, "flock", 9)
    elif view.brief.setting in {"sea", "field", "desert", "mountain"} and view.brief.hour != "night":
        paint_birds(view, "some", 3)


def paint_figures(view: View) -> None:
    """Lay people and animals in front, the first one nearest."""
    unit = view.unit
    flying = {"bird", "flight", "crow"} if "flight" in view.brief.figures else {"bird"}
    named = [
        name for index, name in enumerate(view.brief.figures) if name not in flying and (name != "crow" or index == 0)
    ]
    inside = view.brief.setting == "room"
    foot = view.height * 0.93 if inside else view.height * STAGE
    busy = any(name in _STANDING or name == "tree" for name in view.brief.forms)
    start = view.focus + (view.aside - view.focus) * (0.40 if busy else 0.06)
    if inside:
        left, _, right, _ = opening(view)
        start = left + (right - left) * (0.30 if view.focus < view.aside else 0.70)
    step = (view.aside - view.focus) * 0.30
    if "fire" in view.brief.forms and not inside:
        paint_fire(view, start - step * (0.7 if named else -0.2), foot, unit * 0.10)
    for index, name in enumerate(named):
        x = start + step * index
        tall = unit * (0.52 if inside else 0.26) * (1 - 0.06 * index)
        if name == "crowd":
            paint_crowd(view, x + step * 0.2, foot, tall * 0.86)
        elif name in _PEOPLE:
            paint_person(view, name, x, foot, tall, walks=not inside)
        elif name == "whale":
            if view.brief.setting in _WATERS:
                paint_animal(view, name, view.focus, view.horizon + unit * 0.12, unit * 0.30)
        else:
            paint_animal(view, name, x, foot, tall * (1.15 if not inside else 0.8))
