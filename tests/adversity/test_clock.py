"""A clock that is set back three days between two runs: nothing is made again for it, and nothing is missed."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from vidpipe.engine.judge import State

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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
    assert toy.spent() > before
    assert [request.status for request in toy.ledger().requests.values()] == ["settled"] * 7
    toy.rests()
    toy.edit_scene(1, video_motion_prompt="motion 1.")
    assert toy.done().restored == {"clip 1", "film"}
    assert toy.server.count("video") == 3


def test_a_file_that_was_recorded_within_two_seconds_of_its_change_is_read_whichever_way_the_clock_goes(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    toy.done()
    path, record = toy.path("clip 0"), toy.record("clip 0")
    os.utime(path, ns=(record.recorded_ns + AHEAD_NS, record.recorded_ns + AHEAD_NS))
    toy.done()
    status = path.stat()
    mine = toy.record("clip 0")
    assert mine.stamp != (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino) or (
        status.st_mtime_ns + 2_000_000_000 >= mine.recorded_ns
    )
    clip = path.read_bytes()
    path.write_bytes(clip[:-1] + bytes([clip[-1] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert toy.plan().state("clip 0") is State.EDITED
