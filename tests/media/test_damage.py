"""Damage in the middle of a clip: found when it is checked, told with the second and the way out."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import av
import pytest

from tests.media.clips import Kind, make_clip
from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import FRAME_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FILM_LIMITS, open_mp4
from vidpipe.media.probe import probe, probe_samples
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.track import Track
from vidpipe.media.verify import check_clip
from vidpipe.spec.model import Spec

if TYPE_CHECKING:
    from pathlib import Path

NAME = "clips/scene-001.mp4"
WAYS_OUT = ("fetch it again", "convert it", "unpack it", "delete it to have it made again", "git lfs pull")


def refusal(data: bytes) -> str:
    with pytest.raises(BrokenFileError, match=f"^{re.escape(NAME)}: ") as caught:
        check_clip(data, NAME)
    return str(caught.value)


def scribbled(data: bytes, place: int, size: int) -> bytes:
    """Write over so many bytes as a bad disk does, without a hole of zeros."""
    return data[:place] + bytes(73 + (number * 89) % 180 for number in range(size)) + data[place + size :]


@pytest.mark.parametrize(("packet", "second"), [(0, "0.0"), (60, "2.5")])
def test_damage_inside_one_frame_is_found_and_told_with_its_second(tmp_path: Path, packet: int, second: str) -> None:
    kind = Kind(frames=72, size=(320, 180), options={"bf": "0", "x264-params": "cabac=0"})
    data = make_clip(tmp_path / "a.mp4", kind).read_bytes()
    offset, size, *_ = list(probe_samples(data, NAME).samples)[packet]
    damaged = scribbled(data, offset + size // 3, min(700, size // 2))
    if packet:
        assert probe(damaged, NAME).frames == 72
    assert refusal(damaged).startswith(f"{NAME}: its pictures are damaged at {second} s; fetch it again")
    assert check_clip(data, NAME).frames == 72


def test_damaged_sound_is_said_to_be_the_sound_with_its_second(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "a.mp4", Kind(frames=72)).read_bytes()
    with av.open(io.BytesIO(data), "r") as container:
        packets = [packet for packet in container.demux(audio=0) if packet.size]
    place, size = packets[100].pos, packets[100].size
    assert place is not None
    damaged = data[:place] + b"\xff" * size + data[place + size :]
    second = f"{100 * 1024 / 48_000:.1f}"
    assert refusal(damaged).startswith(f"{NAME}: its sound is damaged at {second} s; fetch it again")
    with pytest.raises(BrokenFileError, match=f"its sound is damaged at {second} s"):
        decode_track(damaged, Track.of(probe(damaged, NAME)))


TEXTS = (b"#EXTM3U", b"ffconcat", b"<MPD", b"<!DOCTYPE html>", b"<?xml", b"{", b"version https://git-lfs", b"hello")
OTHERS = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1aE\xdf\xa3", b"RIFF")


@pytest.mark.parametrize("first", [*TEXTS, *OTHERS, b""])
def test_whatever_lies_there_instead_of_a_video_the_way_out_is_named(first: bytes) -> None:
    message = refusal(first and first + b" " * 64)
    assert any(way in message for way in WAYS_OUT), message


def test_what_ffmpeg_finds_wrong_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mp4", Kind())
    with pytest.raises(BrokenFileError, match=r"the file is damaged .*; fetch it again"), open_mp4(path, NAME):
        raise av.InvalidDataError(1, "Invalid data")


def test_a_film_may_be_as_long_as_a_spec_and_its_clips_can_make_it() -> None:
    limits = {key: value.metadata for key, value in Spec.model_fields.items() if key in {"scenes", "seconds"}}
    scenes, seconds = (next(each.le for each in limits[key] if hasattr(each, "le")) for key in ("scenes", "seconds"))
    longest = scenes * max(seconds, CLIP_LIMITS.seconds) * 3 // 2  # each held for half its length again
    assert (scenes, longest) == (100, 9000)
    assert longest <= FILM_LIMITS.seconds
    assert longest * FRAME_RATE <= FILM_LIMITS.frames
    assert longest // CLIP_LIMITS.seconds * CLIP_LIMITS.bytes <= FILM_LIMITS.bytes
    assert FILM_LIMITS.pixels >= 3840 * 2160
