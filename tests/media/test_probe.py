"""Probing: what a clip is and whether it is whole, told from its own packets and in plain words."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import pytest

from tests.media.clips import SIZE, Kind, SoundKind, make_clip, make_sound_alone
from vidpipe.errors import BrokenFileError
from vidpipe.media.encode import Encoder
from vidpipe.media.mp4 import CLIP_LIMITS
from vidpipe.media.probe import probe
from vidpipe.media.verify import check_clip, check_film

if TYPE_CHECKING:
    from pathlib import Path

NAME = "clips/scene-003.mp4"
FASTSTART = Kind(frames=48, movflags="faststart", sound=None)
FRAGMENTED = Kind(frames=24, movflags="frag_keyframe+empty_moov", options={"g": "6"})


def box_list(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return (kind, whole box) of each box, in order."""
    found, place = [], 0
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        found.append((kind, data[place : place + size]))
        place += size
    return found


def boxes(data: bytes) -> dict[bytes, tuple[int, int]]:
    """Return (start, size) of each top-level box."""
    return {kind: (data.index(box), len(box)) for kind, box in box_list(data)}


def refusal(source: Path | bytes) -> str:
    with pytest.raises(BrokenFileError) as caught:
        check_clip(source, NAME)
    message = str(caught.value)
    assert message.startswith(f"{NAME}: ")
    return message


