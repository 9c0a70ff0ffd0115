"""Colours, and the palettes that a style guide asks for."""

from __future__ import annotations

import pytest

from vidpipe.providers.animatic.drawing.colour import contrast, from_lab, hex_colours, luminance, mix, to_lab
from vidpipe.providers.animatic.drawing.palette import palette_of


def test_hex_colours_are_read_in_order_long_and_short() -> None:
    assert hex_colours("ink #102030, sky #fff; no#12 #abcdeg") == [(16.0, 32.0, 48.0), (255.0, 255.0, 255.0)]


@pytest.mark.parametrize("colour", [(0.0, 0.0, 0.0), (255.0, 255.0, 255.0), (18.0, 200.0, 90.0), (250.0, 3.0, 120.0)])
def test_lab_goes_there_and_back(colour: tuple[float, float, float]) -> None:
    assert from_lab(to_lab(colour)) == pytest.approx(colour, abs=0.5)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_a_mix_begins_and_ends_with_its_colours() -> None:
    assert mix((10, 20, 30), (200, 100, 50), 0) == pytest.approx((10, 20, 30), abs=0.5)
    assert mix((10, 20, 30), (200, 100, 50), 1) == pytest.approx((200, 100, 50), abs=0.5)


def test_given_colours_are_the_palette_from_dark_to_light() -> None:
    palette = palette_of("cream #fdf3dc, bramble #2a1c35, brick #a5492f", "")
    assert [tuple(map(round, colour)) for colour in palette.colours] == [(42, 28, 53), (165, 73, 47), (253, 243, 220)]


@pytest.mark.parametrize(
    "text", ["#808080", "#ffffff", "#000000", "#f4d0d0 #f8e0c0", "teal", "teal and orange", "", "xyzzy"]
)
def test_every_palette_reaches_from_dark_to_light(text: str) -> None:
    palette = palette_of(text, "")
    places = [luminance(palette.tone(step / 20)) for step in range(21)]
    assert places[0] < 0.08
    assert places[-1] > 0.5
    assert luminance(palette.accent) > 0.1


def test_colour_words_choose_the_palette() -> None:
    assert palette_of("deep teal", "") != palette_of("warm rose", "")
    assert palette_of("", "a noir film") == palette_of("ink", "")


def test_other_words_choose_other_palettes_and_the_same_words_the_same() -> None:
    assert len({palette_of("", f"style {number}") for number in range(30)}) > 5
    assert palette_of("", "style 1") == palette_of("", "style 1")
