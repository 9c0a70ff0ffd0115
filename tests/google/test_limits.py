"""The limits of a model hold over all jobs of a run, and over what is sent again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Literal

import pytest

from tests.google.modes import BOTH
from tests.loopback.deeds import Do, busy
from tests.loopback.vendor import PATIENCE
from vidpipe.providers.limits import Limits

if TYPE_CHECKING:
    from tests.google.studio import Studio
    from tests.loopback.deeds import Kind
    from tests.loopback.vendor import Vendor

JOBS = ("a", "b", "c")
TWO = 2


@dataclass(slots=True)
class Gauge:
    """How many requests are at the vendor's at one time; he keeps the first ones until it is clear who else comes."""

    vendor: Vendor
    inside: int = 0
    most: int = 0
    waiting: int = 0
    """How many times somebody found all places in flight taken."""

    def visit(self) -> None:
        """Be one request at the vendor's."""
        with self.vendor.changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.vendor.changed.notify_all()
            settled = self.vendor.changed.wait_for(
                lambda: self.most > TWO or (self.most == TWO and self.waiting > 0), PATIENCE
            )
            self.inside -= 1
        assert settled

    def queue(self) -> None:
        """Be one request that has to wait for a place."""
        with self.vendor.changed:
            self.waiting += 1
            self.vendor.changed.notify_all()


@BOTH
@pytest.mark.parametrize("kind", ["text", "image", "video"])
def test_as_many_requests_are_in_flight_as_a_limit_allows_to_all_jobs_together(
    studio: Studio, kind: Literal["text", "image", "video"]
) -> None:
    gauge = gauged(studio)
    for name in JOBS:
        studio.spec(name, scenes=1)
    studio.vendor.on(kind, Do(gauge.visit), times=None)
    studio.film()
    assert gauge.most == TWO
    assert studio.vendor.calls == (3, 6, 3)


@BOTH
def test_deleted_clips_are_fetched_again_no_more_at_once_than_a_limit_allows(studio: Studio) -> None:
    studio.spec(scenes=3)
    studio.film()
    for scene in range(3):
        studio.path(f"clip {scene}").unlink()
    gauge = gauged(studio)
    studio.vendor.on("poll", Do(gauge.visit), times=None)
    studio.run()
    assert gauge.most == TWO
    assert studio.vendor.count("video") == 3


def gauged(studio: Studio) -> Gauge:
    """Let two requests be in flight, and measure how many are."""
    gauge = Gauge(studio.vendor)

    class Places(asyncio.Semaphore):
        async def acquire(self) -> Literal[True]:
            if self.locked():
                gauge.queue()
            return await super().acquire()

    studio.monkeypatch.setattr("vidpipe.providers.limits.asyncio.Semaphore", Places)
    studio.monkeypatch.setenv("VIDPIPE_IN_FLIGHT", str(TWO))
    studio.monkeypatch.setenv("VIDPIPE_JOBS", str(len(JOBS)))
    return gauge


def starts(studio: Studio) -> list[int]:
    """Let one request to a model start in a minute, and return which minute each was told to wait for, but the first.

    No time passes: the waits are added up instead.
    """
    minutes: list[int] = []

    async def sleep(seconds: float) -> None:
        minutes.append(ceil(seconds / 60))

    studio.monkeypatch.setenv("VIDPIPE_PER_MINUTE", "1")
    studio.monkeypatch.setattr("vidpipe.workshop.Limits", partial(Limits, sleep=sleep))
    return minutes


@BOTH
def test_requests_of_all_jobs_start_as_far_apart_as_a_limit_says(studio: Studio) -> None:
    minutes = starts(studio)
    for name in JOBS:
        studio.spec(name, scenes=1)
    studio.film()
    storyboards, pictures, clips = [1, 2], [1, 2, 3, 4, 5], [1, 2]
    assert sorted(minutes) == sorted(storyboards + pictures + clips)


@BOTH
@pytest.mark.parametrize(("kind", "asked"), [("text", 1), ("image", 2), ("video", 1)])
def test_what_is_sent_again_waits_for_its_turn_like_everything_else(studio: Studio, kind: Kind, asked: int) -> None:
    minutes = starts(studio)
    studio.vendor.on(kind, busy(), times=2)
    studio.spec(scenes=1)
    studio.film()
    assert studio.vendor.sent(kind) == asked + 2
    others = [] if kind == "image" else [1]  # the second picture
    assert sorted(minutes) == sorted([*range(1, asked + 2), *others])
