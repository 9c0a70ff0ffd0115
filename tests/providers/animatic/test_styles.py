"""Style guides from free words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidpipe.providers.animatic.styles import LOOKS, lightness, palette_for, style_guide

HEX = re.compile(r"#[0-9a-f]{6}")
words = st.lists(
    st.sampled_from(["noir", "Neon,", "storybook", "dieselpunk", "#C04020", "#ffffff", "warm", "cinematic", "of"])
    | st.text(max_size=5),
    max_size=8,
).map(" ".join)


@given(words)
@settings(deadline=None, max_examples=200)
def test_a_palette_has_four_to_six_named_colours_from_dark_to_light(style: str) -> None:
    palette = palette_for(style)
    assert 4 <= len(palette) <= 6
    assert all(name and HEX.fullmatch(colour) for name, colour in palette)
    assert sorted(palette, key=lambda swatch: lightness(swatch[1])) == list(palette)


@given(words)
@settings(deadline=None, max_examples=200)
def test_the_guide_writes_the_palette_out_and_keeps_the_users_words(style: str) -> None:
    guide = style_guide(style)
    assert tuple(HEX.findall(guide.color_palette)) == tuple(colour for _, colour in palette_for(style))
    kept = " ".join(style.split()).rstrip(".,; ")
    assert guide.visual_style.casefold().startswith(kept.casefold())
    assert guide.camera_style.strip()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: min(look.words))
def test_every_look_is_found_by_each_of_its_words_and_reaches_from_dark_to_light(look: object) -> None:
    assert look in LOOKS
    for known in LOOKS:
        if known is look:
            assert all(palette_for(word) == known.palette for word in known.words)
            assert lightness(known.palette[0][1]) < 100
            assert lightness(known.palette[-1][1]) > 215


def test_a_word_of_colour_outranks_a_word_of_craft() -> None:
    assert palette_for("cinematic neon") == palette_for("neon")
    assert palette_for("cinematic") != palette_for("neon")
    assert style_guide("cinematic neon").camera_style == style_guide("neon").camera_style


def test_unknown_words_get_a_palette_of_their_own_choosing_and_always_the_same() -> None:
    assert palette_for("dieselpunk opera") == palette_for(" Dieselpunk  OPERA ")
    assert len({palette_for(f"unknown{number}") for number in range(40)}) > 3


def test_colours_written_in_the_style_are_used() -> None:
    colours = [colour for _, colour in palette_for("a poster in #102030 and #E04020")]
    assert {"#102030", "#e04020"} <= set(colours)
    assert len(colours) == 4


def test_lightness_is_that_of_the_eye() -> None:
    assert [colour for _, colour in palette_for("#00ff00 #1000ff #ffffff #000000")] == [
        "#000000",
        "#1000ff",
        "#00ff00",
        "#ffffff",
    ]
