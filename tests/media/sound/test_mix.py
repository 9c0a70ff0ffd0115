"""The mix of a film: every part in its place, no clicks, and the same samples whatever the cache holds."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.sound.films import FRAME, Scene, decibels, film, mixed, noise, tone
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.mix import mix

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from vidpipe.media.sound.track import Track


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which clips are decoded."""
    names: list[str] = []

    def noted(source: bytes, track: Track) -> NDArray[np.float32]:
        names.append(track.name)
        return decode_track(source, track)

    monkeypatch.setattr("vidpipe.media.sound.scene.decode_track", noted)
    return names


def test_each_part_of_the_film_comes_in_order_and_is_as_long_as_its_pictures(tmp_path: Path) -> None:
    plan = film(tmp_path, [noise(1), noise(2), noise(1.5)], fade=6)
    lengths = [part.shape for part in mix(plan, tmp_path)]
    assert lengths == [(2, frames * FRAME) for frames in (18, 6, 36, 6, 30)]
    assert all(part.dtype == np.float32 for part in mix(plan, tmp_path))


def test_a_cut_that_keeps_its_loudness_leaves_every_sample_as_it_was(tmp_path: Path) -> None:
    sounds = [noise(1, seed=1), noise(0.5, 0.02, seed=2)]
    whole = mixed(film(tmp_path, sounds), tmp_path)
    np.testing.assert_allclose(whole[:, 240:-240], expected(sounds)[:, 240:-240], atol=2e-7)


