"""kill -9 at points of a run, between any two of its file operations: the next run pays for nothing twice."""

from __future__ import annotations

import mmap
import os
import signal
import struct
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.google.studio import ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.google.studio import Studio

NAMED = ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync")
POINTS = int(os.environ.get("KILL_POINTS", "6"))
"""Points of a run in each mode; KILL_POINTS=100 takes its time and leaves few out."""
IN_FLIGHT = 2
"""Pictures that are drawn at the same time in such a film, and whose replies one kill may lose."""


class Wire:
    """Counts the file operations of a process where its parent can read it, and kills it at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self._shared = mmap.mmap(-1, 8)
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """Operations so far."""
        return int(struct.unpack("q", self._shared[:8])[0])

    def install(self) -> None:
        """Put the wire before everything that changes files, and into the middle of every write."""
        write = os.write
        for name in NAMED:
            setattr(os, name, self._wrapped(getattr(os, name)))

        def torn(descriptor: int, data: Any) -> int:
            self._step()
            half = write(descriptor, data[: len(data) // 2])
            self._step()
            return half + write(descriptor, data[half:])

        os.write = torn

    def _wrapped(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            self._step()
            return operation(*given, **named)

        return counted

    def _step(self) -> None:
        with self._lock:
            count = self.count + 1
            self._shared[:8] = struct.pack("q", count)
            if count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("point", range(POINTS))
@pytest.mark.parametrize("mode", ["vertex", "api-key"])
def test_a_run_that_is_killed_is_finished_by_the_next_one_and_no_clip_is_paid_twice(
    studio: Studio, point: int, operations: dict[str, int]
) -> None:
    studio.spec()
    if studio.mode not in operations:
        wire = Wire(0)
        assert ended(studio.begin(wire.install)) == 0
        operations[studio.mode] = wire.count
        assert studio.vendor.calls == (1, 3, 2)
        return
    at = 1 + operations[studio.mode] * point // POINTS
    wire = Wire(at)
    assert ended(studio.begin(wire.install)) is None, f"operation {at} never came"
    bought = studio.vendor.calls
    said = studio("run", "--json")
    lost = 0
    if said.code == 3:
        lost = studio.statuses("video").count("intent")
        assert lost, said.out
        assert studio.vendor.count("video") <= 2, "a clip was sent for again before anybody was asked"
        studio.run("--on-lost", "resubmit")
    else:
        assert said.code == 0, said.out
    text, images, videos = studio.vendor.calls
    assert videos <= 2 + lost
    assert text + images <= 4 + IN_FLIGHT, f"killed at {at} with {bought} bought"
    assert studio.spent() >= studio.vendor.bill(), "something was bought that the ledger does not know"
    studio.rests()


@pytest.fixture(scope="module")
def operations() -> dict[str, int]:
    """Return how many operations an undisturbed run comes to in a mode, once the first of these tests has counted."""
    return {}
