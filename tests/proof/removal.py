"""A mechanism that is taken away, and the test that then has to fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    Remove = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Removal:
    """A `mechanism` behind a `promise` of the document, the test that `runs` without it, and how to `remove` it."""

    promise: str
    mechanism: str
    runs: str
    remove: Remove

    @property
    def test(self) -> str:
        """The test as the document names it: without parameters."""
        return self.runs.partition("[")[0]

    @property
    def key(self) -> str:
        """What tells it apart."""
        return f"{self.mechanism}: {self.runs}"


def put(place: str, value: object) -> Remove:
    """Return a removal that puts something else into a place, which has to be there."""
    return lambda patch: patch.setattr(place, value)


def gives(place: str, value: object) -> Remove:
    """Return a removal after which a function does nothing but return a value."""
    return put(place, lambda *_given, **_named: value)


def gives_later(place: str, value: object) -> Remove:
    """Return a removal after which a coroutine does nothing but return a value."""

    async def give(*_given: object, **_named: object) -> object:
        return value

    return put(place, give)