def expected(sounds: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Join sounds with the silence of hard joins."""
    joined = np.concatenate(sounds, axis=1)
    place = sounds[0].shape[1]
    curve = 0.5 - 0.5 * np.cos(np.pi * (np.arange(240) + 0.5) / 240)
    joined[:, place - 240 : place] *= curve[::-1].astype(np.float32)
    joined[:, place : place + 240] *= curve.astype(np.float32)
    return joined


@pytest.mark.parametrize("loudness", [None, -16.0])
def test_nothing_clicks_at_a_hard_join_nor_at_the_ends_of_the_film(tmp_path: Path, loudness: float | None) -> None:
    flat = np.full((2, 24 * FRAME), 0.25, np.float32)
    whole = mixed(film(tmp_path, [flat, -flat, flat], loudness=loudness), tmp_path)
    silence = np.zeros((2, 1), np.float32)
    steps = np.abs(np.diff(np.concatenate([silence, whole, silence], axis=1)))
    assert steps.max() < 0.02 * np.abs(whole).max()


def test_a_crossfade_of_two_noises_keeps_their_power(tmp_path: Path) -> None:
    whole = mixed(film(tmp_path, [noise(3, seed=1), noise(3, seed=2)], fade=24), tmp_path)
    for start in range(2 * 48_000, 3 * 48_000, 12_000):
        assert decibels(whole[:, start : start + 12_000]) == pytest.approx(decibels(noise(3)), abs=1.0)


def test_a_crossfade_leads_from_one_sound_to_the_other(tmp_path: Path) -> None:
    whole = mixed(film(tmp_path, [tone(1, 500), tone(1, 2_000)], fade=12), tmp_path)
    assert whole.shape == (2, 36 * FRAME)
    spectrum = np.abs(np.fft.rfft(whole[0].reshape(6, -1)))  # 4 Hz a bin
    low, high = spectrum[:, 500 // 4], spectrum[:, 2_000 // 4]
    assert np.all(np.diff(low[1:5]) < 0)
    assert np.all(np.diff(high[1:5]) > 0)
    assert low[5] < low[0] / 100
    assert high[0] < high[5] / 100


def test_a_clip_without_sound_is_silent_and_its_neighbours_stay_in_their_places(tmp_path: Path) -> None:
    whole = mixed(film(tmp_path, [noise(1), Scene(None, 24), noise(1)]), tmp_path)
    assert whole.shape == (2, 72 * FRAME)
    assert not whole[:, 48_000:96_000].any()
    assert decibels(whole[:, 96_000:]) == pytest.approx(-20, abs=0.5)


def test_the_sound_of_a_clip_dies_away_before_its_last_picture_is_held(tmp_path: Path) -> None:
    whole = mixed(film(tmp_path, [Scene(noise(1), 24, held=12), noise(1)]), tmp_path)
    assert decibels(whole[:, 30_000:36_000]) > -21
    assert -60 < decibels(whole[:, 44_000:48_000]) < -30
    assert not whole[:, 48_000:72_000].any()
    assert decibels(whole[:, 73_000:96_000]) > -21


def test_it_dies_away_in_a_scene_that_is_held_and_then_faded_too(tmp_path: Path) -> None:
    flat = np.full((2, 48_000), 0.5, np.float32)
    whole = mixed(film(tmp_path, [Scene(flat, 24, held=24), noise(1)], fade=6), tmp_path)
    assert np.abs(np.diff(whole[:, 10_000:60_000])).max() < 0.001
    assert not whole[:, 48_000:84_000].any()


def test_a_clip_that_gave_up_its_last_frame_gives_up_its_sound_as_well(tmp_path: Path) -> None:
    plan = film(tmp_path, [Scene(tone(1, level=0.5), 23), tone(1, level=0.01)])
    whole = mixed(plan, tmp_path)
    assert np.abs(whole[:, 45_000:46_000]).max() > 0.1
    assert np.abs(whole[:, 46_000:]).max() < 0.02


@pytest.mark.parametrize("fade", [0, 6])
def test_a_mix_from_the_cache_is_the_mix_made_anew_to_the_bit(tmp_path: Path, decoded: list[str], fade: int) -> None:
    plan = film(tmp_path, [noise(1, seed=seed) for seed in range(3)], fade=fade, loudness=-16.0)
    first = mixed(plan, tmp_path / "a")
    again = mixed(plan, tmp_path / "a")
    assert decoded == ["0.mp4", "1.mp4", "2.mp4"]
    assert first.tobytes() == again.tobytes() == mixed(plan, tmp_path / "b").tobytes()


def test_an_edit_of_one_clip_decodes_that_clip_alone_and_gives_what_a_new_film_gives(
    tmp_path: Path, decoded: list[str]
) -> None:
    sounds = [noise(1, seed=seed) for seed in range(4)]
    mixed(film(tmp_path, sounds, fade=6, loudness=-16.0), tmp_path / "a")
    decoded.clear()
    sounds[2] = noise(1.5, 0.3, seed=9)
    plan = film(tmp_path, sounds, fade=6, loudness=-16.0)
    edited = mixed(plan, tmp_path / "a")
    assert decoded == ["2.mp4"]
    assert edited.tobytes() == mixed(plan, tmp_path / "b").tobytes()


def test_what_a_film_does_not_use_is_gone_from_the_cache_once_it_is_mixed(tmp_path: Path) -> None:
    sounds = [noise(1, seed=seed) for seed in range(3)]
    mixed(film(tmp_path, sounds, loudness=-16.0), tmp_path)
    draft = tmp_path / "sound" / "0123456789ab-torn"
    draft.write_bytes(b"half")
    before = {path.name for path in (tmp_path / "sound").iterdir()}
    mixed(film(tmp_path, sounds[:2], loudness=-16.0), tmp_path)
    after = {path.name for path in (tmp_path / "sound").iterdir()}
    assert after < before - {draft.name}
    assert len(after) == 4  # the sound of two clips, and what was measured of two parts


@pytest.mark.parametrize("damage", ["cut off", "changed", "emptied", "gone", "longer"])
def test_a_damaged_entry_of_the_cache_is_made_anew(tmp_path: Path, damage: str) -> None:
    plan = film(tmp_path, [noise(1), noise(1, seed=1)], loudness=-16.0)
    whole = mixed(plan, tmp_path)
    for path in (tmp_path / "sound").iterdir():
        data = path.read_bytes()
        broken = {
            "cut off": data[:-40],
            "changed": data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
            "emptied": b"",
            "longer": data + bytes(8),
        }
        path.write_bytes(broken[damage]) if damage in broken else path.unlink()
    assert mixed(plan, tmp_path).tobytes() == whole.tobytes()
    assert mixed(plan, tmp_path).tobytes() == whole.tobytes()


def test_a_clip_that_changed_since_it_was_judged_is_named(tmp_path: Path) -> None:
    plan = film(tmp_path, [noise(1)])
    (tmp_path / "0.mp4").write_bytes(b"another")
    with pytest.raises(SourceChangedError, match=r"0\.mp4"):
        mixed(plan, tmp_path)


def test_memory_does_not_grow_with_the_number_of_clips(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        plan = film(tmp_path, [noise(1, seed=1)] * count, fade=6, loudness=-16.0)
        gc.collect()
        tracemalloc.start()
        for _ in mix(plan, tmp_path / str(count)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = peak(3)
    assert peak(12) < few + 400_000  # what one second takes
