"""Sheets, light, grain, chance and shots."""

from __future__ import annotations

import numpy as np
import pytest

from vidpipe.providers.animatic.drawing.canvas import Canvas
from vidpipe.providers.animatic.drawing.chance import Chance
from vidpipe.providers.animatic.drawing.finish import finish
from vidpipe.providers.animatic.drawing.sheet import Sheet, Zoom
from vidpipe.providers.animatic.drawing.shots import WIDE, shot_for

WHITE = (255.0, 255.0, 255.0)


def pixels(canvas: Canvas) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(canvas.image)


def test_a_sheet_covers_its_outline_with_smooth_edges() -> None:
    canvas, sheet = Canvas(40, 40), Sheet()
    sheet.oval(20, 20, 10)
    canvas.lay(sheet, WHITE)
    found = pixels(canvas)[:, :, 0]
    assert found[20, 20] == 255
    assert found[2, 2] == 0
    assert found.sum() / 255 == pytest.approx(np.pi * 100, rel=0.04)
    assert np.any((found > 20) & (found < 235))


def test_ink_nought_cuts_a_hole() -> None:
    canvas, sheet = Canvas(40, 40), Sheet()
    sheet.box(0, 0, 40, 40)
    sheet.box(10, 10, 30, 30, 0.0)
    canvas.lay(sheet, WHITE)
    assert pixels(canvas)[20, 20].max() == 0
    assert pixels(canvas)[5, 5].min() == 255


def test_a_sheet_outside_the_canvas_changes_nothing() -> None:
    canvas, sheet = Canvas(40, 40), Sheet()
    sheet.oval(-90, 20, 10)
    sheet.stroke([(60, 60), (80, 80)], 3)
    canvas.lay(sheet, WHITE, soft=2, shadow=0.5)
    canvas.lay(Sheet(), WHITE)
    assert pixels(canvas).max() == 0


def test_a_sheet_is_placed_by_its_zoom() -> None:
    canvas, sheet = Canvas(40, 40), Sheet(Zoom((0, 0), 2.0, (4, 0)))
    sheet.box(1, 1, 5, 5)
    canvas.lay(sheet, WHITE)
    rows, columns = (pixels(canvas)[:, :, 0] > 128).nonzero()
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (6, 13, 2, 9)


def test_a_glow_adds_light_that_ends_at_its_radius() -> None:
    canvas = Canvas(60, 60)
    canvas.glow(30, 30, 20, WHITE, 0.8)
    found = pixels(canvas)[:, :, 0].astype(int)
    assert found[30, 30] > 190
    assert found[30, 40] < found[30, 33]
    assert found[30, 55] == 0


def test_film_grain_is_fine_and_the_same_for_the_same_name() -> None:
    canvas = Canvas(300, 300)
    canvas.cover([(0.0, (90, 90, 90)), (1.0, (90, 90, 90))])
    one, same, other = (np.asarray(finish(canvas.image, 300, name), dtype=int) for name in ("a", "a", "b"))
    assert (one == same).all()
    assert not (one == other).all()
    assert 1 < one[140:160, 140:160].std() < 5


def test_a_fork_of_chance_does_not_depend_on_what_else_was_drawn() -> None:
    one, other = Chance("seed"), Chance("seed")
    other.unit()
    assert one.fork("trees").unit() == other.fork("trees").unit()
    assert one.fork("trees").unit() != one.fork("birds").unit()


def test_chance_is_the_same_in_every_release() -> None:
    assert Chance("seed").unit() == pytest.approx(0.8945207899828926)


def test_a_new_scene_of_one_place_is_seen_from_elsewhere() -> None:
    shot = shot_for("one", "", WIDE)
    assert shot != WIDE
    assert all(shot_for(f"text {number}", "", shot) != shot for number in range(20))


def test_the_frames_words_choose_how_close_it_is_seen() -> None:
    for number in range(10):
        close, wide = (shot_for(str(number), words, WIDE) for words in ("Close on her face.", "Wide shot."))
        assert close.closeness > 1.2
        assert wide.closeness < 1.1
