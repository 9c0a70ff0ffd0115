"""Chance that is the same on every machine: seeded by words, drawn with the basic generator only."""

from __future__ import annotations

import math
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")


class Chance:
    """A stream of random numbers named by words; a fork is independent of what else was drawn."""

    def __init__(self, *words: str) -> None:
        self._name = "\x1f".join(words)
        digest = sha256(self._name.encode("utf-8", "surrogatepass")).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))

    def fork(self, name: str) -> Chance:
        """Return the stream of that name under this one."""
        return Chance(self._name, name)

    def unit(self) -> float:
        """Return a number from 0 to 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """Return a number from low to high."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """Return an integer from low to high, both included."""
        return min(high, low + int(self._random.random() * (high - low + 1)))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[self.whole(0, len(items) - 1)]

    def happens(self, probability: float) -> bool:
        """Return True with that probability."""
        return self._random.random() < probability

    def wave(self, octaves: int = 4, roughness: float = 0.5) -> Callable[[float], float]:
        """Return a smooth random function of about -1 to 1 whose longest wave is 1 long."""
        parts = []
        for octave in range(octaves):
            pitch = 2.0**octave * self.between(0.8, 1.25)
            parts.append((pitch, self.unit() * 2 * math.pi, roughness**octave))
        total = sum(part[2] for part in parts)

        def value(place: float) -> float:
            return sum(size * math.sin(2 * math.pi * pitch * place + turn) for pitch, turn, size in parts) / total

        return value
