"""Decide the one gain that makes a film as loud as wanted, and say where that cannot be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import from_decibels, to_decibels
from vidpipe.media.sound.limiter import RECOVERY, recovering
from vidpipe.media.sound.loudness import integrated

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CEILING_DB = -2.0
"""Decibels under full scale that no true peak passes in the mix (dBTP).

Encoding as AAC adds about half a decibel to a peak, so that the film stays under -1.5.
"""
MOST_LOUDER = 20.0
"""Decibels by which a film's loudness is raised at most: beyond that, mostly noise would be heard."""
MOST_GAIN = 30.0
"""Decibels by which any sound is made louder at most, be its peaks as high as they may."""
MOST_MAKE_UP = 18.0
"""Decibels added at most to make up for what the limiter takes away.

A generated clip may hold two seconds of sound with a peak 20 dB over them, and silence else: 15 dB make it -16 LUFS.
"""
RECOVERIES = (RECOVERY, 2 * RECOVERY, 4 * RECOVERY)
"""How fast the limiter lets the sound come back: slow is not heard, but what follows a peak is softer for longer.

A faster one is taken only where no gain reaches the wanted loudness with those before it.
"""
_BETWEEN = 0.4
"""Decibels by which a true peak is greater than the sample next to it, more or less."""
_NEAR = 0.05
_MISSED = 0.5
_STEPS = 18
_HALVINGS = 6
_SOFTEST = -40
"""The least that a spec may ask for, in LUFS."""


@dataclass(frozen=True, slots=True)
class Master:
    """The gain of a film in decibels; its loudness in LUFS before, and with gain and limiter.

    `recovery` is the limiter's, in decibels a cell. `after` is computed from what was measured of the cells, within
    0.3 LU of what the film turns out to be.
    """

    gain_db: float
    before: float
    after: float
    target: float
    recovery: float = RECOVERY

    @property
    def shortfall(self) -> str:
        """Say in a user's words why the film is not as loud as wanted, and what to do; empty where it is."""
        if math.isinf(self.before) or self.target - self.after <= _MISSED:
            return ""
        why = (
            f"its sound is too quiet: {MOST_LOUDER:g} dB is the most it is made louder by"
            if self.before + MOST_LOUDER - self.after <= _MISSED
            else "its loudest moments stand out too far from the rest"
        )
        possible = math.floor(self.after)
        way_out = f"set loudness: {possible if possible >= _SOFTEST else 'keep'}, or use louder clips"
        return f"the film is {self.after:.1f} LUFS loud, not {self.target:g}: {why}; {way_out}"


def mastered(energies: NDArray[np.float64], peaks: NDArray[np.float64], target: float) -> Master:
    """Return the gain for sound with such energies and peaks in its cells; none for silence.

    What the limiter will take away is estimated from the samples' own peaks, which is near enough for that.
    """
    before = integrated(energies)
    if math.isinf(before):
        return Master(0.0, before, before, target)
    wanted = min(target, before + MOST_LOUDER)
    best: Master | None = None
    for recovery in RECOVERIES:

        def after(gain: float, recovery: float = recovery) -> float:
            return integrated(energies * _passed(peaks, gain, recovery) ** 2)

        gain = _least(after, wanted - before, wanted)
        found = Master(gain, before, after(gain), target, recovery)
        if best is None or found.after > best.after + _NEAR:
            best = found
        if wanted - best.after <= _NEAR:
            break
    assert best is not None
    return best


def _least(after: Callable[[float], float], gain: float, wanted: float) -> float:
    """Return the least gain from `gain` on that makes a film as loud as `wanted`, or else the loudest.

    More gain may be softer: what was too quiet to count then counts. So the first gain that is enough is looked for
    in steps, and then between that step and the one before.
    """
    if wanted - after(gain) <= _NEAR:
        return gain
    step_db = (min(gain + MOST_MAKE_UP, MOST_GAIN) - gain) / _STEPS
    steps = [gain + step_db * step for step in range(1, _STEPS + 1)]
    loudest, most = -math.inf, gain
    for step in steps:
        found = after(step)
        if found > loudest + _NEAR:
            loudest, most = found, step
        if found >= wanted:
            break
    else:
        return most
    least = most - step_db
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if after(middle) < wanted else (least, middle)
    return most


def _passed(peaks: NDArray[np.float64], gain_db: float, recovery: float) -> NDArray[np.float64]:
    """Return what each cell is multiplied by, on the mean, in gain and limiter."""
    allowed = np.minimum(0, CEILING_DB - gain_db - _BETWEEN - to_decibels(peaks))
    padded = np.concatenate([allowed, [0.0]])
    nodes = from_decibels(gain_db + recovering(np.minimum(padded[:-1], padded[1:]), float(allowed[0]), recovery))
    return (nodes[:-1] + nodes[1:]) / 2
