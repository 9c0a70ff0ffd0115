"""The sound of one clip: exactly as long as its frames, at its own time, whatever form it comes in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, make_clip
from tests.media.sound.films import sound_file, tone
from vidpipe.errors import BrokenFileError
from vidpipe.media.probe import probe
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def sound_of(path: Path, kind: Kind) -> NDArray[np.float32]:
    make_clip(path, kind)
    return decode_track(path, Track.of(probe(path, path.name)))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
def test_samples_that_are_none_are_damage_and_no_sound(tmp_path: Path, value: float) -> None:
    samples = tone(0.5)
    samples[0, 12_000] = value
    path = sound_file(tmp_path / "clip.mp4", samples, "pcm_f32le", "mov", form="flt")
    with pytest.raises(BrokenFileError, match=r"clip\.mp4: its sound is damaged"):
        decode_track(path, Track("clip.mp4", 0, Fraction(0), Fraction(1, 2), 24_000))


def loudness(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(samples**2)))


@pytest.mark.parametrize(
    "sound",
    [
        SoundKind(),
        SoundKind(rate=44_100, layout="mono"),
        SoundKind(rate=96_000),
        SoundKind(layout="5.1"),
        SoundKind(codec="mp3", rate=44_100),
        SoundKind(seconds=3.0),
        SoundKind(seconds=0.9),
        None,
    ],
    ids=["plain", "mono", "fine", "six channels", "mp3", "too long", "too short", "none"],
)
@pytest.mark.parametrize("rate", [24, 30])
def test_sound_is_as_long_as_the_frames_in_the_film(tmp_path: Path, sound: SoundKind | None, rate: int) -> None:
    samples = sound_of(tmp_path / "a.mp4", Kind(frames=rate, rate=rate, sound=sound))
    assert samples.shape == (2, 48_000)
    assert samples.dtype == np.float32
    if sound is None:
        assert not samples.any()
    else:
        assert loudness(samples[:, 4_800:40_000]) > 0.15


def test_a_tone_keeps_its_pitch_and_its_phase(tmp_path: Path) -> None:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    for rate in (48_000, 44_100):
        samples = sound_of(tmp_path / "a.mp4", Kind(frames=24, sound=SoundKind(rate=rate)))
        assert np.corrcoef(samples[0, 4_800:-4_800], wave[4_800:-4_800])[0, 1] > 0.99


def test_sound_that_ends_early_is_followed_by_silence(tmp_path: Path) -> None:
    samples = sound_of(tmp_path / "a.mp4", Kind(frames=48, sound=SoundKind(seconds=1.0)))
    assert loudness(samples[:, :45_000]) > 0.3
    assert loudness(samples[:, 52_000:]) == 0


def test_sound_that_starts_late_starts_late(tmp_path: Path) -> None:
    samples = sound_of(tmp_path / "a.mp4", Kind(frames=48, sound=SoundKind(start=0.5, seconds=1.5)))
    loud = int(np.flatnonzero(np.abs(samples[0]) > 0.1)[0])
    assert abs(loud - 24_000) < 1_024


def test_sound_before_the_first_frame_is_dropped(tmp_path: Path) -> None:
    kind = Kind(frames=24, times=tuple(range(12, 36)), sound=SoundKind(seconds=0.75))
    samples = sound_of(tmp_path / "a.mp4", kind)
    assert loudness(samples[:, :11_000]) > 0.3
    assert loudness(samples[:, 15_000:]) < 0.001


def test_a_hole_in_the_times_of_sound_stays_a_hole(tmp_path: Path) -> None:
    samples = sound_of(tmp_path / "a.mp4", Kind(frames=48, sound=SoundKind(hole=(0.5, 1.0))))
    assert loudness(samples[:, 28_000:46_000]) < 0.01
    assert loudness(samples[:, 52_000:90_000]) > 0.3
