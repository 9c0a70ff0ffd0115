"""Captions in the picture: readable over anything, inside the safe area, and the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.captions.typefaces import font_of, with_letters
from vidpipe.media.captions.burn import burned
from vidpipe.media.captions.choice import EMBEDDED_FACE, NoFontError, style_for
from vidpipe.media.captions.setting import mask_of
from vidpipe.media.captions.style import Style, can_shape
from vidpipe.media.timeline import Caption

if TYPE_CHECKING:
    from numpy.typing import NDArray

OWN = Style((EMBEDDED_FACE,))
KEEPER = (Caption(10, 20, "The keeper climbed the stairs, one hand\non the cold rail, and counted every step."),)
SIZES = [(1280, 720), (720, 1280), (1920, 1080), (640, 360)]


def picture(size: tuple[int, int], light: int) -> av.VideoFrame:
    made = av.VideoFrame(*size, "yuv420p")
    for plane, level in zip(made.planes, (light, 90, 170), strict=True):
        np.frombuffer(memoryview(plane), np.uint8)[:] = level
    made.pts = 7
    made.colorspace = 1
    return made


def planes(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    made = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        made.append(rows[:, : plane.width].copy())
    return made


def same(first: av.VideoFrame, second: av.VideoFrame) -> bool:
    return all(map(np.array_equal, planes(first), planes(second)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("light", [16, 235])
def test_letters_stand_out_of_dark_and_bright_pictures(size: tuple[int, int], light: int) -> None:
    y, u, _ = planes(burned(picture(size, light), 10, KEEPER, OWN))
    mask = np.asarray(mask_of(KEEPER[0].text, size, OWN)[0])
    letters = mask == 255
    assert letters.sum() > size[0] * size[1] / 800
    assert y[letters].min() >= 233
    assert abs(u[letters[::2, ::2]].astype(int) - 128).mean() < 8
    near = np.zeros_like(letters)
    reach = max(2, size[1] // 300)
    for shift in range(-reach, reach + 1):
        near |= np.roll(mask, shift, 0) > 0
        near |= np.roll(mask, shift, 1) > 0
    edge = near & (mask == 0)
    assert y[edge].mean() < 100


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", [KEEPER[0].text, "W" * 42 + "\n" + "W" * 42, "a", "a\nb\nc\nd\ne"])
def test_letters_stay_inside_the_safe_area_at_the_foot_in_the_middle(size: tuple[int, int], text: str) -> None:
    width, height = size
    left, top, right, bottom = mask_of(text, size, OWN)[0].getbbox() or (0, 0, 0, 0)
    assert left >= width * 0.05 - 1
    assert right <= width * 0.95 + 1
    assert bottom <= height * 0.95
    assert top >= height * 0.5
    assert bottom > height * 0.88
    assert abs((left + right) / 2 - width / 2) < width * 0.02


def test_type_grows_with_the_film_and_shrinks_for_a_line_that_is_too_wide() -> None:
    sizes = [mask_of("Words.", size, OWN)[1] for size in SIZES]
    assert sizes == [36, 44, 54, 18]
    assert mask_of("W" * 60, (1280, 720), OWN)[1] < 36


def test_a_frame_without_a_caption_is_left_alone() -> None:
    frame = picture((640, 360), 100)
    assert burned(frame, 9, KEEPER, OWN) is frame
    assert burned(frame, 20, KEEPER, OWN) is frame
    assert burned(frame, 3, (), OWN) is frame


def test_the_frame_of_a_decoder_is_not_written_to_and_the_rest_of_the_picture_stays_bit_for_bit() -> None:
    frame = picture((640, 360), 100)
    made = burned(frame, 15, KEEPER, OWN)
    assert same(frame, picture((640, 360), 100))
    assert not same(made, frame)
    for new, old in zip(planes(made), planes(frame), strict=True):
        upper = len(old) * 3 // 4
        assert (new[:upper] == old[:upper]).all()
    assert (made.pts, made.colorspace) == (frame.pts, frame.colorspace)


def test_equal_frames_and_captions_give_equal_bytes() -> None:
    from vidpipe.media.captions.burn import _layers

    first = burned(picture((640, 360), 60), 10, KEEPER, OWN)
    _layers.cache_clear()
    assert same(first, burned(picture((640, 360), 60), 19, KEEPER, OWN))


def test_the_caption_of_the_moment_is_drawn() -> None:
    captions = (Caption(0, 5, "First."), Caption(5, 9, "Second."))
    first, second = (burned(picture((640, 360), 60), number, captions, OWN) for number in (4, 5))
    assert not same(first, second)
    assert same(second, burned(picture((640, 360), 60), 0, (Caption(0, 1, "Second."),), OWN))


@pytest.mark.parametrize("frame", [av.VideoFrame(64, 36, "rgb24"), av.VideoFrame(64, 36, "yuv444p")])
def test_only_frames_of_the_film_are_taken(frame: av.VideoFrame) -> None:
    with pytest.raises(ValueError, match="yuv420p"):
        burned(frame, 10, KEEPER, OWN)


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts/A.ttf").write_bytes(font_of(with_letters("жы ")))
    (tmp_path / "fonts/B.ttf").write_bytes(font_of(with_letters("猫")))
    (tmp_path / "fonts/C.ttf").write_bytes(font_of(with_letters("אב ")))
    return {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)}


def test_letters_of_several_fonts_stand_side_by_side(machine: dict[str, str]) -> None:
    style = style_for(["жы猫"], machine)
    assert len(style.faces) == 2
    one, three = (mask_of(text, (640, 360), style)[0].getbbox() for text in ("ж", "ж猫ы"))
    assert one is not None
    assert three is not None
    assert 2.5 < (three[2] - three[0]) / (one[2] - one[0]) < 4


@pytest.mark.skipif(not can_shape(), reason="Pillow finds no FriBidi here")
def test_a_text_from_right_to_left_is_drawn(machine: dict[str, str]) -> None:
    style = style_for(["אב"], machine)
    mask, _ = mask_of("אב אב", (640, 360), style)
    assert mask.getbbox() is not None


def test_a_font_that_changed_since_it_was_chosen_is_not_used(machine: dict[str, str]) -> None:
    style = style_for(["жж"], machine)
    Path(style.faces[0].path).write_bytes(font_of(with_letters("жы x")))
    with pytest.raises(NoFontError, match="changed while the film was made"):
        mask_of("жжж", (640, 360), style)
