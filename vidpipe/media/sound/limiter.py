"""Keep sound under a ceiling: it is turned down, cell by cell, before a peak would pass it, and slowly up again."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.sound.cells import CELL, CELLS_PER_SECOND, from_decibels, peaks, ramps, to_decibels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

RECOVERY = 120.0 / CELLS_PER_SECOND
"""Decibels by which the sound comes back in one cell, where nothing else is asked for: 6 in 50 ms."""

_AROUND = 12
"""Samples on each side that an interpolated value is made of."""


def _interpolation() -> NDArray[np.float32]:
    """Return the weights of the samples about the values at 1/4, 1/2 and 3/4 of the way between two samples.

    ITU-R BS.1770-4, annex 2, asks for four values to a sample; its own filter of twelve taps falls short by some tenths
    of a decibel in the treble, where this one, a sinc in a Kaiser window, does not.
    """
    places = np.arange(1 - _AROUND, _AROUND + 1) - np.array([[0.25], [0.5], [0.75]])
    window = np.i0(_KAISER * np.sqrt(1 - (places / _AROUND) ** 2)) / np.i0(_KAISER)
    weights = np.sinc(places) * window
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


_KAISER = 5.0
_WEIGHTS = _interpolation()
_GREATEST = float(np.abs(_WEIGHTS).sum(axis=1).max())
"""No interpolated value is greater than this times the greatest sample about it."""
_AT_ONCE = 256


def limited(
    parts: Iterable[NDArray[np.float32]], ceiling: float, *, between: bool, recovery: float = RECOVERY
) -> Iterator[NDArray[np.float32]]:
    """Yield sound, part by part, with no peak over `ceiling` (an amplitude); parts are of whole frames (2, n).

    `between` looks at the true peak, four values for every sample, instead of the samples alone. `recovery` is in
    decibels a cell. A part is held until the next one is there. Sound that stays under the ceiling comes out as it
    came in.
    """
    limiter = _Limiter(ceiling, between=between, recovery=recovery)
    held: NDArray[np.float32] | None = None
    for part in chain(parts, [None]):
        if held is not None:
            yield limiter.passed(held, part)
        held = part


class _Limiter:
    def __init__(self, ceiling: float, *, between: bool, recovery: float) -> None:
        self._ceiling = ceiling
        self._between = between
        self._recovery = recovery
        self._node: float | None = None
        self._last = np.zeros((2, _AROUND), np.float32)

    def passed(self, part: NDArray[np.float32], following: NDArray[np.float32] | None) -> NDArray[np.float32]:
        after = np.zeros((2, CELL + _AROUND), np.float32) if following is None else following[:, : CELL + _AROUND]
        whole = np.concatenate([self._last, part, after], axis=1)
        self._last = part[:, -_AROUND:]
        allowed = self._allowed(whole)
        first = float(allowed[0]) if self._node is None else self._node
        if first == 0 and not allowed.any():
            self._node = first
            return part
        nodes = recovering(np.minimum(allowed[:-1], allowed[1:]), first, self._recovery)
        self._node = float(nodes[-1])
        return part * ramps(from_decibels(nodes))

    def _allowed(self, whole: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return for each cell the decibels (0 or less) that keep its peak under the ceiling.

        `whole` has twelve samples before the first cell, and twelve after the last.
        """
        found = peaks(whole[:, _AROUND:-_AROUND]).astype(np.float64)
        if self._between:
            about = np.pad(found, 1, mode="edge")
            about = np.maximum(np.maximum(about[:-2], about[1:-1]), about[2:])
            hot = np.flatnonzero(about * _GREATEST > self._ceiling)
            for start in range(0, len(hot), _AT_ONCE):
                cells = hot[start : start + _AT_ONCE]
                found[cells] = np.maximum(found[cells], true_peaks(whole, cells))
        return np.minimum(0, -to_decibels(np.maximum(found, self._ceiling) / self._ceiling))


def recovering(allowed: NDArray[np.float64], node: float, recovery: float = RECOVERY) -> NDArray[np.float64]:
    """Return decibels at the borders of cells: `node` first, then never over `allowed`, and rising slowly.

    `allowed` holds one value for each border after the first; `recovery` is the most that one is over the last.
    """
    slope = recovery * np.arange(len(allowed) + 1)
    lowest: NDArray[np.float64] = np.minimum.accumulate(np.concatenate([[node], allowed]) - slope)
    return slope + lowest


def true_peaks(whole: NDArray[np.float32], cells: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the greatest magnitude between the samples in and next to some cells, after the first twelve samples."""
    windows = np.lib.stride_tricks.sliding_window_view(whole, CELL + 2 * _AROUND, axis=1)[:, ::CELL][:, cells]
    count = CELL + 1
    found = np.zeros(len(cells), np.float32)
    for weights in _WEIGHTS:
        values = np.zeros((2, len(cells), count), np.float32)
        for tap, weight in enumerate(weights):
            values += weight * windows[:, :, tap : tap + count]
        found = np.maximum(found, np.abs(values).max(axis=(0, 2)))
    return found
