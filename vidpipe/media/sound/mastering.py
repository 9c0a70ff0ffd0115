"""Decide the one gain that makes a film as loud as wanted, and say where that cannot be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import from_decibels, to_decibels
from vidpipe.media.sound.limiter import recovering
from vidpipe.media.sound.loudness import integrated

if TYPE_CHECKING:
    from numpy.typing import NDArray

CEILING_DB = -2.0
"""Decibels under full scale that no true peak passes in the mix (dBTP).

Encoding as AAC adds about half a decibel to a peak, so that the film stays under -1.5.
"""
MOST_GAIN = 20.0
"""Decibels by which a film is made louder at most: beyond that, mostly noise would be."""
MOST_MAKE_UP = 6.0
"""Decibels added at most to make up for what the limiter takes away."""
_BETWEEN = 0.4
"""Decibels by which a true peak is greater than the sample next to it, more or less."""
_NEAR = 0.05
_MISSED = 0.5
_HALVINGS = 8


@dataclass(frozen=True, slots=True)
class Master:
    """The gain of a film in decibels; its loudness in LUFS before, and with gain and limiter."""

    gain_db: float
    before: float
    after: float
    target: float

    @property
    def shortfall(self) -> str:
        """Say in a user's words why the film is not as loud as wanted; empty where it is."""
        if math.isinf(self.before):
            return "" if self.before == self.after else "it is silent"
        if self.target - self.after <= _MISSED:
            return ""
        why = (
            f"its sound is too quiet: {MOST_GAIN:g} dB is the most it is made louder by"
            if self.gain_db >= MOST_GAIN
            else "its loudest moments stand out too far from the rest"
        )
        return f"the film is {self.after:.1f} LUFS loud, not {self.target:g}: {why}"


def mastered(energies: NDArray[np.float64], peaks: NDArray[np.float64], target: float) -> Master:
    """Return the gain for sound with such energies and peaks in its cells; none for silence.

    What the limiter will take away is estimated from the samples' own peaks, which is near enough for that.
    """

    def after(gain: float) -> float:
        return integrated(energies * _passed(peaks, gain) ** 2)

    before = integrated(energies)
    if math.isinf(before):
        return Master(0.0, before, before, target)
    gain = min(target - before, MOST_GAIN)
    if target - after(gain) > _NEAR:
        least, most = gain, min(gain + MOST_MAKE_UP, MOST_GAIN)
        for _ in range(_HALVINGS):
            gain = (least + most) / 2
            least, most = (gain, most) if after(gain) < target else (least, gain)
        gain = most
    return Master(gain, before, after(gain), target)


def _passed(peaks: NDArray[np.float64], gain_db: float) -> NDArray[np.float64]:
    """Return what each cell is multiplied by, on the mean, in gain and limiter."""
    allowed = np.minimum(0, CEILING_DB - gain_db - _BETWEEN - to_decibels(peaks))
    padded = np.concatenate([allowed, [0.0]])
    nodes = from_decibels(gain_db + recovering(np.minimum(padded[:-1], padded[1:]), float(allowed[0])))
    return (nodes[:-1] + nodes[1:]) / 2
