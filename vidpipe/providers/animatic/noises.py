"""The sounds of the animatic, each made of shaped noise or of sine waves, as stereo of shape (2, length) at 48 kHz."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from vidpipe.media.frame import SAMPLE_RATE

Sound = NDArray[np.float64]
Layer = Callable[[Generator, int], Sound]

_KEY = 73.42  # D2
_BRIGHT = ((0, 7, 12, 16), (5, 12, 17, 21), (-3, 7, 12, 16), (0, 7, 14, 19))  # I, IV, vi7, Iadd9 without its third
_DARK = ((0, 7, 12, 15), (-4, 3, 8, 15), (5, 12, 17, 20), (0, 7, 14, 15))  # i, VI, iv, i9, in semitones above the key


def even(sound: Sound) -> Sound:
    """Scale to a root mean square of 1."""
    return np.asarray(sound / np.sqrt(np.mean(sound**2)))


def chord(random: Generator, length: int, key: int, *, dark: bool) -> Sound:
    """Hold one of the key's chords (0 to 11 semitones above D), its notes slowly beating against themselves."""
    voicing = (_DARK if dark else _BRIGHT)[random.integers(4)]
    time = _time(length)
    total = np.zeros((2, length))
    for place, note in enumerate(voicing):
        frequency = _KEY * 2 ** ((key - 12 * (key > 6) + note) / 12)
        for side in (0, 1):
            detuned = frequency * (1 + 0.0012 * (1 - 2 * side) + 0.0006 * random.standard_normal())
            for harmonic, strength in ((1, 1.0), (2, 0.35), (3, 0.12)):
                phase = 2 * np.pi * (harmonic * detuned * time + random.random())
                total[side] += strength / (1 + 0.5 * place) * np.sin(phase)
    return even(total * _swell(random, length, 5.0, depth=0.35))


def room(random: Generator, length: int) -> Sound:
    """Make the tone of a quiet room."""
    return _noise(random, length, 40, 400)


def sea(random: Generator, length: int) -> Sound:
    """Let waves roll in, one every five to seven seconds, each with its foam."""
    period, start = random.uniform(5, 7), random.random()
    wave = (0.5 - 0.5 * np.cos(2 * np.pi * (_time(length) / period + start))) ** 1.5
    foam = (0.5 - 0.5 * np.cos(2 * np.pi * (_time(length) / period + start - 0.12))) ** 4
    return even(_noise(random, length, 60, 900)) * (0.35 + wave) + 0.4 * even(_noise(random, length, 1200, 6000)) * foam


def wind(random: Generator, length: int) -> Sound:
    """Let wind blow in gusts, with a faint whistle at their height."""
    gusts = _swell(random, length, 3.5, depth=0.8)
    return even(_noise(random, length, 100, 500)) * gusts + 0.25 * even(_noise(random, length, 550, 900)) * gusts**3


def rain(random: Generator, length: int) -> Sound:
    """Let it rain: a hiss with single drops in it."""
    drops = _strikes(random, length, a_second=25, frequency=(1500, 5000), decay=0.004)
    return even(_noise(random, length, 900, 8000)) + 0.5 * even(drops)


def fire(random: Generator, length: int) -> Sound:
    """Let a fire rumble and crackle."""
    crackle = _strikes(random, length, a_second=9, frequency=(800, 4000), decay=0.003)
    return even(_noise(random, length, 50, 350)) + 0.7 * even(crackle)


