"""Any clip as frames of the film: on its grid, at its size, whole and in its own shape."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import SIZE, Kind, frame_digests, luma, make_clip, picture
from vidpipe.errors import BrokenFileError
from vidpipe.media import decode, h264
from vidpipe.media.clip import why_not_copied
from vidpipe.media.decode import film_frames
from vidpipe.media.fit import fitted_size
from vidpipe.media.mp4 import CLIP_LIMITS
from vidpipe.media.pieces import encode_piece
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


def _moving_bar(field: int) -> NDArray[np.uint8]:
    bar = np.full((64, 64), 40, np.uint8)
    bar[:, 6 * field : 6 * field + 12] = 200
    return bar


def test_two_fields_become_one_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"flags": "+ildct+ilme", "crf": "5", "mbtree": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(4):
            planes = np.full((96, 64), 128, np.uint8)
            planes[0:64:2] = _moving_bar(2 * number)[0::2]
            planes[1:64:2] = _moving_bar(2 * number + 1)[1::2]
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    combed, made = luma(path), frames_of(path, (64, 64))
    assert len(made) == 4
    between_rows = [np.abs(np.diff(frames[2].astype(float), axis=0)).mean() for frames in (combed, made)]
    assert between_rows[0] > 20
    assert between_rows[1] < 0.3 * between_rows[0]


_FIELDS = {"x264-params": "repeat-headers=1:bframes=0:tff=1:mbtree=0:threads=1"}


def _changing_size(path: Path, sizes: tuple[tuple[int, int], ...]) -> Path:
    """Write one track of interlaced H.264 in which each packet may bring parameter sets of its own."""
    packets: list[bytes] = []
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=24)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = sizes[0]
        stream.codec_context.options = dict(_FIELDS)
        for size in sizes:
            encoder = av.CodecContext.create("libx264", "w")
            assert isinstance(encoder, av.VideoCodecContext)
            encoder.width, encoder.height = size
            encoder.pix_fmt, encoder.time_base, encoder.options = "yuv420p", Fraction(1, 24), dict(_FIELDS)
            for number in range(6):
                frame = av.VideoFrame.from_ndarray(np.full((size[1] * 3 // 2, size[0]), 90, np.uint8), format="yuv420p")
                frame.pts = number
                packets += [bytes(packet) for packet in encoder.encode(frame)]
            packets += [bytes(packet) for packet in encoder.encode(None)]
        for time, data in enumerate(packets):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 24)
            packet.pts = packet.dts = time
            packet.duration, packet.is_keyframe = 1, time % 6 == 0
            container.mux_one(packet)
    return path


@pytest.mark.parametrize("second", [(32, 32), (320, 240)])
def test_fields_are_joined_on_when_the_pictures_change_their_size(tmp_path: Path, second: tuple[int, int]) -> None:
    path = _changing_size(tmp_path / "a.mp4", ((64, 64), second))
    info = probe(path, "a.mp4")
    assert info.interlaced
    made = frames_of(path, (64, 64))
    assert len(made) == info.frames == 12
    assert all(abs(int(frame[32, 32]) - 90) <= 2 for frame in made)


def test_what_the_filters_do_not_take_is_a_damaged_clip_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _changing_size(tmp_path / "a.mp4", ((64, 64), (320, 240)))
    monkeypatch.setattr(decode, "form_of", lambda frame: ())
    with pytest.raises(BrokenFileError, match=r"^a\.mp4: FFmpeg cannot bring its pictures to the form of the film at"):
        frames_of(path, (64, 64))


def test_colours_of_another_matrix_are_brought_to_bt709(tmp_path: Path) -> None:
    red, green, blue = np.moveaxis(picture(0, SIZE).astype(float), -1, 0)
    bt709 = 16 + 219 / 255 * (0.2126 * red + 0.7152 * green + 0.0722 * blue)
    kind = Kind(frames=1, colour=6, options={"crf": "5"})
    tagged = frames_of(make_clip(tmp_path / "a.mp4", kind))[0]
    untagged = frames_of(make_clip(tmp_path / "b.mp4", replace(kind, colour=None)))[0]
    assert np.abs(tagged - bt709).mean() < 0.6 * np.abs(untagged - bt709).mean()


def test_a_picture_that_grows_in_mid_clip_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(sound=None))
    info = probe(path, "a.mp4")
    big = make_clip(tmp_path / "b.mp4", Kind(size=(512, 288), sound=None))
    sets = h264.SetsInForce(h264.read_avcc(probe(big, "b.mp4").parameter_sets).units)
    with av.open(str(path)) as small, av.open(str(big)) as source, av.open(str(tmp_path / "c.mp4"), "w") as made:
        stream = made.add_stream_from_template(small.streams.video[0])
        for packet in (packet for packet in source.demux(video=0) if packet.size):
            data = bytes(packet)
            grown = av.Packet(sets.in_front_of(data) if packet.is_keyframe else data)
            grown.pts, grown.dts, grown.time_base = packet.pts, packet.dts, packet.time_base
            grown.stream, grown.is_keyframe = stream, packet.is_keyframe
            made.mux_one(grown)
    assert len(list(film_frames(tmp_path / "c.mp4", info, SIZE))) == 12
    with pytest.raises(BrokenFileError, match=r"a\.mp4"):
        list(film_frames(tmp_path / "c.mp4", info, SIZE, limits=replace(CLIP_LIMITS, pixels=64 * 36 * 4)))


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
    encode_piece(film_frames(source, info, SIZE), tmp_path / "b.mp4", SIZE, info.film_frames)
    made = probe(tmp_path / "b.mp4", "b.mp4")
    assert not why_not_copied(made, SIZE)
    assert made.frames == info.film_frames
    assert made.colour.matrix == 1


def test_normalising_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", Kind(rate=30))
    info = probe(source, "a.mp4")
    for name in ("b", "c"):
        encode_piece(film_frames(source, info, (128, 72)), tmp_path / f"{name}.mp4", (128, 72), info.film_frames)
    assert (tmp_path / "b.mp4").read_bytes() == (tmp_path / "c.mp4").read_bytes()
    assert len(frame_digests(tmp_path / "b.mp4")) == 10
