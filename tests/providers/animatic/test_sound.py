"""The bed of sound: quiet, silent at the joins, the same every time, and about what the words say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vidpipe.providers.animatic import noises
from vidpipe.providers.animatic.sound import choose_layers, sound_bed

WORDS = [
    "the sea",
    "rain",
    "wind",
    "a fire",
    "crickets",
    "birds",
    "a crowd",
    "the city",
    "a robot",
    "nothing at all",
    "",
]


def _level(sound: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(sound.astype(float) ** 2))))


def _brightness(sound: NDArray[np.float32]) -> float:
    power = np.abs(np.fft.rfft(sound.mean(axis=0))) ** 2
    return float((power * np.fft.rfftfreq(sound.shape[1], 1 / 48_000)).sum() / power.sum())


@pytest.mark.parametrize("words", WORDS)
def test_every_bed_is_quiet_whole_and_silent_at_both_ends(words: str) -> None:
    sound = sound_bed(words, 4, 0)
    assert sound.shape == (2, 192_000)
    assert sound.dtype == np.float32
    assert _level(sound[:, 24_000:-24_000]) == pytest.approx(-30, abs=1)
    assert np.abs(sound).max() <= 0.25
    assert np.abs(sound[:, [0, -1]]).max() == 0
    assert np.abs(sound[:, :480]).max() < 0.001
    assert np.abs(np.diff(sound[:, :4800], axis=1)).max() < 0.02


@pytest.mark.parametrize("words", WORDS)
def test_a_bed_never_falls_silent_in_the_middle(words: str) -> None:
    inside = sound_bed(words, 4, 0)[:, 24_000:-24_000]
    for begin in range(0, inside.shape[1] - 12_000, 12_000):
        assert -36 < _level(inside[:, begin : begin + 12_000]) < -24


def test_equal_arguments_give_equal_samples() -> None:
    assert np.array_equal(sound_bed("the sea", 2, 3), sound_bed("the sea", 2, 3))


def test_words_and_seed_both_matter() -> None:
    beds = [sound_bed("the sea", 1, 0), sound_bed("the bay", 1, 0), sound_bed("the sea", 1, 1)]
    assert not any(np.array_equal(beds[0], other) for other in beds[1:])


def test_a_seed_is_a_key_and_more_than_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not np.array_equal(sound_bed("the sea", 1, 0), sound_bed("the sea", 1, 12))
    keys: list[int] = []

    def chord(random: np.random.Generator, length: int, key: int, *, dark: bool) -> noises.Sound:
        keys.append(key)
        return noises.room(random, length)

    monkeypatch.setattr(noises, "chord", chord)
    for words in ("the sea", "a dark night"):
        sound_bed(words, 1, 14)
    assert keys == [2, 2]


def test_a_negative_or_huge_seed_is_a_seed() -> None:
    for seed in (-1, 2**63):
        assert sound_bed("", 1, seed).shape == (2, 48_000)


def test_the_two_sides_differ_but_belong_together() -> None:
    left, right = sound_bed("wind over the sea", 4, 0)
    assert 0.05 < np.corrcoef(left, right)[0, 1] < 0.95


def test_rain_is_brighter_than_a_room() -> None:
    assert _brightness(sound_bed("rain", 2, 0)) > 4 * _brightness(sound_bed("an empty hall", 2, 0))


@pytest.mark.parametrize(
    ("words", "layers"),
    [
        ("A lighthouse above the sea", [noises.sea]),
        ("Wind over the waves, and a candle", [noises.wind, noises.sea]),
        ("the RAIN on the streets", [noises.rain, noises.traffic]),
        ("a season of brainwork", []),
    ],
)
def test_whole_words_choose_at_most_two_sounds_in_their_order(words: str, layers: list[noises.Layer]) -> None:
    assert choose_layers(words) == layers


def test_every_chord_of_a_key_stays_in_its_scale() -> None:
    f_sharp_above_a = 9
    scale = {(f_sharp_above_a + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)}
    heard: set[int] = set()
    for attempt in range(12):
        sound = noises.chord(np.random.default_rng(attempt), 96_000, 4, dark=False)
        power = np.abs(np.fft.rfft(sound[0]))
        tones = 12 * np.log2(np.flatnonzero(power > 0.2 * power.max()) / 2 / 440)
        heard |= {round(tone) % 12 for tone in tones}
    assert len(heard) > 4
    assert heard <= scale
