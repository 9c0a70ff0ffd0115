"""What docs/on-disk.md says a clip may be, and what it says becomes of any other file, is what happens."""

from __future__ import annotations

import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.media.clips import SIZE, Kind, SoundKind, make_clip, make_sound_alone, set_display_matrix
from vidpipe.errors import BrokenFileError
from vidpipe.media import picture
from vidpipe.media.clip import why_not_copied
from vidpipe.media.mp4 import CLIP_LIMITS, FILM_LIMITS
from vidpipe.media.probe import PICTURE_CODECS
from vidpipe.media.verify import check_clip
from vidpipe.media.worker.pool import WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).parents[2] / "docs" / "on-disk.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())
ROWS = dict(re.findall(r"^\| ([^|]+) \| ((?:copied|encoded|pictures copied|refused)[^|]*) \|$", PAGE, re.MULTILINE))

TAKEN = {
    "H.264 High, 4:2:0, BT.709, 24 frames a second, the film's size": Kind(),
    "another rate": Kind(rate=30),
    "variable frame rate": Kind(frames=3, times=(0, 1, 5)),
    "HEVC, AV1, VP9, MPEG-4, ProRes": Kind(codec="libx265", options={"x265-params": "log-level=none"}),
    "4:4:4 or more than 8 bits": Kind(pixel_format="yuv444p"),
    "rotated, as phones do": Kind(rotation=90),
    "colours of BT.2020 or P3": Kind(colour=(9, 14, 9)),
    "pixels that are not square": Kind(pixel_aspect=Fraction(4, 3)),
    "colours other than BT.709 in limited range": Kind(colour=5),
    "one single frame": Kind(frames=1, sound=None),
    "sound before pictures in the file, or a cover picture": Kind(sound_first=True, cover=True),
    "no sound": Kind(sound=None),
    "sound at another rate, mono, 5.1": Kind(sound=SoundKind(44_100, "5.1")),
}


def test_the_page_states_the_limits_that_hold() -> None:
    most, film, worker = CLIP_LIMITS, FILM_LIMITS, WorkerLimits()
    assert most.pixels == 4096 * 2160
    assert f"at most 4096x2160 pixels ({most.pixels:,} in any shape), {most.seconds} s, {most.frames:,} frames" in WORDS
    assert f"{most.bytes:,} bytes" in WORDS
    times = film.seconds // most.seconds
    assert (film.pixels, film.seconds, film.bytes) == (most.pixels, times * most.seconds, times * most.bytes)
    assert f"the same pixels and {times} times the seconds and bytes" in WORDS
    assert f"at most {worker.memory >> 30} GiB of memory and {worker.seconds:.0f} s" in WORDS
    assert f"of up to {picture.MAX_PIXELS:,} pixels" in WORDS
    assert len(PICTURE_CODECS) == 7, "one more codec belongs on the page (AV1 has two names)"


def test_every_row_of_the_page_is_tried_here() -> None:
    assert ROWS.keys() == TAKEN.keys() | REFUSED.keys() | {"another size", "mirrored, as selfies are"}


@pytest.mark.parametrize("row", TAKEN)
def test_a_file_that_is_taken_is_copied_or_encoded_as_the_page_says(row: str, tmp_path: Path) -> None:
    info = check_clip(make_clip(tmp_path / "clip.mp4", TAKEN[row]), "clip.mp4")
    why = why_not_copied(info, (info.width, info.height))
    quoted = re.search(r'"(.+)"', ROWS[row])
    assert why.startswith(quoted[1]) if quoted else not why
    assert ROWS[row].startswith("encoded") == bool(why)


def test_another_size_is_told_as_the_page_says(tmp_path: Path) -> None:
    info = check_clip(make_clip(tmp_path / "clip.mp4", Kind(size=SIZE)), "clip.mp4")
    assert f'("{why_not_copied(info, (128, 72))}")' in ROWS["another size"]


def test_a_mirrored_clip_is_told_as_the_page_says(tmp_path: Path) -> None:
    info = check_clip(set_display_matrix(make_clip(tmp_path / "clip.mp4", Kind()), (-1, 0, 0, 1)), "clip.mp4")
    assert f'("{why_not_copied(info, SIZE)}")' in ROWS["mirrored, as selfies are"]


def written(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("clip.mp4", b"0" * 100)


def changed(change: Callable[[bytes], bytes], *, movflags: str = "") -> Callable[[Path], object]:
    def write(path: Path) -> None:
        path.write_bytes(change(make_clip(path, Kind(movflags=movflags)).read_bytes()))

    return write


def without_end(data: bytes) -> bytes:
    return data[: data.rindex(b"moov") - 4]


def scribbled(data: bytes) -> bytes:
    place = data.index(b"mdat") + 6000
    return data[:place] + bytes(range(256)) * 2 + data[place + 512 :]


def giant(data: bytes) -> bytes:
    """Let the sample entry say 8192x8192 (ISO/IEC 14496-12, 12.1.3)."""
    place = data.index(b"avc1", data.index(b"moov")) + 28
    return data[:place] + (8192).to_bytes(2, "big") * 2 + data[place + 4 :]


REFUSED: dict[str, Callable[[Path], object]] = {
    "an empty file": written(b""),
    "a playlist, `.m3u8`": written(b"#EXTM3U\n#EXT-X-VERSION:3\n"),
    "a web page that was saved as the video": written(b"<!DOCTYPE html><html>404"),
    "a ZIP archive": archive,
    "no video in it, only sound": make_sound_alone,
    "the index (moov) is missing, for the end is": changed(without_end),
    "cut off, with its index at the front": changed(lambda data: data[:-700], movflags="faststart"),
    "bytes changed in the middle of the pictures": changed(scribbled),
    "larger than the limits, 8192x8192": changed(giant),
    "HDR (PQ or HLG)": lambda path: make_clip(path, Kind(colour=(9, 16, 9))),
    "longer than the limits": lambda path: make_clip(path, Kind(frames=122, rate=2, sound=None)),
}


@pytest.mark.parametrize("row", REFUSED)
def test_a_file_that_is_refused_is_told_in_the_words_of_the_page(row: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    REFUSED[row](path)
    quoted = re.search(r'^refused: "(.+)"', ROWS[row])
    assert quoted is not None
    with pytest.raises(BrokenFileError) as caught:
        check_clip(path, "clip.mp4")
    assert quoted[1] in str(caught.value)
