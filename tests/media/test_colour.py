"""Colours that are not BT.709's: wide ones are converted, and light of another kind is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import Kind, make_clip
from vidpipe.errors import BrokenFileError
from vidpipe.media.decode import film_frames
from vidpipe.media.probe import probe
from vidpipe.media.verify import check_clip

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIZE = (64, 36)
WHITE = (0.3127, 0.3290)
BT709 = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
BT2020 = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
LUMA = {1: (0.2126, 0.7152, 0.0722), 9: (0.2627, 0.6780, 0.0593)}


def to_xyz(primaries: tuple[tuple[float, float], ...]) -> Floats:
    """Return the matrix from linear RGB to XYZ (SMPTE RP 177)."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    white = np.array([WHITE[0] / WHITE[1], 1, (1 - WHITE[0] - WHITE[1]) / WHITE[1]])
    return np.asarray(columns * np.linalg.solve(columns, white))


def curve(light: Floats) -> Floats:
    """Apply the transfer function of ITU-R BT.709."""
    return np.where(light < 0.018, 4.5 * light, 1.099 * np.abs(light) ** 0.45 - 0.099)


def ycc(light: Floats, matrix: int) -> list[int]:
    """Return 8-bit Y, Cb, Cr in limited range."""
    red, green, blue = curve(light)
    kr, kg, kb = LUMA[matrix]
    y = kr * red + kg * green + kb * blue
    parts = (16 + 219 * y, 128 + 112 * (blue - y) / (1 - kb), 128 + 112 * (red - y) / (1 - kr))
    return [round(float(part)) for part in parts]


def flat(path: Path, tags: tuple[int, int, int], samples: list[int]) -> Path:
    planes = np.full((SIZE[1] * 3 // 2, SIZE[0]), samples[0], np.uint8)
    chroma = planes[SIZE[1] :].reshape(2, -1)
    chroma[0], chroma[1] = samples[1], samples[2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "1", "mbtree": "0"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace, context.color_range = *tags, 1
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.colorspace, frame.color_range = 0, tags[2], 1
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("light", [(0.3, 0.3, 0.3), (0.6, 0.1, 0.1), (0.1, 0.5, 0.2), (0.7, 0.1, 0.5)])
@pytest.mark.parametrize(("tags", "primaries"), [((9, 14, 9), BT2020), ((9, 1, 1), BT2020), ((12, 1, 1), P3)], ids=str)
def test_wide_primaries_are_brought_to_those_of_the_film(
    tmp_path: Path, tags: tuple[int, int, int], primaries: tuple[tuple[float, float], ...], light: tuple[float, ...]
) -> None:
    wide = np.linalg.solve(to_xyz(primaries), to_xyz(BT709) @ np.array(light))
    stored, wanted = ycc(wide, tags[2]), ycc(np.array(light), 1)
    path = flat(tmp_path / "a.mp4", tags, stored)
    for size in (SIZE, (32, 32)):
        (frame,) = film_frames(path, probe(path, "a.mp4"), size)
        planes = [np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, -1) for plane in frame.planes]
        middle = [int(plane[plane.shape[0] // 2, plane.shape[0] // 2]) for plane in planes]
        assert np.abs(np.subtract(middle, wanted)).max() <= 2
        assert (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range) == (1, 1, 1, 1)
    assert light == (0.3, 0.3, 0.3) or np.abs(np.subtract(stored, wanted)).max() > 6


@pytest.mark.parametrize(("transfer", "words"), [(16, "HDR, PQ"), (18, "HDR, HLG"), (8, "linear light")])
def test_light_that_would_have_to_be_tone_mapped_is_refused_by_name(tmp_path: Path, transfer: int, words: str) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(colour=(9, transfer, 9)))
    for look in (probe, check_clip):
        with pytest.raises(BrokenFileError, match=rf"^clips/a\.mp4: its pictures are {words}, .+ \(SDR, BT\.709\)$"):
            look(path, "clips/a.mp4")


@pytest.mark.parametrize("transfer", [1, 6, 13, 14, 15])
def test_every_curve_of_standard_range_is_taken(tmp_path: Path, transfer: int) -> None:
    check_clip(make_clip(tmp_path / "a.mp4", Kind(colour=(9, transfer, 9))), "a.mp4")
