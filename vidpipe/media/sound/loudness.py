"""How loud sound is as a whole, by ITU-R BS.1770-4 and EBU R128, from the energies of its cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import CELL, CELLS_PER_SECOND, products
from vidpipe.media.sound.weighting import k_weighted

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = CELLS_PER_SECOND * 2 // 5
_STEP = _BLOCK // 4
_OFFSET = -0.691
_ABSOLUTE = -70.0
_RELATIVE = -10.0


def integrated(energies: NDArray[np.float64]) -> float:
    """Return the gated loudness in LUFS of K-weighted energies (see `cells.products`), -inf for silence.

    Blocks of 400 ms begin every 100 ms; those under -70 LUFS do not count, nor do then those that are more than 10 LU
    under the mean of the others. Sound shorter than a block counts as silence.
    """
    sums = np.concatenate([[0.0], np.cumsum(energies)])
    starts = np.arange(0, len(sums) - _BLOCK, _STEP)
    powers = (sums[starts + _BLOCK] - sums[starts]) / _BLOCK
    for gate in (_ABSOLUTE, None):
        if len(powers):
            least = float(lufs(powers.mean())) + _RELATIVE if gate is None else gate
            powers = powers[lufs(powers) > least]
    return float(lufs(powers.mean())) if len(powers) else -math.inf


def loudness_of(samples: NDArray[np.float32]) -> float:
    """Return the gated loudness of sound (2, n) in LUFS; what is left over of its last cell does not count."""
    whole = samples[:, : samples.shape[1] // CELL * CELL]
    weighted = k_weighted(whole)
    return integrated(products(weighted, weighted))


def lufs(energies: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    """Return the loudness of a cell that has such an energy, -inf for silence."""
    with np.errstate(divide="ignore"):
        return np.asarray(_OFFSET + 10 * np.log10(np.maximum(energies, 0) / CELL), np.float64)
