"""The limiter: no peak over the ceiling, nothing else touched, and the same in parts as in one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.sound.films import metered, noise, tone
from vidpipe.media.sound.limiter import limited, recovering

CEILING = 10 ** (-2 / 20)


def between_samples(hertz: float, level: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a sine whose samples lie beside its peaks."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(48_000) / 48_000 + np.pi / 4)
    return np.stack([wave, wave]).astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [noise(1, 0.5), tone(1, 100, 2.0), tone(1, 7_000, 1.5), between_samples(12_000, 1.0), noise(1, 5.0, 3)],
    ids=["noise", "low", "high", "peaks between samples", "far too loud"],
)
def test_no_true_peak_passes_the_ceiling(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    edge = np.linspace(0, 1, 480, dtype=np.float32)  # as every film has at both ends
    samples = np.concatenate([samples[:, :480] * edge, samples[:, 480:-480], samples[:, -480:] * edge[::-1]], axis=1)
    (out,) = limited([samples], CEILING, between=True)
    assert metered(samples)[1] > -1.9
    assert metered(out)[1] < -1.9


def test_peaks_between_samples_are_found_where_no_sample_is_over_the_ceiling() -> None:
    samples = between_samples(12_000, 0.95)
    assert np.abs(samples).max() < CEILING
    (plain,) = limited([samples], CEILING, between=False)
    assert plain is samples
    (out,) = limited([samples], CEILING, between=True)
    assert np.abs(out).max() < np.abs(samples).max()


def test_sound_under_the_ceiling_comes_out_as_it_came_in() -> None:
    samples = noise(1, 0.1)
    (out,) = limited([samples], CEILING, between=True)
    assert out is samples


def test_only_what_is_about_a_peak_is_turned_down() -> None:
    samples = noise(1, 0.05)
    samples[:, 24_100] = 1.5
    (out,) = limited([samples], CEILING, between=True)
    np.testing.assert_array_equal(out[:, :23_600], samples[:, :23_600])
    np.testing.assert_allclose(out[:, 30_000:], samples[:, 30_000:], rtol=1e-6)
    assert np.abs(out).max() <= CEILING + 1e-6
    gain = out[0, 23_000:30_000] / samples[0, 23_000:30_000]
    assert np.abs(np.diff(gain)).max() < 0.01


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_sound_in_parts_is_limited_as_in_one(frames: list[int]) -> None:
    random = np.random.default_rng(sum(frames))
    samples = random.normal(0, 0.4, (2, sum(frames) * 2_000)).astype(np.float32)
    (whole,) = limited([samples], CEILING, between=True)
    parts = np.split(samples, np.cumsum(frames)[:-1] * 2_000, axis=1)
    np.testing.assert_array_equal(np.concatenate(list(limited(parts, CEILING, between=True)), axis=1), whole)


def test_a_burst_across_the_border_of_two_parts_is_limited_as_in_one() -> None:
    for seed in range(30):
        samples = noise(8_000 / 48_000, 0.01)
        samples[:, 3_992:4_008] = np.random.default_rng(seed).uniform(-0.9, 0.9, (2, 16))
        (whole,) = limited([samples], CEILING, between=True)
        parts = list(limited(np.split(samples, 2, axis=1), CEILING, between=True))
        np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_a_part_is_held_no_longer_than_until_the_next_one_is_there() -> None:
    asked = []

    def parts() -> object:
        for number in range(5):
            asked.append(number)
            yield noise(0.5, 0.5)

    found = limited(parts(), CEILING, between=True)  # type: ignore[arg-type]
    next(found)
    assert asked == [0, 1]


def test_the_gain_never_passes_what_is_allowed_and_comes_back_slowly() -> None:
    allowed = np.array([0.0, 0, -6, 0, 0, 0, 0, 0, 0, 0])
    nodes = recovering(allowed, 0.0)
    assert np.all(nodes[1:] <= allowed)
    np.testing.assert_allclose(nodes, [0, 0, 0, -6, -5, -4, -3, -2, -1, 0, 0])
