"""The bed of music: decoded once, looped where it is shorter than the film, faded in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vidpipe.errors import BrokenFileError
from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.sound.cells import crossed, from_decibels, rising
from vidpipe.media.sound.recording import recorded
from vidpipe.media.sound.store import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from vidpipe.media.edit import Bed, Source
    from vidpipe.media.plain import Json
    from vidpipe.media.sound.store import Entry, Store

FADE_IN = SAMPLE_RATE // 2
FADE_OUT = 2 * SAMPLE_RATE
SEAM = SAMPLE_RATE
"""Samples over which the end of the music leads to its beginning again."""
_SHORTEST = SAMPLE_RATE
_MINUTE = 60 * SAMPLE_RATE


class Music:
    """The bed under a film of `samples`, as loud as it is asked for and before it steps back for anything."""

    def __init__(self, bed: Bed, samples: int, store: Store) -> None:
        """Decode the music, or find it in the store.

        Raises BrokenFileError where it cannot be read, SourceChangedError where it is another file by now.
        """
        self.duck_db = bed.duck_db
        self._bed = bed
        self._samples = samples
        self._entry = _decoded(bed.source, samples, store)
        self._loops = self._entry.rows < samples
        self._seam = min(SEAM, self._entry.rows // 4)
        self._period = max(1, self._entry.rows - self._seam)

    def at(self, start: int, count: int) -> NDArray[np.float32]:
        """Return `count` samples of the bed from sample `start` of the film on, float32 (2, count)."""
        sound = np.concatenate(list(self._looped(start, start + count)), axis=1)
        sound *= np.float32(from_decibels(self._bed.gain_db))
        fade_in, fade_out = min(FADE_IN, self._samples // 4), min(FADE_OUT, self._samples // 2)
        _laid_over(sound, start, rising(fade_in), 0)
        _laid_over(sound, start, rising(fade_out)[::-1], self._samples - fade_out)
        return sound

    def facts(self, start: int, count: int) -> Json:
        """Return all that `at` depends on."""
        ends = self._samples if start + count > self._samples - FADE_OUT or self._samples < 4 * FADE_OUT else None
        source, loop = self._bed.source.digest, self._entry.rows if self._loops else None
        return [source, loop, self._bed.gain_db, self._bed.duck_db, start, count, ends]

    def _looped(self, start: int, stop: int) -> Iterator[NDArray[np.float32]]:
        if not self._loops:
            yield self._entry.read(start, stop)
            return
        while start < stop:
            turn, inside = divmod(start, self._period)
            edge = self._seam if turn and inside < self._seam else self._period
            count = min(stop - start, edge - inside)
            part = self._entry.read(inside, inside + count)
            if edge == self._seam:
                old = self._entry.read(self._period + inside, self._period + inside + count)
                part = _part_of_seam(old, part, inside, self._seam)
            yield part
            start += count


def _part_of_seam(old: NDArray[np.float32], new: NDArray[np.float32], place: int, length: int) -> NDArray[np.float32]:
    """Cross over for what lies at `place` of a seam of `length` samples."""
    whole = np.zeros((2, 2, length), np.float32)
    whole[:, :, place : place + old.shape[1]] = old, new
    return crossed(whole[0], whole[1])[:, place : place + old.shape[1]]


def _laid_over(sound: NDArray[np.float32], start: int, curve: NDArray[np.float32], place: int) -> None:
    """Multiply sound that begins at sample `start` of the film by a curve that begins at sample `place`."""
    first, last = max(start, place), min(start + sound.shape[1], place + len(curve))
    if first < last:
        sound[:, first - start : last - start] *= curve[first - place : last - place]


def _decoded(source: Source, samples: int, store: Store) -> Entry:
    """Decode no more than the film is long, in whole minutes, so that a film a little longer finds the same entry."""
    most = -(-samples // _MINUTE) * _MINUTE
    key = key_of("music", {"digest": source.digest, "most": most})
    entry = store.get(key, lambda: recorded(source.read(), source.name, most))
    _check_length(entry.rows, source.name)
    return entry


def check_music(data: bytes, name: str, most: int) -> None:
    """Decode the first `most` samples of a file. Raises BrokenFileError where it cannot lie under a film."""
    _check_length(sum(block.shape[1] for block in recorded(data, name, most)), name)


def _check_length(samples: int, name: str) -> None:
    if samples < _SHORTEST:
        raise BrokenFileError(
            f"{name}: {samples / SAMPLE_RATE:.1f} s of sound are there, and music has to last a second at least; "
            "put another file in its place"
        )
