"""Make a quiet bed of sound for a clip: a soft chord under what its words would be heard as (sea, wind, rain…)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.providers.animatic import noises

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVEL = 10 ** (-30 / 20)
_CEILING = 0.25
_FADE_SECONDS = 0.4
_MOST_LAYERS = 2

_LAYERS: tuple[tuple[noises.Layer, str], ...] = (
    (
        noises.sea,
        r"seas?|oceans?|waves?|shores?|coasts?|beach(?:es)?|harbou?rs?|piers?|boats?|ships?|tides?|lighthouses?",
    ),
    (noises.rain, r"rain\w*|storms?|drizzle|downpour|rivers?|streams?|waterfalls?"),
    (
        noises.wind,
        r"winds?|windy|snow\w*|hills?|mountains?|deserts?|cliffs?|sky|skies|fields?|fog|mist|clouds?|blizzard",
    ),
    (noises.fire, r"fires?|fireplaces?|hearths?|candles?|lanterns?|flames?|embers?|campfires?"),
    (noises.insects, r"crickets?|cicadas?|dusk|summer (?:night|evening)s?|marsh\w*"),
    (noises.birds, r"birds?|forests?|woods?|trees?|gardens?|morning|dawn|meadows?|orchards?|spring|parks?"),
    (noises.murmur, r"crowds?|people|markets?|audience|caf[eé]s?|restaurants?|party|villagers|guests"),
    (noises.traffic, r"cit(?:y|ies)|streets?|traffic|cars?|towns?|roads?|trains?|stations?|office|skyline"),
    (
        noises.hum,
        r"machines?|engines?|factor(?:y|ies)|workshops?|robots?|spaceships?|laborator(?:y|ies)|computers?|screens?",
    ),
)
_PATTERNS = tuple((layer, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for layer, words in _LAYERS)
_DARK = re.compile(
    r"\b(?:dark\w*|nights?|ghost\w*|alone|lonely|storms?|fear\w*|grave\w*|shadows?|cold|dead|death|grief|sad|winter|fog)\b",
    re.IGNORECASE,
)


def sound_bed(words: str, seconds: int, seed: int) -> NDArray[np.float32]:
    """Return sound of shape (2, seconds * 48000), full scale 1.0, about -30 dBFS loud and silent at both ends.

    Equal arguments give equal samples. One seed means one key, so the chords of a film's clips belong together.
    """
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed} {words}".encode()).digest()[:8]))
    length = seconds * SAMPLE_RATE
    layers = choose_layers(words)
    total = noises.chord(random, length, key=seed % 12, dark=_DARK.search(words) is not None)
    total += 0.4 * noises.even(noises.room(random, length))
    for layer in layers:
        total += 1.2 / len(layers) ** 0.5 * noises.even(layer(random, length))
    total = _CEILING * np.tanh(noises.even(total) * _LEVEL / _CEILING)
    total *= _fade(length)
    # on the grid of 16 bits, so that the last digit of a processor's arithmetic does not reach the encoder
    return (np.rint(total * 32768) / 32768).astype(np.float32)


def choose_layers(words: str) -> list[noises.Layer]:
    """Return the sounds that the words name, at most two, in the order in which they are named."""
    found = [(match.start(), place) for place, (_, named) in enumerate(_PATTERNS) if (match := named.search(words))]
    return [_PATTERNS[place][0] for _, place in sorted(found)[:_MOST_LAYERS]]


def _fade(length: int) -> NDArray[np.float64]:
    edge = min(round(_FADE_SECONDS * SAMPLE_RATE), length // 2)
    envelope = np.ones(length)
    rise = (1 - np.cos(np.pi * np.arange(edge) / edge)) / 2
    envelope[:edge] = rise
    envelope[length - edge :] = rise[::-1]
    return envelope
