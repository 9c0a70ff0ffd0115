"""One MP4, the same way every time."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from av.video.frame import PictureType
from numpy.typing import NDArray

from vidpipe.media import encode
from vidpipe.media.encode import Encoder, check_codecs

SIZE = (160, 96)


def _luma(number: int, seed: int = 0) -> NDArray[np.uint8]:
    down, across = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    return np.asarray(128 + 80 * np.sin((across + 3 * number) / (9 + seed)) * np.cos(down / 13), np.uint8)


def _chroma(value: int) -> NDArray[np.uint8]:
    return np.full((SIZE[1] // 2, SIZE[0] // 2), value, np.uint8)


def _tone(samples: int) -> NDArray[np.float32]:
    wave = 0.1 * np.sin(np.arange(samples) * 2 * np.pi * 440 / 48_000)
    return np.stack([wave, wave]).astype(np.float32)


def _write(path: Path, frames: int = 6, *, audio: bool = True, seed: int = 0, gop: int = 48) -> Path:
    with Encoder(path, SIZE, audio=audio, gop=gop) as encoder:
        for number in range(frames):
            encoder.write_planes(_luma(number, seed), _chroma(100 + seed), _chroma(150))
            if audio:
                encoder.write_audio(_tone(2000))
    return path


@dataclass(frozen=True)
class _Packet:
    pts: int
    duration: int
    key: bool


def _packets(path: Path) -> list[_Packet]:
    with av.open(str(path), format="mov") as container:
        found = [packet for packet in container.demux(video=0) if packet.size]
    return [_Packet(packet.pts or 0, packet.duration or 0, packet.is_keyframe) for packet in found]


def _extradata(path: Path) -> bytes:
    with av.open(str(path), format="mov") as container:
        return container.streams.video[0].codec_context.extradata or b""


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    assert _write(tmp_path / "one.mp4").read_bytes() == _write(tmp_path / "two.mp4").read_bytes()


_ENCODE_UPRIGHT = """
import sys
from pathlib import Path

import numpy as np

from vidpipe.media.encode import Encoder

