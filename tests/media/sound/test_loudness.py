"""How loud a film comes out: judged by FFmpeg's own meter over the whole of it, after it was encoded as AAC."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.sound.films import decibels, film, metered, mixed, noise, through_aac, tone
from vidpipe.media.sound.cells import products
from vidpipe.media.sound.levels import measured
from vidpipe.media.sound.loudness import loudness_of
from vidpipe.media.sound.mastering import Master, mastered
from vidpipe.media.sound.mix import mix
from vidpipe.media.sound.scene import Scenes
from vidpipe.media.sound.store import Store
from vidpipe.media.sound.weighting import k_weighted

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def clicked(seconds: float) -> NDArray[np.float32]:
    """Return quiet noise with one click at full scale."""
    samples = noise(seconds, 0.02)
    samples[:, 50_003] = 0.99
    samples[:, 50_004] = -0.99
    return samples


def spoken(seconds: float, level: float = 0.1, seed: int = 0) -> NDArray[np.float32]:
    """Return noise that comes and goes three times a second, with peaks far over its mean."""
    time = np.arange(round(seconds * 48_000)) / 48_000
    return np.asarray(noise(seconds, level, seed) * np.clip(np.sin(6 * np.pi * time), 0, 1) ** 2, np.float32)


def one_event(seconds: float = 4) -> NDArray[np.float32]:
    """Return silence with a second and a half of sound in it that swells and crackles, as a generated clip may be."""
    time = np.arange(72_000) / 48_000
    swell = np.where(time < 1.2, 10 ** ((-45 + 25 * time / 1.2) / 20), 0.1 * np.exp(-6 * (time - 1.2)))
    sound = noise(1.5, 1.0, 5) * swell
    for crack in range(6_000, 68_000, 3_700):
        sound[:, crack : crack + 60] *= 6
    samples = np.zeros((2, round(seconds * 48_000)), np.float32)
    samples[:, 48_000:120_000] = 0.8 * sound / np.abs(sound).max()
    return samples


FILMS: dict[str, list[NDArray[np.float32]]] = {
    "quiet": [noise(2, 0.012), noise(2, 0.015, 1)],
    "loud": [noise(2, 0.3), noise(2, 0.25, 1)],
    "quiet and loud": [noise(2, 0.01), noise(2, 0.3, 1), noise(2, 0.02, 2)],
    "speech": [spoken(3), spoken(3, 0.03, 1)],
    "one click": [noise(2, 0.02, 1), clicked(2), noise(2, 0.02, 2)],
    "mostly silent": [noise(2, 0.05), np.zeros((2, 6 * 48_000), np.float32), noise(1, 0.0002, 1)],
    "one event": [one_event()],
    "an event in each scene": [one_event(), one_event(6)],
    "tone": [tone(2, 997, 0.02)],
}


@pytest.mark.parametrize("fade", [0, 6])
@pytest.mark.parametrize("name", FILMS)
def test_a_finished_film_is_as_loud_as_wanted_and_its_peaks_stay_low(tmp_path: Path, name: str, fade: int) -> None:
    whole = mixed(film(tmp_path, FILMS[name], fade=fade, loudness=-16.0), tmp_path)
    loudness, peak = metered(through_aac(whole))
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak < -1.4
    loudness, peak = metered(whole)
    assert loudness == pytest.approx(-16, abs=0.3)
    assert peak < -1.9


@pytest.mark.parametrize("target", [-23.0, -14.0])
def test_the_target_is_the_one_of_the_spec(tmp_path: Path, target: float) -> None:
    whole = mixed(film(tmp_path, [noise(3)], loudness=target), tmp_path)
    assert metered(whole)[0] == pytest.approx(target, abs=0.3)


@pytest.mark.parametrize(
    "samples",
    [
        noise(5),
        noise(3, 0.5, 1),
        tone(3, 60, 0.5),
        tone(3, 9_000),
        spoken(6),
        clicked(3),
        np.concatenate([noise(3), noise(3, 0.001, 1), noise(2, 0.03, 2)], axis=1),
        np.concatenate([noise(2), np.zeros((2, 200_000), np.float32)], axis=1),
        np.concatenate([tone(1, level=0.1), tone(1, level=0.018), tone(20, level=0.00018)], axis=1),
    ],
    ids=["noise", "loud", "low", "high", "speech", "click", "three levels", "then silence", "both gates"],
)
def test_our_measure_is_that_of_ffmpeg(samples: NDArray[np.float32]) -> None:
    assert loudness_of(samples) == pytest.approx(metered(samples)[0], abs=0.02)


@pytest.mark.parametrize(
    "steps",
    [
        [(-23, 20)],
        [(-33, 20)],
        [(-36, 10), (-23, 60), (-36, 10)],
        [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)],
        [(-26, 20), (-20, 20.1), (-26, 20)],
    ],
)
def test_the_signals_of_ebu_tech_3341_measure_what_they_should(steps: list[tuple[float, float]]) -> None:
    sound = np.concatenate([tone(seconds, 1_000, 10 ** (level / 20)) for level, seconds in steps], axis=1)
    assert loudness_of(sound) == pytest.approx(-33 if len(steps) == 1 and steps[0][0] == -33 else -23, abs=0.1)


def test_sound_shorter_than_a_block_is_not_measured() -> None:
    assert math.isinf(loudness_of(noise(0.39)))
    assert not math.isinf(loudness_of(noise(0.4)))


def test_what_is_measured_part_by_part_is_what_the_whole_measures(tmp_path: Path) -> None:
    """A part of one frame, shorter than what the filters remember, is among them."""
    sounds = [tone(1, 50, 0.4), noise(1 / 24, 0.3), tone(1, 45, 0.2), noise(1, 0.02)]
    said: list[Master] = []
    plan = film(tmp_path, sounds, loudness=-30.0)
    whole = np.concatenate(list(mix(plan, tmp_path, said.append)), axis=1)
    assert metered(whole)[0] == pytest.approx(-30, abs=0.03)
    (master,) = said
    assert master.after == pytest.approx(-30, abs=0.03)
    assert master.shortfall == ""


@pytest.mark.parametrize("fade", [0, 6])
def test_no_border_between_parts_shows_in_what_is_measured(tmp_path: Path, fade: int) -> None:
    sounds = [tone(1, 50, 0.2), noise(0.5, 0.1), tone(1, 45, 0.2), noise(1, 0.02)]
    plan = film(tmp_path, sounds, fade=fade)
    store = Store(tmp_path / "sound")
    weighted = k_weighted(mixed(plan, tmp_path))
    found = measured(plan, Scenes(plan, store), None, store)
    np.testing.assert_allclose(found.own, products(weighted, weighted), rtol=1e-3, atol=1e-6)


def test_silence_gets_no_gain() -> None:
    master = mastered(np.zeros(1_000), np.zeros(1_000), -16.0)
    assert (master.gain_db, master.shortfall) == (0.0, "")


def test_a_film_of_silence_stays_silent(tmp_path: Path) -> None:
    said: list[Master] = []
    plan = film(tmp_path, [np.zeros((2, 96_000), np.float32)] * 2, loudness=-16.0)
    assert not any(part.any() for part in mix(plan, tmp_path, said.append))
    (master,) = said
    assert (master.gain_db, master.shortfall) == (0.0, "")


@pytest.mark.parametrize("level", [0.002, 0.0005], ids=["hiss", "less than a spec may ask for"])
def test_a_film_of_hiss_is_made_louder_by_20_db_at_most_and_that_is_told(tmp_path: Path, level: float) -> None:
    said: list[Master] = []
    sound = noise(2, level)
    plan = film(tmp_path, [sound], loudness=-16.0)
    whole = np.concatenate(list(mix(plan, tmp_path, said.append)), axis=1)
    assert decibels(whole) == pytest.approx(decibels(sound) + 20, abs=0.1)
    (master,) = said
    assert "20 dB is the most" in master.shortfall
    assert "not -16" in master.shortfall
    possible = math.floor(metered(whole)[0])
    assert f"set loudness: {possible if possible >= -40 else 'keep'}," in master.shortfall


def test_a_film_of_clicks_is_not_pressed_flat_for_loudness_and_that_is_told(tmp_path: Path) -> None:
    said: list[Master] = []
    sound = noise(3, 0.002)
    sound[:, 2_000::9_000] = 0.9
    whole = np.concatenate(list(mix(film(tmp_path, [sound], loudness=-16.0), tmp_path, said.append)), axis=1)
    loudness, peak = metered(whole)
    assert peak < -1.9
    assert loudness < -16.5
    (master,) = said
    assert master.gain_db <= 30
    assert master.after == pytest.approx(loudness, abs=0.3)
    assert "loudest moments" in master.shortfall
    assert f"set loudness: {math.floor(master.after)}," in master.shortfall


@pytest.mark.parametrize("fade", [0, 12])
def test_keeping_the_loudness_changes_no_level(tmp_path: Path, fade: int) -> None:
    sounds = [noise(1, 0.01), noise(1, 0.2, 1)]
    plan = film(tmp_path, sounds, fade=fade)
    whole = mixed(plan, tmp_path)
    np.testing.assert_allclose(whole[:, 300:24_000], sounds[0][:, 300:24_000], atol=1e-6)
    np.testing.assert_allclose(whole[:, -24_000:-300], sounds[1][:, -24_000:-300], atol=1e-6)


def test_keeping_the_loudness_still_prevents_clipping_where_a_fade_adds_up(tmp_path: Path) -> None:
    sounds = [tone(2, 1_000, 0.99), tone(2, 1_000, 0.99)]
    whole = mixed(film(tmp_path, sounds, fade=12), tmp_path)
    assert 0.98 < np.abs(whole).max() <= 1.0
    assert np.abs(whole[:, :60_000]).max() == pytest.approx(0.99, abs=1e-3)
    assert np.abs(whole[:, -24_000:]).max() == pytest.approx(0.99, abs=1e-3)
