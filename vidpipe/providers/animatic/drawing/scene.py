"""The order of the layers: far to near, each setting in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.cameo import paint_cameos
from vidpipe.providers.animatic.drawing.carry import lay_behind, lay_in_window
from vidpipe.providers.animatic.drawing.cast import paint_figures, paint_flyers, paint_landmarks
from vidpipe.providers.animatic.drawing.city import paint_rooftops, paint_skyline, paint_street
from vidpipe.providers.animatic.drawing.forest import paint_forest, paint_treeline, paint_trunks
from vidpipe.providers.animatic.drawing.furniture import paint_furniture, paint_table
from vidpipe.providers.animatic.drawing.ground import (
    paint_dunes,
    paint_front,
    paint_hills,
    paint_ribbon,
    paint_rows,
)
from vidpipe.providers.animatic.drawing.mountains import paint_mountains
from vidpipe.providers.animatic.drawing.room import free_wall, opening, paint_room
from vidpipe.providers.animatic.drawing.sky import paint_sky
from vidpipe.providers.animatic.drawing.tabletop import paint_products, paint_studio
from vidpipe.providers.animatic.drawing.water import paint_coast, paint_rocks, paint_water, paint_waves
from vidpipe.providers.animatic.drawing.weather import paint_fog, paint_lightning, paint_weather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL import Image

    from vidpipe.providers.animatic.drawing.view import View


_GROUNDS: dict[str, Callable[[View], None]] = {
    "sea": paint_water,
    "lake": paint_water,
    "forest": paint_forest,
    "street": paint_street,
    "desert": paint_dunes,
    "field": paint_rows,
}


@dataclass(frozen=True, slots=True)
class Behind:
    """A picture to continue, of the canvas's size; `ours` if it was drawn by us and not touched since."""

    picture: Image.Image
    ours: bool


def paint_scene(view: View, behind: Behind | None, portraits: Sequence[Image.Image]) -> None:
    """Paint all layers; `portraits` are references."""
    if view.brief.setting == "tabletop":
        paint_studio(view)
        if behind is not None:
            lay_behind(view, behind.picture, ours=behind.ours)
        paint_products(view)
    elif view.brief.setting == "room":
        _room(view, behind)
    else:
        _outdoors(view, behind)
    paint_cameos(view, portraits)


def _room(view: View, behind: Behind | None) -> None:
    paint_sky(view)
    paint_hills(view, 2)
    if view.brief.weather != "clear":
        paint_weather(view)
    if behind is not None:
        lay_in_window(view, behind.picture, opening(view))
    paint_room(view)
    paint_furniture(view, free_wall(view))
    paint_figures(view)
    paint_table(view)


def _outdoors(view: View, behind: Behind | None) -> None:
    paint_sky(view)
    if view.brief.weather == "storm":
        paint_lightning(view)
    _far(view)
    if behind is not None:
        lay_behind(view, behind.picture, ours=behind.ours)
    paint_flyers(view)
    if view.brief.setting == "street" and behind is not None and not behind.ours:
        paint_front(view, grass=False)  # the fronts of houses would hide what was painted
    else:
        _middle(view)
    paint_landmarks(view)
    if view.brief.weather == "fog":
        paint_fog(view, 4, 0.55)
    _front(view)
    paint_figures(view)
    if view.brief.setting == "forest":
        paint_trunks(view)
    paint_weather(view)


def _far(view: View) -> None:
    setting = view.brief.setting
    if setting == "sea":
        paint_coast(view)
    elif setting == "mountain":
        paint_mountains(view)
    elif setting == "city":
        paint_skyline(view)
    elif setting == "forest":
        paint_treeline(view, 0.97, view.horizon + view.unit * 0.01, view.unit * 0.30, "far")
    elif setting in {"lake", "hills", "field", "space"}:
        paint_hills(view, 2)


def _middle(view: View) -> None:
    setting = view.brief.setting
    if setting in {"hills", "mountain", "space"}:
        paint_hills(view, 3)
        if setting != "space":
            paint_treeline(view, 0.30, view.horizon + view.unit * 0.185, view.unit * 0.13, "middle")
    elif setting in _GROUNDS:
        _GROUNDS[setting](view)
    if setting in {"hills", "field", "forest", "mountain"}:
        for name in [form for form in view.brief.forms if form in {"river", "road"}][:1]:
            paint_ribbon(view, water=name == "river")


def _front(view: View) -> None:
    setting = view.brief.setting
    if setting in {"sea", "lake"}:
        ashore = bool(view.brief.figures) and set(view.brief.figures) != {"whale"}
        paint_waves(view, 4 if ashore else 5)
        if ashore or setting == "lake":
            paint_front(view, grass=setting == "lake")
        else:
            paint_rocks(view)
    elif setting == "city":
        paint_rooftops(view)
    elif setting != "street":
        paint_front(view, grass=setting not in {"desert", "space"})
