"""All eight ways in which a picture may lie in its file: a film shows each of them as a player does."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import set_display_matrix
from vidpipe.media.clip import why_not_copied
from vidpipe.media.decode import film_frames
from vidpipe.media.orientation import orientation
from vidpipe.media.probe import probe, probe_samples

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 64
CORNERS = np.array([[60, 110], [160, 210]], np.uint8)
ALL = [
    ((1, 0, 0, 1), (0, False)),
    ((0, -1, 1, 0), (90, False)),
    ((-1, 0, 0, -1), (180, False)),
    ((0, 1, -1, 0), (270, False)),
    ((-1, 0, 0, 1), (0, True)),
    ((0, 1, 1, 0), (90, True)),
    ((1, 0, 0, -1), (180, True)),
    ((0, -1, -1, 0), (270, True)),
]


def shown(axes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Say by the definition alone where each corner is seen: (p, q) at (a p + c q, b p + d q), about the middle."""
    a, b, c, d = axes
    seen = np.zeros((2, 2), np.uint8)
    for p in (-1, 1):
        for q in (-1, 1):
            x, y = a * p + c * q, b * p + d * q
            seen[(y + 1) // 2, (x + 1) // 2] = CORNERS[(q + 1) // 2, (p + 1) // 2]
    return seen


def four_corners(path: Path) -> Path:
    luma = np.kron(CORNERS, np.ones((SIDE // 2, SIDE // 2), np.uint8))
    planes = np.vstack([luma, np.full((SIDE // 2, SIDE), 128, np.uint8)])
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "5", "mbtree": "0"})
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for number in range(2):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("axes", "found"), ALL)
def test_a_clip_is_shown_as_its_display_matrix_says(
    tmp_path: Path, axes: tuple[int, int, int, int], found: tuple[int, bool]
) -> None:
    path = set_display_matrix(four_corners(tmp_path / "a.mp4"), axes)
    info = probe(path, "a.mp4")
    assert (info.rotation, info.mirrored) == found
    assert bool(probe_samples(path.read_bytes(), "a.mp4").why_encoded((SIDE, SIDE))) == (found != (0, False))
    assert ("mirrored" in why_not_copied(info, (SIDE, SIDE))) == info.mirrored
    frames = list(film_frames(path, info, (SIDE, SIDE)))
    assert len(frames) == 2
    for frame in frames:
        seen = frame.to_ndarray()[SIDE // 4 : SIDE : SIDE // 2, SIDE // 4 : SIDE : SIDE // 2]
        assert np.abs(seen.astype(int) - shown(axes)).max() <= 3


@pytest.mark.parametrize("matrix", [None, b"", bytes(36), struct.pack("=9i", 1, 1, 0, 1, 1, 0, 0, 0, 1)])
def test_a_matrix_that_shows_no_picture_is_none(matrix: bytes | None) -> None:
    assert orientation(matrix) == (0, False)
