"""How a picture that is continued lies behind the new scene."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vidpipe.providers.animatic.drawing.canvas import Canvas
from vidpipe.providers.animatic.drawing.carry import lay_behind, light_of, likeness, nearer, painted_over
from vidpipe.providers.animatic.drawing.composition import compose
from vidpipe.providers.animatic.drawing.palette import palette_of
from vidpipe.providers.animatic.drawing.shots import WIDE
from vidpipe.providers.animatic.drawing.words import Brief

SIZE = (320, 180)
GREY = Image.new("RGB", SIZE, (120, 120, 120))


def with_block(box: tuple[int, int, int, int], colour: str = "black") -> Image.Image:
    image = GREY.copy()
    ImageDraw.Draw(image).rectangle(box, fill=colour)
    return image


def laid(picture: Image.Image, *, ours: bool) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    brief = Brief("city", (), (), "day", "clear", "calm")
    view = compose(Canvas(*SIZE), brief, palette_of("slate", ""), "seed", 1, None, True, 0, WIDE)
    view.canvas.image = Image.new("RGB", SIZE, (150, 150, 150))
    lay_behind(view, picture, ours=ours)
    return np.asarray(view.canvas.image, dtype=np.float32)


@pytest.mark.parametrize(("ours", "low", "high"), [(True, 20, 70), (False, 70, 130)])
def test_a_memory_of_ours_is_fainter_than_what_a_hand_painted(ours: bool, low: float, high: float) -> None:
    apart = np.abs(laid(GREY, ours=ours) - laid(with_block((130, 40, 190, 90)), ours=ours))
    assert low < apart[60:75, 150:170].mean() < high


def test_the_foot_of_the_picture_is_left_to_the_new_scene() -> None:
    assert (laid(with_block((0, 120, 320, 180), "red"), ours=False)[165:] == 150).all()


def test_the_light_of_a_picture_is_found_where_it_is_brightest() -> None:
    found = light_of(with_block((220, 30, 250, 60), "white"))
    assert found == pytest.approx((235, 45), abs=8)
    assert light_of(GREY) is None


def test_likeness_counts_the_equal_area() -> None:
    assert likeness(GREY.resize((640, 360)), GREY) == 1
    assert likeness(with_block((0, 0, 160, 180)), GREY) == pytest.approx(0.5, abs=0.03)


def test_only_what_a_hand_changed_is_masked_and_type_is_left_out() -> None:
    large = with_block((40, 40, 80, 80)).resize((640, 360))
    mask = painted_over(large, GREY, ())
    assert mask is not None
    levels = np.asarray(mask)
    assert levels[120, 120] > 250
    assert levels[:, 300:].max() == 0
    assert painted_over(large, GREY, ((38, 38, 84, 84),)) is None
    assert painted_over(GREY, GREY, ()) is None


def test_coming_nearer_keeps_the_point_that_is_looked_at() -> None:
    image = with_block((158, 88, 162, 92))
    rows, columns = (np.asarray(nearer(image, (160, 90), 1.5))[:, :, 0] < 60).nonzero()
    assert (columns.mean(), rows.mean()) == pytest.approx((160, 90), abs=1.5)
    assert np.ptp(columns) >= 5
