"""A clock that is set by three days, between two runs or during one: nothing is made again, and nothing is missed."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import google.auth._helpers
import pytest

from tests.loopback.deeds import Do
from tests.toy import Toy
from vidpipe.engine.judge import State
from vidpipe.engine.store import Store
from vidpipe.errors import Exit
from vidpipe.files import stamp
from vidpipe.providers.base import Poll, Running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.project import Project

AHEAD = timedelta(days=3)
AHEAD_NS = int(AHEAD.total_seconds()) * 1_000_000_000


def run_in_the_future(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run while the clock, and so every mtime and every entry of the books, is three days ahead."""
    now_ns, utime = time.time_ns, os.utime

    def ahead(path: Path, *, ns: tuple[int, int]) -> None:
        utime(path, ns=(ns[0], ns[1] + AHEAD_NS))

    with monkeypatch.context() as patched:
        patched.setattr("time.time_ns", lambda: now_ns() + AHEAD_NS)
        patched.setattr("os.utime", ahead)
        patched.setattr("vidpipe.ledger._now", lambda: (datetime.now(UTC) + AHEAD).isoformat(timespec="milliseconds"))
        toy.done()


def test_files_from_the_future_are_up_to_date_and_an_edit_of_today_shows(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=2)
    run_in_the_future(toy, monkeypatch)
    assert toy.path("clip 0").stat().st_mtime_ns > time.time_ns()
    assert toy.record("clip 0").recorded_ns > time.time_ns() + AHEAD_NS // 2
    toy.rests()
    clip = toy.bytes("clip 0")
    toy.path("clip 0").write_bytes(clip[:-1] + bytes([clip[-1] ^ 1]))  # today, in the same size
    planned = toy.plan()
    assert planned.state("clip 0") is State.EDITED
    ran = toy.done()
    assert ran.adopted == {"clip 0"}
    assert ran.made == {"film"}
    toy.rests()


def test_what_is_made_after_the_clock_was_set_back_is_believed_and_the_books_stay_whole(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=2)
    run_in_the_future(toy, monkeypatch)
    before = toy.spent()
    toy.edit_scene(1, video_motion_prompt="other")
    assert toy.done().made == {"clip 1", "film"}
    lines = toy.layout().ledger.read_text().splitlines()
    assert lines != sorted(lines, key=lambda line: line.partition('"at":')[2])  # the entries run backwards in time
    intents = [json.loads(line)["id"] for line in lines if '"entry":"intent"' in line]
    assert list(toy.ledger().requests) == intents  # and are still read in the order in which they were written
    assert toy.spent() > before
    assert [request.status for request in toy.ledger().requests.values()] == ["settled"] * 7
    toy.rests()
    toy.edit_scene(1, video_motion_prompt="motion 1.")
    assert toy.done().restored == {"clip 1", "film"}
    assert toy.server.count("video") == 3


@pytest.mark.parametrize(
    ("later", "state"),
    [(-AHEAD_NS, State.EDITED), (0, State.EDITED), (1_900_000_000, State.EDITED), (2_100_000_000, State.UP_TO_DATE)],
    ids=["three days before it", "at once", "in two seconds", "later"],
)
def test_a_stamp_is_believed_only_if_its_file_was_recorded_over_two_seconds_after_its_change(
    toy: Project, later: int, state: State
) -> None:
    """What a coarse clock, or one that was set back, can hide: two contents, one after the other, under one stamp."""
    toy.spec(scenes=1)
    toy.done()
    path = toy.path("clip 0")
    clip = path.read_bytes()
    path.write_bytes(clip[:-1] + bytes([clip[-1] ^ 1]))
    changed = time.time_ns() - AHEAD_NS  # long ago by today's clock, which has no say here
    os.utime(path, ns=(changed, changed))
    record = replace(toy.record("clip 0"), stamp=stamp(path), recorded_ns=stamp(path)[1] + later)
    Store(toy.layout()).write_record(record)
    assert toy.plan().state("clip 0") is state


def set_clock(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set the wall clock, and so what `google-auth` takes for the time at which a token ends."""
    now, now_ns, now_auth, seconds = time.time, time.time_ns, google.auth._helpers.utcnow, by.total_seconds()
    monkeypatch.setattr("time.time", lambda: now() + seconds)
    monkeypatch.setattr("time.time_ns", lambda: now_ns() + int(seconds) * 1_000_000_000)
    monkeypatch.setattr("google.auth._helpers.utcnow", lambda: now_auth() + by)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("by", "wait", "end", "polls"), [(AHEAD, "900", Exit.DONE, 2), (-AHEAD, "0", Exit.DECISION, 1)], ids=["on", "back"]
)
def test_how_long_a_clip_is_waited_for_does_not_depend_on_a_clock_that_is_set_meanwhile(
    toy: Project, monkeypatch: pytest.MonkeyPatch, by: timedelta, wait: str, end: Exit, polls: int
) -> None:
    asked: list[str] = []
    poll = Toy.poll

    async def answered(self: Toy, operation: str) -> Poll:
        asked.append(operation)
        if len(asked) > 1:
            return await poll(self, operation)
        set_clock(monkeypatch, by)
        return Running()

    monkeypatch.setattr(Toy, "poll", answered)
    monkeypatch.setenv("VIDPIPE_WAIT_SECONDS", wait)
    toy.spec(scenes=1)
    ran = toy.run()
    assert (ran.exit, len(asked)) == (end, polls), ran.said
    toy.done()
    assert toy.server.calls == (1, 2, 1)
    toy.rests()


def test_a_token_that_has_ended_because_the_clock_was_set_ahead_is_renewed_in_the_middle_of_a_run(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.spec(scenes=1)
    studio.vendor.on("image", Do(lambda: set_clock(monkeypatch, AHEAD)))
    studio.run()
    assert studio.vendor.sent("token") > 1
    assert studio.vendor.calls == (1, 2, 1)
    assert studio.spent() == studio.vendor.bill()
    studio.rests()
