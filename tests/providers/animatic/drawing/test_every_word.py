"""Every concept that the lexicon knows can be drawn, in every setting, and leaves a mark."""

from __future__ import annotations

import numpy as np
import pytest

from vidpipe.providers.animatic.drawing import lexicon
from vidpipe.providers.animatic.drawing.canvas import Canvas
from vidpipe.providers.animatic.drawing.composition import compose
from vidpipe.providers.animatic.drawing.palette import palette_of
from vidpipe.providers.animatic.drawing.scene import paint_scene
from vidpipe.providers.animatic.drawing.shots import WIDE
from vidpipe.providers.animatic.drawing.words import Brief

PALETTE = palette_of("teal and orange", "")


def painted(
    brief: Brief, moment: float = 0.0, size: tuple[int, int] = (192, 108)
) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    view = compose(Canvas(*size), brief, PALETTE, "seed", moment, None, False, 0, WIDE)
    paint_scene(view, None, ())
    return np.asarray(view.canvas.image, dtype=np.int16)


def changed(one: Brief, other: Brief) -> float:
    return float((np.abs(painted(one) - painted(other)).max(axis=2) > 12).mean())


def plain(setting: str, **changes: tuple[str, ...]) -> Brief:
    return Brief(setting, changes.get("forms", ()), changes.get("figures", ()), "dusk", "clear", "calm")


SHOWN_ONLY_IN = {
    "ship": "sea",
    "boat": "sea",
    "clock": "room",
    "candle": "room",
    "door": "room",
    **dict.fromkeys(lexicon.OBJECTS, "tabletop"),
}


@pytest.mark.parametrize("form", lexicon.FORMS)
def test_every_form_leaves_its_mark(form: str) -> None:
    setting = SHOWN_ONLY_IN.get(form, "hills")
    other = ("speaker",) if form == "book" else ("book",) if setting == "tabletop" else ()
    assert changed(plain(setting, forms=other), plain(setting, forms=(form,))) > 0.002


@pytest.mark.parametrize("figure", lexicon.FIGURES)
def test_every_figure_leaves_its_mark(figure: str) -> None:
    setting = "sea" if figure == "whale" else "hills"
    assert changed(plain(setting), plain(setting, figures=(figure,))) > 0.0008


@pytest.mark.parametrize("setting", lexicon.SETTINGS)
def test_every_setting_takes_every_hour_and_weather_and_moves_with_time(setting: str) -> None:
    for hour in lexicon.HOURS:
        for weather in ("clear", *lexicon.WEATHERS):
            painted(Brief(setting, (), (), hour, weather, "warm"))
    still, later = painted(plain(setting)), painted(plain(setting), 1.0)
    assert (np.abs(still - later).max(axis=2) > 8).mean() > 0.01


@pytest.mark.parametrize("mood", lexicon.MOODS)
def test_a_mood_changes_the_light(mood: str) -> None:
    calm = Brief("sea", (), (), "dusk", "clear", "calm")
    moody = Brief("sea", (), (), "dusk", "clear", mood)
    assert np.abs(painted(calm) - painted(moody)).mean() > 0.5


LANDMARKS = ("lighthouse", "ship", "boat", "house", "church")


@pytest.mark.parametrize("word", LANDMARKS)
def test_a_landmark_can_be_drawn_at_every_moment_of_a_long_story(word: str) -> None:
    for moment in range(13):
        painted(plain(SHOWN_ONLY_IN.get(word, "hills"), forms=(word,)), moment, (48, 27))


@pytest.mark.parametrize("word", [*lexicon.FORMS, *lexicon.FIGURES])
def test_everything_can_be_drawn_at_a_moment_when_all_that_sways_is_far_back(word: str) -> None:
    setting = SHOWN_ONLY_IN.get(word, "sea" if word == "whale" else "hills")
    what = {"figures" if word in lexicon.FIGURES else "forms": (word,)}
    painted(plain(setting, **what), 11, (48, 27))
