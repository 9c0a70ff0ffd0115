"""Any clip as frames of the film: on its grid, at its size, whole and in its own shape."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.clips import SIZE, Kind, frame_digests, luma, make_clip
from vidpipe.media.clip import why_not_copied
from vidpipe.media.decode import film_frames, fitted_size
from vidpipe.media.normalise import normalise
from vidpipe.media.probe import probe

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def frames_of(
    path: Path, size: tuple[int, int] = SIZE, start: int = 0, stop: int | None = None
) -> list[NDArray[np.uint8]]:
    info = probe(path, path.name)
    frames = film_frames(path, info, size, start=start, stop=stop)
    return [frame.to_ndarray()[: size[1]].astype(np.uint8) for frame in frames]


def test_a_clip_in_the_form_of_the_film_is_not_touched(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(frames=6))
    assert [frame.tobytes() for frame in frames_of(path)] == [frame.tobytes() for frame in luma(path)]


def test_a_range_of_frames_is_that_range(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(frames=12))
    whole = [frame.tobytes() for frame in frames_of(path)]
    assert [frame.tobytes() for frame in frames_of(path, start=3, stop=8)] == whole[3:8]


@pytest.mark.parametrize(
    ("rate", "frames", "expected"), [(30, 30, 24), (25, 50, 48), (60, 30, 12), (12, 6, 12), (1, 1, 24)]
)
def test_another_rate_keeps_its_length(tmp_path: Path, rate: int, frames: int, expected: int) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(rate=rate, frames=frames))
    assert len(frames_of(path)) == expected


def test_each_place_on_the_grid_shows_the_nearest_frame(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(rate=30, frames=15))
    originals = [frame.tobytes() for frame in luma(path)]
    shown = [originals.index(frame.tobytes()) for frame in frames_of(path)]
    assert all(abs(frame / 30 - place / 24) <= 1 / 48 + 1 / 60 for place, frame in enumerate(shown))
    assert shown == sorted(shown)


def test_frames_at_uneven_times_are_held_until_the_next(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(frames=4, times=(0, 1, 5, 6)))
    originals = [frame.tobytes() for frame in luma(path)]
    assert [originals.index(frame.tobytes()) for frame in frames_of(path)] == [0, 1, 1, 1, 1, 2, 3]


def test_frames_that_an_edit_list_hides_are_not_shown(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(times=tuple(range(-4, 8))))
    assert [frame.tobytes() for frame in frames_of(path)] == [frame.tobytes() for frame in luma(path)][-8:]


@pytest.mark.parametrize(
    ("shape", "pixel_aspect", "fitted"),
    [
        ((1920, 1080), Fraction(1), (1280, 720)),
        ((784, 470), Fraction(1), (1202, 720)),
        ((720, 1280), Fraction(1), (404, 720)),
        ((1440, 1080), Fraction(4, 3), (1280, 720)),
        ((2560, 1080), Fraction(1), (1280, 540)),
        ((4096, 2), Fraction(1), (1280, 2)),
    ],
)
def test_the_picture_fits_and_keeps_its_shape(
    shape: tuple[int, int], pixel_aspect: Fraction, fitted: tuple[int, int]
) -> None:
    assert fitted_size(*shape, pixel_aspect, (1280, 720)) == fitted


def _lit(frame: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of what is not black."""
    rows, columns = np.flatnonzero((frame > 40).any(axis=1)), np.flatnonzero((frame > 40).any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_a_narrow_picture_stands_in_the_middle_on_black(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(frames=2, size=(32, 36)))
    left, top, right, bottom = _lit(frames_of(path)[0])
    assert (top, bottom) == (0, 36)
    assert abs(left - 16) <= 2
    assert abs(right - 48) <= 2


@pytest.mark.parametrize("rotation", [90, -90, 180])
def test_a_turned_clip_is_shown_upright(tmp_path: Path, rotation: int) -> None:
    """`rotation` is what the writer says the stored picture must be turned by, against the clock."""
    plain = luma(make_clip(tmp_path / "a.mp4", Kind(frames=1, size=(36, 36))))[0].astype(float)
    path = make_clip(tmp_path / "b.mp4", Kind(frames=1, size=(36, 36), rotation=rotation))
    turned = frames_of(path, (36, 36))[0].astype(float)
    wanted = np.rot90(plain, rotation // 90)
    assert np.abs(turned - wanted).mean() < 2


@pytest.mark.parametrize(
    "kind",
    [
        Kind(rate=30, size=(80, 48)),
        Kind(pixel_format="yuv444p"),
        Kind(codec="mpeg4"),
        Kind(colour=6, rotation=90),
        Kind(size=(64, 64), options={"flags": "+ildct+ilme"}),
        Kind(pixel_format="yuv420p10le"),
    ],
    ids=["rate and size", "4:4:4", "mpeg4", "colours and rotation", "fields", "10 bit"],
)
def test_a_normalised_clip_is_one_that_a_film_takes_as_it_is(tmp_path: Path, kind: Kind) -> None:
    source = make_clip(tmp_path / "a.mp4", kind)
    info = probe(source, "a.mp4")
    assert why_not_copied(info, SIZE)
    normalise(source, info, tmp_path / "b.mp4", SIZE, lambda: None)
    made = probe(tmp_path / "b.mp4", "b.mp4")
    assert not why_not_copied(made, SIZE)
    assert made.frames == info.film_frames
    assert made.colour.matrix == 1


def test_normalising_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", Kind(rate=30))
    for name in ("b", "c"):
        normalise(source, probe(source, "a.mp4"), tmp_path / f"{name}.mp4", (128, 72), lambda: None)
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "c.mp4").read_bytes()
    assert len(frame_digests(tmp_path / "b.mp4")) == 10
