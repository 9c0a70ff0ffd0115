"""How far music steps back, from moment to moment, for what the clips and voices say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import CELLS_PER_SECOND, from_decibels
from vidpipe.media.sound.loudness import integrated, lufs

if TYPE_CHECKING:
    from numpy.typing import NDArray

ATTACK, RELEASE = 0.05, 0.4
"""Seconds in which the music goes two thirds of its way back, and of its way up again."""
_HEARD, _SPEAKING = -20.0, -8.0
"""LU beside the loudness of the film's own sound: at the one, music begins to step back; at the other, it is there."""
_QUIET = -40.0
"""LUFS; own sound that is quieter than this on the whole is hardly heard, and thresholds do not follow it down."""

_AT_ONCE = 4_096


def ducked(own: NDArray[np.float64], duck_db: float) -> NDArray[np.float64]:
    """Return what the music is multiplied by at the borders of cells (cells + 1), from the own sound's energies."""
    loudness = max(integrated(own), _QUIET)
    heard = (lufs(own) - loudness - _HEARD) / (_SPEAKING - _HEARD)
    wanted = np.clip(heard, 0, 1)
    wanted = wanted * wanted * (3 - 2 * wanted)
    return from_decibels(-duck_db * _followed(wanted))


def _followed(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    rise, fall = (1 - math.exp(-1 / (CELLS_PER_SECOND * seconds)) for seconds in (ATTACK, RELEASE))
    share, found = 0.0, np.zeros(len(wanted) + 1)
    for start in range(0, len(wanted), _AT_ONCE):  # numbers of Python's own are quick, and take four times the memory
        followed = []
        for goal in wanted[start : start + _AT_ONCE].tolist():
            share += (goal - share) * (rise if goal > share else fall)
            followed.append(share)
        found[start + 1 : start + 1 + len(followed)] = followed
    return found