def test_a_plain_clip_is_described_by_what_it_holds(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.mp4", Kind(frames=18)), NAME)
    assert (info.frames, info.film_frames, info.seconds, info.step) == (18, 18, Fraction(3, 4), Fraction(1, 24))
    assert ((info.width, info.height), info.codec, info.profile, info.pixel_format) == (SIZE, "h264", "High", "yuv420p")
    assert (info.start, info.edited, info.opens_clean) == (0, False, True)
    assert info.sound is not None
    assert (info.sound.codec, info.sound.rate, info.sound.channels) == ("aac", 48_000, 2)


def test_the_delay_is_how_far_decoding_runs_ahead(tmp_path: Path) -> None:
    assert probe(make_clip(tmp_path / "a.mp4", Kind(options={"bf": "0"})), NAME).delay == 0
    always = {"x264-params": "b-adapt=0:b-pyramid=none:bframes=2"}
    assert probe(make_clip(tmp_path / "a.mp4", Kind(options=always)), NAME).delay == 1


def test_bytes_and_path_give_the_same_description(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind())
    assert probe(path, NAME) == probe(path.read_bytes(), NAME)


def test_sound_is_found_wherever_its_stream_stands(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.mp4", Kind(sound_first=True)), NAME)
    assert info.sound is not None
    assert (info.sound.stream, info.stream, info.frames) == (0, 1, 12)


def test_a_cover_picture_that_stands_first_is_not_taken_for_the_video(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", Kind(cover=True)).read_bytes()
    start, size = boxes(data)[b"moov"]
    order = {b"mvhd": 0, b"udta": 1, b"trak": 2}
    inside = sorted(box_list(data[start + 8 : start + size]), key=lambda box: order[box[0]])
    patched = data[: start + 8] + b"".join(box for _, box in inside) + data[start + size :]
    info = probe(patched, NAME)
    assert info.stream == 1
    assert (info.codec, info.frames, (info.width, info.height)) == ("h264", 12, SIZE)


def test_a_clip_without_sound_has_none(tmp_path: Path) -> None:
    assert probe(make_clip(tmp_path / "a.mp4", Kind(sound=None)), NAME).sound is None


def test_the_step_is_exact_in_any_time_base(tmp_path: Path) -> None:
    for timescale in (24, 600, 90_000):
        info = probe(make_clip(tmp_path / "a.mp4", Kind(timescale=timescale)), NAME)
        assert info.time_base == Fraction(1, timescale)
        assert (info.step, info.seconds) == (Fraction(1, 24), Fraction(1, 2))


def test_thirty_frames_a_second_take_as_long_on_the_film_grid(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.mp4", Kind(rate=30, frames=15)), NAME)
    assert (info.step, info.frames, info.film_frames) == (Fraction(1, 30), 15, 12)


def test_frames_at_uneven_times_have_no_step(tmp_path: Path) -> None:
    times = tuple(512 * number + (100 if number == 5 else 0) for number in range(12))
    info = probe(make_clip(tmp_path / "a.mp4", Kind(times=times, time_base=Fraction(1, 12_288))), NAME)
    assert info.step is None
    assert info.film_frames == 12


def test_rotation_and_the_shape_of_pixels_are_seen(tmp_path: Path) -> None:
    kind = Kind(rotation=-90, pixel_aspect=Fraction(4, 3), colour=6)
    info = probe(make_clip(tmp_path / "a.mp4", kind), NAME)
    assert (info.rotation, info.pixel_aspect, info.colour.matrix) == (270, Fraction(4, 3), 6)


def test_fields_are_seen(tmp_path: Path) -> None:
    kind = Kind(size=(64, 64), options={"flags": "+ildct+ilme"})
    assert probe(make_clip(tmp_path / "a.mp4", kind), NAME).interlaced


def test_frames_of_a_fragmented_file_are_counted(tmp_path: Path) -> None:
    assert probe(make_clip(tmp_path / "a.mp4", FRAGMENTED), NAME).frames == 24


def test_frames_hidden_by_an_edit_list_are_no_damage(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.mp4", Kind(times=tuple(range(-4, 8)))), NAME)
    assert info.edited
    assert info.frames == 8


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"#EXTM3U\n#EXTINF:1,\nsecret.ts\n", "a playlist (HLS)"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><title>404</title>", "an HTML page"),
        (b'<?xml version="1.0"?><MPD></MPD>', "an XML document"),
        (b"<MPD></MPD>", "a playlist (DASH)"),
        (b'{"error": {"code": 403}}', "a JSON document"),
        (b"PK\x03\x04" + bytes(60), "a ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "a PNG picture"),
        (b"\x1aE\xdf\xa3" + bytes(60), "a WebM or Matroska video"),
        (b"RIFF\x00\x00\x00\x00AVI ", "an AVI"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (bytes(4096), "not an MP4 file"),
        (b"hello", "not an MP4 file"),
    ],
)
def test_what_is_no_video_is_called_by_its_name(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_list_of_files_is_refused_although_ffmpeg_would_follow_it(tmp_path: Path) -> None:
    make_clip(tmp_path / "secret.mp4", Kind())
    trap = tmp_path / "trap.mp4"
    trap.write_bytes(b"ffconcat version 1.0\nfile secret.mp4\n")
    assert "a list of files for FFmpeg" in refusal(trap)


def test_a_playlist_behind_a_real_ftyp_box_is_not_followed(tmp_path: Path) -> None:
    make_clip(tmp_path / "secret.mp4", Kind())
    trap = tmp_path / "trap.mp4"
    trap.write_bytes(b"\x00\x00\x00\x10ftypisom\x00\x00\x00\x00\nffconcat version 1.0\nfile secret.mp4\n")
    assert "no index" in refusal(trap)


def test_no_demuxer_but_that_of_mp4_is_ever_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind())
    asked = []
    real = av.open

    def spy(*arguments: Any, **options: Any) -> Any:
        asked.append(options.get("format"))
        return real(*arguments, **options)

    monkeypatch.setattr(av, "open", spy)
    check_clip(path, NAME)
    assert set(asked) == {"mov"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "there is no such file" in refusal(tmp_path / "absent.mp4")


def test_a_file_without_its_end_is_cut_off_wherever_it_was_cut(tmp_path: Path) -> None:
    for kind in (Kind(frames=48, sound=None), FASTSTART, FRAGMENTED):
        data = make_clip(tmp_path / "a.mp4", kind).read_bytes()
        for part in (0.5, 0.9, 0.99):
            message = refusal(data[: int(len(data) * part)])
            assert "cut off" in message or "no index" in message


def test_frames_missing_behind_a_plausible_structure_are_counted(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", FASTSTART).read_bytes()
    start, size = boxes(data)[b"mdat"]
    short = size * 2 // 3
    patched = data[:start] + struct.pack(">I", short) + data[start + 4 : start + short]
    assert "of 48 frames are there" in refusal(patched) or "damaged at frame" in refusal(patched)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FASTSTART, "47 of 48 frames are there"),
        (Kind(frames=6, sound=SoundKind(seconds=4.0), movflags="faststart"), "packets of sound are there"),
    ],
)
def test_one_packet_missing_at_the_end_is_noticed(tmp_path: Path, kind: Kind, words: str) -> None:
    path = make_clip(tmp_path / "a.mp4", kind)
    data = path.read_bytes()
    with av.open(str(path)) as container:
        last = max(packet.pos or 0 for packet in container.demux() if packet.size)
    start, _ = boxes(data)[b"mdat"]
    assert words in refusal(data[:start] + struct.pack(">I", last - start) + data[start + 4 : last])


def test_a_hole_of_zeros_is_damage(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", Kind(frames=48, sound=None)).read_bytes()
    start, size = boxes(data)[b"mdat"]
    middle = start + size // 2
    assert "damaged" in refusal(data[:middle] + bytes(512) + data[middle + 512 :])


def test_noise_for_an_index_is_damage(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", Kind()).read_bytes()
    start, size = boxes(data)[b"moov"]
    noise = bytes((number * 37) % 251 for number in range(size - 8))
    refusal(data[: start + 8] + noise)


def test_names_that_are_no_unicode_do_no_harm(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", Kind()).read_bytes()
    assert data.count(b"VideoHandler") == 1
    assert probe(data.replace(b"VideoHandler", b"\xff\xfe" * 6), NAME).frames == 12


def test_a_file_with_sound_alone_is_no_video(tmp_path: Path) -> None:
    assert "there is no video" in refusal(make_sound_alone(tmp_path / "a.mp4"))


def test_a_codec_outside_the_list_is_refused_with_the_way_out(tmp_path: Path) -> None:
    message = refusal(make_clip(tmp_path / "a.mp4", Kind(codec="mjpeg", pixel_format="yuvj420p")))
    assert "mjpeg" in message
    assert "convert it to H.264" in message


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (replace(CLIP_LIMITS, pixels=64 * 36 - 1), "64x36 are more than"),
        (replace(CLIP_LIMITS, seconds=1), "2.0 s is longer than"),
        (replace(CLIP_LIMITS, bytes=1000), "more than the 1,000 allowed"),
        (replace(CLIP_LIMITS, frames=47), "more than the 47"),
    ],
)
@pytest.mark.parametrize("movflags", ["faststart", "frag_keyframe+empty_moov"])
def test_every_limit_is_kept(tmp_path: Path, limits: object, words: str, movflags: str) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind(frames=48, movflags=movflags, sound=None))
    assert isinstance(limits, type(CLIP_LIMITS))
    with pytest.raises(BrokenFileError, match=words):
        probe(path, NAME, limits)


def test_a_bomb_of_pixels_is_refused_without_decoding_it(tmp_path: Path) -> None:
    with Encoder(tmp_path / "a.mp4", (4096, 2176), audio=False, preset="ultrafast") as encoder:
        encoder.write_frame(av.VideoFrame(4096, 2176, "yuv420p"))
    assert "4096x2176 are more than" in refusal(tmp_path / "a.mp4")


def test_a_film_may_be_longer_than_a_clip(tmp_path: Path) -> None:
    kind = Kind(frames=62, rate=1, options={"preset": "ultrafast"}, sound=None, size=(16, 16))
    path = make_clip(tmp_path / "a.mp4", kind)
    assert "62.0 s is longer than" in refusal(path)
    assert check_film(path, NAME).seconds == 62