def birds(random: Generator, length: int) -> Sound:
    """Put a few birds into leaves that stir."""
    total = 0.5 * even(_noise(random, length, 1500, 5000)) * _swell(random, length, 4.0, depth=0.6)
    for _ in range(max(2, length // (2 * SAMPLE_RATE))):
        start = random.uniform(0.1, 0.8) * length / SAMPLE_RATE
        pitch, side = random.uniform(2400, 3800), random.uniform(0.2, 0.8)
        for note in range(random.integers(2, 5)):
            call = _chirp(length, start + 0.16 * note, 0.09, pitch, pitch * random.uniform(0.8, 1.3))
            total += 1.5 * np.stack([call * (1 - side), call * side])
    return total


def insects(random: Generator, length: int) -> Sound:
    """Let crickets answer each other."""
    time = _time(length)
    sides = []
    for _ in range(2):
        pitch, beat, pause = random.uniform(3900, 4600), random.uniform(26, 34), random.uniform(0.9, 1.3)
        pulses = np.clip(np.sin(2 * np.pi * beat * time), 0, None) ** 2
        turns = np.clip(np.sin(2 * np.pi * (time / pause + random.random())), 0, None)
        sides.append(np.sin(2 * np.pi * pitch * time) * pulses * turns)
    near, far = sides
    return np.stack([near + 0.3 * far, far + 0.3 * near]) + 0.15 * even(_noise(random, length, 100, 700))


def murmur(random: Generator, length: int) -> Sound:
    """Let people talk some way off, without a word that could be understood."""
    voices = np.zeros((2, length))
    for low in (180, 320, 550):
        voices += even(_noise(random, length, low, 2.2 * low)) * _swell(random, length, 0.3, depth=0.7)
    return voices


def traffic(random: Generator, length: int) -> Sound:
    """Let a town be heard from afar."""
    passing = _swell(random, length, 4.0, depth=0.6)
    return even(_noise(random, length, 40, 300)) * passing + 0.25 * even(_noise(random, length, 400, 1800)) * passing**2


def hum(random: Generator, length: int) -> Sound:
    """Let a machine run evenly."""
    time = _time(length)
    base = random.uniform(52, 62)
    tone = sum(
        (np.sin(2 * np.pi * (base * step * time + random.random())) / step for step in (1, 2, 3, 5)), np.zeros(length)
    )
    return np.stack([tone, np.roll(tone, 211)]) + 0.4 * even(_noise(random, length, 80, 1200))


def _time(length: int) -> Sound:
    return np.arange(length) / SAMPLE_RATE


def _noise(random: Generator, length: int, low: float, high: float) -> Sound:
    """Return pink noise between two frequencies in Hz, half of it common to both sides."""
    frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    frequency[0] = 1.0
    gain = frequency**-0.5 / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4))
    gain[0] = 0.0
    parts = random.standard_normal((2, 3, len(gain))) * gain
    common, left, right = np.fft.irfft(parts[0] + 1j * parts[1], length)
    return np.stack([common + left, common + right])


def _swell(random: Generator, length: int, period: float, *, depth: float) -> Sound:
    """Return a curve between 1 - depth and 1 that rises and falls about every `period` seconds, never quite evenly."""
    time = _time(length)
    waves = [np.sin(2 * np.pi * (time / (period * stretch) + random.random())) for stretch in (1.0, 1.618, 0.707)]
    return np.asarray(1 - depth * (0.5 - np.sum(waves, axis=0) / 6))


def _strikes(random: Generator, length: int, *, a_second: float, frequency: tuple[float, float], decay: float) -> Sound:
    """Return short damped tones at random moments, places and strengths; `decay` in seconds."""
    total = np.zeros((2, length))
    ring = np.arange(round(6 * decay * SAMPLE_RATE)) / SAMPLE_RATE
    for _ in range(max(1, round(a_second * length / SAMPLE_RATE))):
        start = int(random.integers(0, length - len(ring)))
        tone = np.sin(2 * np.pi * random.uniform(*frequency) * ring) * np.exp(-ring / decay) * random.exponential()
        side = random.random()
        total[:, start : start + len(ring)] += np.stack([tone * (1 - side), tone * side])
    return total


def _chirp(length: int, start: float, seconds: float, low: float, high: float) -> Sound:
    """Return one note that glides from `low` to `high` Hz; what would reach past the end is cut off."""
    total = np.zeros(length)
    begin = round(start * SAMPLE_RATE)
    count = min(round(seconds * SAMPLE_RATE), length - begin)
    if count <= 0:
        return total
    share = np.arange(count) / (seconds * SAMPLE_RATE)
    pitch = low + (high - low) * share
    total[begin : begin + count] = np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE) * np.sin(np.pi * share) ** 2
    return total