picture = np.random.default_rng(0).integers(16, 236, (20, 24), np.uint8).repeat(8, 0).repeat(8, 1)
with Encoder(Path(sys.argv[1]), (72, 128), audio=True) as encoder:
    for number in range(30):
        luma = picture[number // 2 :][:128, number:][:, :72]
        encoder.write_planes(luma, luma[::2, ::2], luma[1::2, 1::2])
        encoder.write_audio(np.sin(np.arange(4000).reshape(2, 2000) + number).astype(np.float32) / 9)
"""


def test_what_memory_held_before_does_not_reach_the_file(tmp_path: Path) -> None:
    written = set()
    for byte in ("0", "85", "255"):
        environment = {**os.environ, "MALLOC_PERTURB_": byte, "MALLOC_MMAP_THRESHOLD_": "1000000000"}
        environment["PYTHONPATH"] = str(Path(encode.__file__).parents[2])
        subprocess.run([sys.executable, "-c", _ENCODE_UPRIGHT, str(tmp_path / byte)], env=environment, check=True)
        written.add((tmp_path / byte).read_bytes())
    assert len(written) == 1


def test_clips_of_one_size_have_equal_parameter_sets_whatever_they_show(tmp_path: Path) -> None:
    long = _write(tmp_path / "long.mp4", 60, audio=False)
    short = _write(tmp_path / "short.mp4", 1, seed=5)
    assert _extradata(long) == _extradata(short) != b""


def test_the_video_track_is_what_every_player_expects(tmp_path: Path) -> None:
    with av.open(str(_write(tmp_path / "x.mp4")), format="mov") as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.width, context.height) == SIZE
        assert stream.average_rate == 24
        assert (stream.time_base, stream.start_time, stream.frames) == (Fraction(1, 12_288), 0, 6)
        assert stream.sample_aspect_ratio == 1
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)


def test_every_frame_lasts_exactly_a_24th_of_a_second(tmp_path: Path) -> None:
    packets = _packets(_write(tmp_path / "x.mp4", 30))
    assert sorted(packet.pts for packet in packets) == [512 * number for number in range(30)]
    assert {packet.duration for packet in packets} == {512}


def test_the_index_comes_first_and_no_program_or_date_is_named(tmp_path: Path) -> None:
    data = _write(tmp_path / "x.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert b"Lavf" not in data
    assert b"Lavc" not in data
    header = data.index(b"mvhd")
    assert data[header + 8 : header + 16] == bytes(8)


@pytest.mark.parametrize("frames", [1, 5, 7, 24])
def test_the_sound_is_as_long_as_the_pictures_to_the_sample(tmp_path: Path, frames: int) -> None:
    with av.open(str(_write(tmp_path / "x.mp4", frames)), format="mov") as container:
        sound = container.streams.audio[0]
        assert (sound.codec_context.name, sound.codec_context.profile) == ("aac", "LC")
        assert (sound.rate, sound.layout.name) == (48_000, "stereo")
        assert (sound.start_time, sound.duration) == (0, frames * 2000)


def test_sound_is_heard_where_it_was_written(tmp_path: Path) -> None:
    silence = np.zeros((2, 24_000), np.float32)
    with Encoder(tmp_path / "x.mp4", SIZE, audio=True) as encoder:
        for number in range(24):
            encoder.write_planes(_luma(number), _chroma(100), _chroma(150))
        encoder.write_audio(silence)
        encoder.write_audio(_tone(24_000))
    with av.open(str(tmp_path / "x.mp4"), format="mov") as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert np.sqrt(np.mean(heard[:, :23_000] ** 2)) < 0.002
    assert np.sqrt(np.mean(heard[:, 25_000:48_000] ** 2)) == pytest.approx(0.1 / 2**0.5, rel=0.05)
    assert np.corrcoef(heard[0, 25_000:47_000], _tone(48_000)[0, 1000:23_000])[0, 1] > 0.99


@pytest.mark.parametrize("samples", [0, 5 * 2000, 6 * 2000 - 1, 6 * 2000 + 1])
def test_too_little_or_too_much_sound_is_an_error_and_leaves_no_film(tmp_path: Path, samples: int) -> None:
    path = tmp_path / "x.mp4"

    def write() -> None:
        with Encoder(path, SIZE, audio=True) as encoder:
            for number in range(6):
                encoder.write_planes(_luma(number), _chroma(100), _chroma(150))
            encoder.write_audio(_tone(samples))

    with pytest.raises(ValueError, match=f"6 frames need 12000 samples of sound, got {samples}"):
        write()
    assert not path.exists() or path.stat().st_size == 0


def test_a_file_left_by_an_exception_is_not_a_shorter_film(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"

    def write() -> None:
        with Encoder(path, SIZE, audio=False) as encoder:
            for number in range(60):
                encoder.write_planes(_luma(number), _chroma(100), _chroma(150))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert path.stat().st_size == 0


def test_a_film_without_a_frame_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no frame"), Encoder(tmp_path / "x.mp4", SIZE, audio=False):
        pass


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [500, 5000])
def test_a_file_that_cannot_grow_is_an_error_and_no_film(tmp_path: Path, size: int) -> None:
    with _files_no_larger_than(size), pytest.raises(OSError, match="too large"):
        _write(tmp_path / "x.mp4", 30)
    assert (tmp_path / "x.mp4").stat().st_size == 0


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _write(tmp_path / "missing" / "x.mp4")


def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _write(Path("concat:50%d.mp4")).stat().st_size > 1000


def test_key_frames_come_at_the_distance_asked_for(tmp_path: Path) -> None:
    keys = [packet.pts // 512 for packet in _packets(_write(tmp_path / "x.mp4", 25, gop=8)) if packet.key]
    assert keys == [0, 8, 16, 24]


def test_a_decoded_frame_does_not_bring_its_picture_type_along(tmp_path: Path) -> None:
    with Encoder(tmp_path / "x.mp4", SIZE, audio=False) as encoder:
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((SIZE[1] * 3 // 2, SIZE[0]), 100 + number, np.uint8), "yuv420p")
            frame.pict_type = PictureType.I
            frame.pts = 7 * number
            encoder.write_frame(frame)
    packets = _packets(tmp_path / "x.mp4")
    assert [packet.key for packet in packets].count(True) == 1
    assert sorted(packet.pts for packet in packets) == [512 * number for number in range(10)]


def test_the_picture_comes_back_nearly_as_it_was(tmp_path: Path) -> None:
    with av.open(str(_write(tmp_path / "x.mp4", 5)), format="mov") as container:
        frames = [frame.to_ndarray()[: SIZE[1]] for frame in container.decode(video=0)]
    for number, frame in enumerate(frames):
        assert np.abs(frame.astype(int) - _luma(number)).mean() < 2


def test_frames_and_sound_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even sides, got 161x96"):
        Encoder(tmp_path / "x.mp4", (161, 96), audio=False)
    encoder = Encoder(tmp_path / "x.mp4", SIZE, audio=False)
    with pytest.raises(ValueError, match="a yuv420p frame of 160x96 is wanted, got rgb24 160x96"):
        encoder.write_frame(av.VideoFrame(*SIZE, "rgb24"))
    with pytest.raises(ValueError, match="got yuv420p 162x96"):
        encoder.write_frame(av.VideoFrame(162, 96, "yuv420p"))
    with pytest.raises(ValueError, match="80x48 bytes is wanted"):
        encoder.write_planes(_luma(0), _luma(0), _chroma(1))
    with pytest.raises(ValueError, match="without sound"):
        encoder.write_audio(_tone(2000))
    with_sound = Encoder(tmp_path / "y.mp4", SIZE, audio=True)
    with pytest.raises(ValueError, match=r"shape \(2, n\), got float64"):
        with_sound.write_audio(np.zeros((2, 10)))  # type: ignore[arg-type]


def test_nothing_that_vidpipe_needs_is_missing() -> None:
    assert check_codecs() == []


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str, mode: Literal["r", "w"]) -> av.Codec:
        if name == "libx264":
            raise ValueError(name)
        return known(name, mode)

    known = av.Codec
    monkeypatch.setattr(av, "Codec", find)
    monkeypatch.setattr(encode, "bitstream_filters_available", set())
    assert check_codecs() == ["H.264 encoder libx264", "bitstream filter h264_mp4toannexb"]
