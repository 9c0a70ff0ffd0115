"""Decide a frame before anything is drawn: where the horizon lies, where the light stands, which colours rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.animatic.drawing.chance import Chance
from vidpipe.providers.animatic.drawing.colour import Colour, mix, shade, to_lab
from vidpipe.providers.animatic.drawing.view import Light, Shot, Tones, View

if TYPE_CHECKING:
    from vidpipe.providers.animatic.drawing.canvas import Canvas
    from vidpipe.providers.animatic.drawing.palette import Palette
    from vidpipe.providers.animatic.drawing.sheet import Point
    from vidpipe.providers.animatic.drawing.words import Brief

_HORIZONS = {"sea": 0.58, "lake": 0.56, "desert": 0.60, "field": 0.60, "mountain": 0.66, "space": 0.74, "city": 0.68}

# Places on the palette's ramp for the sky's top, middle and foot, then how far the accent warms the foot.
_SKIES = {
    "night": (0.04, 0.17, 0.40, 0.10),
    "dusk": (0.22, 0.50, 0.80, 0.45),
    "dawn": (0.40, 0.66, 0.90, 0.28),
    "day": (0.58, 0.78, 0.95, 0.06),
}


def compose(
    canvas: Canvas,
    brief: Brief,
    palette: Palette,
    seed: str,
    moment: float,
    light_at: Point | None,
    carried: bool,
    portraits: int,
    shot: Shot,
) -> View:
    """Return the composition; `light_at` is where a picture that is continued has its light, in pixels."""
    chance = Chance("composition", seed, brief.setting)
    width, height = canvas.width, canvas.height
    unit = min(height, width * 1.15)
    horizon = height * (_HORIZONS.get(brief.setting, 0.62) + chance.between(-0.03, 0.03) + (0.08 if carried else 0.0))
    left = chance.happens(0.5)
    third = width * (0.34 if left else 0.66)
    opposite = width - third
    light = _light(brief, chance.fork("light"), (width, height), unit, opposite, horizon, moment)
    if light_at is not None and not brief.indoors:
        light = Light(light_at[0], light_at[1], light.radius, light.moon, light.strength)
    return View(
        canvas=canvas,
        brief=brief,
        palette=palette,
        tones=tones_of(brief, palette),
        light=light,
        chance=Chance("layers", seed, brief.setting),
        unit=unit,
        horizon=horizon,
        focus=third,
        aside=opposite,
        moment=moment,
        carried=carried,
        portraits=portraits,
        shot=_eased(shot, brief.setting == "tabletop", height > width),
    )


def _eased(shot: Shot, crowded: bool, tall: bool) -> Shot:
    """Return the shot held back where it would crop what matters: things in a row, and upright frames."""
    share = (0.35 if crowded else 1.0) * (0.6 if tall else 1.0)
    return Shot(1 + (shot.closeness - 1) * share, shot.aside * share)


def _light(
    brief: Brief, chance: Chance, size: tuple[int, int], unit: float, x: float, horizon: float, moment: float
) -> Light:
    """Return the light, lower at dawn and dusk; with time it travels, and rises or sinks."""
    height = size[1]
    moment = moment / (1 + moment / 5)
    rise = {"night": 0.30, "dusk": 0.13, "dawn": 0.15, "day": 0.36}[brief.hour] + chance.between(-0.03, 0.05)
    travel = {"night": 0.02, "dusk": -0.025, "dawn": 0.03, "day": 0.015}[brief.hour]
    strength = {"clear": 1.0, "wind": 1.0, "snow": 0.6, "fog": 0.55, "rain": 0.45, "storm": 0.4}[brief.weather]
    radius = unit * chance.between(0.05, 0.065) * (1.25 if brief.hour in {"dusk", "dawn"} else 1.0)
    return Light(
        x=x + chance.between(-0.05, 0.05) * size[0] + 0.018 * moment * unit,
        y=horizon - (rise + travel * moment) * min(height, unit * 1.4),
        radius=radius,
        moon=brief.hour == "night",
        strength=strength,
    )


def tones_of(brief: Brief, palette: Palette) -> Tones:
    """Return the colours of the hour, weather and mood out of the film's palette."""
    top, middle, foot, warmth = _SKIES[brief.hour]
    warmth += {"warm": 0.18, "cold": -0.08, "grim": -0.04, "calm": 0.0}[brief.mood]
    dim = {"storm": 0.18, "rain": 0.10, "fog": 0.0, "snow": -0.02, "wind": 0.0, "clear": 0.0}[brief.weather]
    if brief.mood == "grim":
        dim += 0.06
    colours: list[Colour] = [palette.tone(max(0.0, place - dim)) for place in (top, middle, foot)]
    grey = 0.6 if brief.weather in {"storm", "rain", "fog"} else 1.0
    colours = [shade(colour, to_lab(colour)[0], grey) for colour in colours]
    if brief.mood == "warm":
        colours = [mix(colour, palette.accent, 0.10) for colour in colours]
    elif brief.mood == "cold":
        colours = [shade(colour, to_lab(colour)[0], 0.72) for colour in colours]
    colours[2] = mix(colours[2], palette.accent, max(0.0, warmth))
    near = palette.tone(0.0 if brief.hour == "night" else 0.05)
    haze = mix(colours[1], colours[2], 0.55 if brief.hour != "night" else 0.75)
    if brief.weather in {"fog", "snow"}:
        haze = mix(haze, palette.tone(0.85 if brief.hour in {"day", "dawn"} else 0.6), 0.35)
    glow = mix(palette.tone(1.0), palette.accent, 0.35 if brief.hour in {"dusk", "dawn"} else 0.08)
    lit = shade(mix(palette.accent, palette.tone(0.95), 0.35), 0.87, 1.0)
    return Tones(
        sky=(
            (0.0, colours[0]),
            (0.36, mix(colours[0], colours[1], 0.75)),
            (0.52, colours[1]),
            (0.72, colours[2]),
            (1.0, haze),
        ),
        haze=haze,
        near=shade(near, min(0.24, to_lab(near)[0]), 1.0),
        glow=glow,
        lit=lit,
        accent=palette.accent,
        ground=palette.tone(0.92 if brief.hour in {"day", "dawn"} else 0.66) if brief.weather == "snow" else None,
    )
