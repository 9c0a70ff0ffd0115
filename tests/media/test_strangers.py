"""Clips as strangers make them, between two of our own: taken as they are or normalised, and nothing else moves."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, film_sound, frame_digests, make_clip
from tests.media.edits import SIZE, Cutting, fade, source
from vidpipe.errors import BrokenFileError

if TYPE_CHECKING:
    from vidpipe.media.edit import Join

OURS = Kind(size=SIZE, frames=24, sound=None)
UNEVEN = (0, 2, 3, 7, 8, 9, 12, 14, 15, 18, 20, 22)

COPIED = {
    "Kling's sound before the pictures": Kind(sound_first=True),
    "a cover picture": Kind(cover=True),
    "5.1": Kind(sound=SoundKind(layout="5.1")),
    "mono at 44.1 kHz": Kind(sound=SoundKind(rate=44_100, layout="mono")),
    "96 kHz": Kind(sound=SoundKind(rate=96_000)),
    "MP3": Kind(sound=SoundKind(codec="libmp3lame")),
    "sound that is longer": Kind(sound=SoundKind(seconds=0.62)),
    "sound that begins late": Kind(sound=SoundKind(start=0.1, seconds=0.3)),
    "no sound": Kind(sound=None),
    "other parameter sets": Kind(options={"crf": "45", "refs": "1"}),
    "no B-frames": Kind(options={"bf": "0"}),
    "many key frames": Kind(options={"g": "3"}),
    "another time base": Kind(timescale=600),
    "fragments": Kind(movflags="frag_keyframe+empty_moov"),
    "one frame": Kind(frames=1, sound=SoundKind(seconds=0.05)),
}
NORMALISED = {
    "HEVC": (Kind(codec="libx265", options={"x265-params": "log-level=none"}), "hevc, not h264"),
    "4:4:4": (Kind(pixel_format="yuv444p"), "yuv444p, not yuv420p"),
    "30 frames a second": (Kind(rate=30, frames=15), "30 frames a second, not 24"),
    "uneven times": (Kind(times=UNEVEN), "frames at uneven times"),
    "upright": (Kind(rotation=90), "rotated by"),
    "wide pixels": (Kind(pixel_aspect=Fraction(4, 3)), "pixels of 4/3, not square"),
    "another size": (Kind(size=(96, 54)), "96x54, not 128x72"),
    "other colours": (Kind(colour=5), "colours other than BT.709"),
    "baseline": (Kind(options={"profile": "baseline"}), "Baseline profile, not High"),
    "one odd frame": (Kind(frames=1, rate=30), "30 frames a second, not 24"),
}
FILM_FRAMES = {"uneven times": 23, "one odd frame": 1}


def kinds(stranger: Kind) -> tuple[Kind, Kind, Kind]:
    size = SIZE if stranger.size == Kind().size else stranger.size
    return OURS, replace(stranger, size=size, seed=1), replace(OURS, sound=SoundKind(), seed=2)


@pytest.mark.parametrize("name", COPIED)
def test_what_differs_only_in_its_container_or_sound_is_copied(cutting: Cutting, name: str) -> None:
    clips = cutting.clips(*kinds(COPIED[name]))
    report = cutting(cutting.edit(clips, audio=True))
    assert (report.normalised, report.encoded) == ((), 0)
    assert frame_digests(cutting.film) == [digest for clip in clips for digest in frame_digests(clip.path)]
    check_sound(cutting, report.frames)


@pytest.mark.parametrize("name", NORMALISED)
def test_what_differs_in_its_pictures_is_normalised_with_its_reason_and_alone(cutting: Cutting, name: str) -> None:
    kind, reason = NORMALISED[name]
    clips = cutting.clips(*kinds(kind))
    report = cutting(cutting.edit(clips, audio=True))
    assert report.encoded == 1
    ((clip, why),) = report.normalised
    assert clip == "scene-1.mp4"
    assert reason in why
    digests = frame_digests(cutting.film)
    assert digests[:24] == frame_digests(clips[0].path)
    assert digests[-24:] == frame_digests(clips[2].path)
    assert len(digests) == report.frames == 48 + FILM_FRAMES.get(name, 12)
    check_sound(cutting, report.frames)


def check_sound(cutting: Cutting, frames: int) -> None:
    """Hold that sound is as long as pictures, silent under the first clip and loud under the whole last one."""
    with av.open(str(cutting.film)) as container:
        assert container.streams.audio[0].duration == frames * 2000
    heard = np.abs(film_sound(cutting.film)[0])
    assert heard[: 22 * 2000].max() < 0.01
    last = heard[(frames - 22) * 2000 : (frames - 2) * 2000].reshape(-1, 2000)
    assert last.max(axis=1).min() > 0.1


@pytest.mark.parametrize("join", [fade(0.25), fade(5.0, "radial")], ids=["short", "longer than any"])
def test_a_crossfade_of_all_strangers_has_exactly_the_planned_frames(cutting: Cutting, join: Join) -> None:
    everyone = [*COPIED.values(), *(kind for kind, _ in NORMALISED.values())]
    clips = cutting.clips(*(kinds(kind)[1] for kind in everyone))
    report = cutting(cutting.edit(clips, [join] * (len(clips) - 1), audio=True))
    assert report.frames == report.timeline.frames
    assert len(frame_digests(cutting.film)) == report.frames
    with av.open(str(cutting.film)) as container:
        assert container.streams.audio[0].duration == report.frames * 2000


REFUSED = {
    "an HTML page": (b"<!DOCTYPE html><html><body>quota</body></html>", "an HTML page"),
    "a playlist": (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "a playlist"),
    "nothing": (b"", "the file is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_clip_is_refused_by_name_and_the_others_work_is_kept(cutting: Cutting, name: str) -> None:
    content, words = REFUSED[name]
    first, second, _ = cutting.clips(replace(OURS, size=(96, 54)), *kinds(Kind())[1:])
    cutting(cutting.edit([first, second]))
    bad = cutting.folder / "scene-2.mp4"
    bad.write_bytes(content)
    with pytest.raises(BrokenFileError, match=rf"scene-2\.mp4: .*{words}"):
        cutting(cutting.edit([first, second, source(bad)]))
    assert cutting(cutting.edit([first, second])).encoded == 0


def test_a_zip_and_half_a_download_are_refused_by_name(cutting: Cutting) -> None:
    good = make_clip(cutting.folder / "good.mp4", replace(OURS, movflags="faststart"))
    bad = cutting.folder / "scene-9.mp4"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.write(good)
    with pytest.raises(BrokenFileError, match=r"scene-9\.mp4: .*ZIP"):
        cutting(cutting.edit([source(good), source(bad)]))
    bad.write_bytes(good.read_bytes()[: good.stat().st_size * 9 // 10])
    with pytest.raises(BrokenFileError, match=r"scene-9\.mp4: the file is cut off"):
        cutting(cutting.edit([source(good), source(bad)]))
