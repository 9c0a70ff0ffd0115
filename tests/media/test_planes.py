"""RGB to the planes of H.264."""

import av
import numpy as np
import pytest
from PIL import Image

from vidpipe.media.planes import Planes, to_planes


def _gradient(width: int, height: int) -> Image.Image:
    down, across = np.mgrid[0:height, 0:width]
    channels = (across * 255 / width, down * 255 / height, 255 - across * 255 / width)
    return Image.fromarray(np.stack(channels, axis=2).astype(np.uint8))


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_the_primaries_have_the_values_of_bt_709(colour: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    planes = to_planes(Image.new("RGB", (4, 4), colour))
    assert (planes.y[0, 0], planes.u[0, 0], planes.v[0, 0]) == expected


def test_the_planes_are_a_full_and_two_quarter_pictures() -> None:
    planes = to_planes(_gradient(64, 36))
    assert planes.size == (64, 36)
    assert (planes.y.shape, planes.u.shape, planes.v.shape) == ((36, 64), (18, 32), (18, 32))


def test_a_tall_picture_shows_no_seam_between_its_strips() -> None:
    column = to_planes(_gradient(4, 600)).y[:, 0].astype(int)
    steps = np.diff(column)
    assert set(steps.tolist()) <= {0, 1}
    whole = to_planes(_gradient(4, 600).crop((0, 100, 4, 500)))
    assert np.array_equal(whole.y, to_planes(_gradient(4, 600)).y[100:500])
    assert np.array_equal(whole.u, to_planes(_gradient(4, 600)).u[50:250])


def test_chroma_sits_on_the_left_pixel_of_each_pair() -> None:
    pixels = np.zeros((2, 8, 3), np.uint8)
    pixels[:, 4] = (0, 0, 255)
    u = to_planes(Image.fromarray(pixels)).u[0].astype(int) - 128
    assert u.tolist() == [0, 0, 56, 0]  # half of the blue pixel, nothing to either side
    pixels = np.zeros((2, 8, 3), np.uint8)
    pixels[:, 3] = (0, 0, 255)
    u = to_planes(Image.fromarray(pixels)).u[0].astype(int) - 128
    assert u.tolist() == [0, 28, 28, 0]  # a pixel between two chroma samples is shared by them


def test_the_colours_come_back_through_ffmpegs_own_conversion() -> None:
    picture = _gradient(256, 64)
    back = _rgb(to_planes(picture))
    error = np.abs(back.astype(int) - np.asarray(picture))
    assert error[:, 2:-2].max() <= 6
    assert error.mean() < 2


def test_a_frame_with_an_odd_side_is_refused() -> None:
    with pytest.raises(ValueError, match="even sides, got 64x35"):
        to_planes(_gradient(64, 35))


def _rgb(planes: Planes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    width, height = planes.size
    stacked = np.concatenate([planes.y.ravel(), planes.u.ravel(), planes.v.ravel()])
    frame = av.VideoFrame.from_ndarray(stacked.reshape(height * 3 // 2, width), "yuv420p")
    frame.colorspace = 1
    frame.color_range = 1
    return np.asarray(frame.reformat(format="rgb24", dst_color_range="JPEG").to_ndarray(), np.uint8)
