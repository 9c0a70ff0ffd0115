"""The grid on which a film's sound is measured and steered: cells of 400 samples, 1/120 s, five to a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.frame import SAMPLE_RATE, SAMPLES_PER_FRAME
from vidpipe.media.wav import LOUDEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

CELL = 400
CELLS_PER_FRAME = SAMPLES_PER_FRAME // CELL
CELLS_PER_SECOND = SAMPLE_RATE // CELL


def by_cell(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a view of sound (2, cells * 400) as (2, cells, 400)."""
    return samples.reshape(2, -1, CELL)


def products(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the sum over both channels of the products of two sounds, cell by cell: of one by itself, its energy."""
    sums: NDArray[np.float64] = np.einsum("cij,cij->i", by_cell(one), by_cell(other), dtype=np.float64)
    return sums


def peaks(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the greatest magnitude of a sample in each cell."""
    greatest: NDArray[np.float32] = np.abs(by_cell(samples)).max(axis=(0, 2))
    return greatest


def is_sound(samples: NDArray[np.float32] | NDArray[np.float64]) -> bool:
    """Tell whether all samples are numbers, and none is so great that nobody can have meant it."""
    with np.errstate(invalid="ignore"):
        return bool(np.abs(samples).max(initial=0) <= LOUDEST)  # which NaN is not


def ramps(nodes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Draw straight lines through values at the borders of cells (cells + 1): one value a sample."""
    shares = np.arange(CELL) / CELL
    lines = nodes[:-1, None] + np.diff(nodes)[:, None] * shares
    return lines.ravel().astype(np.float32)


def rising(count: int) -> NDArray[np.float32]:
    """Return half a period of a raised cosine, from 0 to 1 in `count` samples."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))).astype(np.float32)


def crossed(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lead from one sound to another of the same length with constant power.

    Two sounds that have nothing to do with each other then do not dip in the middle.
    """
    angle = np.linspace(0, np.pi / 2, before.shape[1], dtype=np.float32)
    mixed: NDArray[np.float32] = before * np.cos(angle) + after * np.sin(angle)
    return mixed


def to_decibels(ratio: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return amplitude ratios in decibels; 0 becomes -inf without a warning."""
    with np.errstate(divide="ignore"):
        return 20 * np.log10(np.asarray(ratio, np.float64))


def from_decibels(decibels: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return decibels as amplitude ratios."""
    return np.asarray(10 ** (np.asarray(decibels, np.float64) / 20), np.float64)
