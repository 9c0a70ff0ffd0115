"""A disk that is full, or cannot read or write: the run says so in a sentence, and the next one pays nothing twice.

Errors at every operation on the files of a run: no space from then on, no space once, an input/output error once (at
reads and syncs too). Every operation on the ledger is a point, and of the others every DISK_EVERY-th, by default each
sixteenth; `DISK_EVERY=1` takes them all.
"""

from __future__ import annotations

import errno
import os
import shutil
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.crash.aftermath import problems
from tests.crash.crashing import run_until
from tests.crash.faults import Error, go_on, may_fail, run_into, untold
from tests.crash.stages import PREPARATIONS, set_up
from tests.crash.wire import WHOLE
from vidpipe.errors import Exit
from vidpipe.purchase.books import Purchases

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.stages import Connect, Stage

EVERY = int(os.environ.get("DISK_EVERY", "16"))
ERRORS = {
    "no space from then on": Error(errno.ENOSPC, lasting=True),
    "no space once": Error(errno.ENOSPC),
    "an input/output error": Error(errno.EIO),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("what", PREPARATIONS)
def test_a_run_on_a_disk_that_fails_says_so_and_is_finished_once_it_works_again(
    tmp_path: Path, connect: Connect, what: str, error: str
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS[what])
    found = [told for point in points(stage, tmp_path, ERRORS[error]) for told in met(stage, tmp_path, error, point)]
    assert not found, "\n".join(found)


def points(stage: Stage, folder: Path, error: Error) -> list[str]:
    """Return the operations that are to fail, by name: threads do not always take the same turns."""
    whole = run_into(stage, folder / "whole", error, WHOLE)
    shutil.rmtree(folder / "whole")
    names = [name for name in whole.operations if may_fail(error.code, name)]
    return [name for name in names if "/ledger.jsonl" in name or zlib.crc32(name.encode()) % EVERY == 0]


def met(stage: Stage, folder: Path, error: str, point: str) -> list[str]:
    """Let an operation fail, and return what is wrong with what was said, and with the run after it."""
    place = folder / "failing"
    failed = run_into(stage, place, ERRORS[error], point)
    found = untold(ERRORS[error], failed) + problems(stage, failed.project)
    shutil.rmtree(place)
    return [f"{error} at {point}: {problem}" for problem in found]


@pytest.mark.parametrize(
    ("what", "point"),
    [
        ("first run", "read runs/pier/keyframes/scene-000-end.png 1"),
        ("by hand", "read runs/pier/keyframes/scene-000-end.png 5"),
    ],
)
def test_a_keyframe_that_cannot_be_read_is_not_said_to_be_edited(
    tmp_path: Path, connect: Connect, what: str, point: str
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS[what])
    failed = run_into(stage, tmp_path / "failing", ERRORS["an input/output error"], point)
    assert "runs/pier/keyframes/scene-000-end.png: Input/output error" in failed.said
    assert "was edited" not in failed.said
    assert "was changed" not in failed.said
    assert failed.exit == Exit.FAILED
    assert problems(stage, failed.project) == []


@pytest.mark.parametrize(("place", "time"), [("tmp", 3), ("keyframes", 1)])
def test_what_a_killed_run_has_bought_is_not_dropped_because_it_cannot_be_read_just_now(
    tmp_path: Path, connect: Connect, place: str, time: int
) -> None:
    stage = set_up(tmp_path, connect, PREPARATIONS["first run"])
    project = stage.open(tmp_path / "killed", stage.prepared, stage.books)
    moved = "replace runs/pier/{}scene-000-start.png{} 1"
    files = ("keyframes/", "") if place == "tmp" else (".vidpipe/records/keyframes/", ".json")
    assert run_until(project, moved.format(*files)) == 0
    folder = ".vidpipe/tmp" if place == "tmp" else "keyframes"
    failed = go_on(project, ERRORS["an input/output error"], f"read runs/pier/{folder}/scene-000-start.png {time}")
    assert failed.exit == Exit.FAILED
    assert "scene-000-start.png: Input/output error" in failed.said
    assert problems(stage, failed.project) == []


def test_a_bug_in_place_of_a_sentence_would_be_found(
    tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidpipe.engine.build.OSError", KeyError, raising=False)
    stage = set_up(tmp_path, connect, PREPARATIONS["first run"])
    found = met(stage, tmp_path, "no space once", "write runs/pier/.vidpipe/tmp/scene-000-start.png 1")
    assert "a bug in vidpipe" in "; ".join(found)


def test_a_request_that_is_sent_again_after_its_reply_could_not_be_written_down_would_be_found(
    tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vidpipe.engine.judge import Standing

    stage = set_up(tmp_path, connect, PREPARATIONS["first run"])
    monkeypatch.setattr(Purchases, "standing", lambda _self, _wanted, _floor: (Standing.NONE, ""))
    tried = (met(stage, tmp_path, "no space from then on", point) for point in ledger_points(stage, tmp_path))
    assert "sent for again before anybody was asked" in next("; ".join(found) for found in tried if found)


def ledger_points(stage: Stage, folder: Path) -> list[str]:
    """Return the writes to the ledger, the last ones first."""
    error = ERRORS["no space from then on"]
    return [point for point in reversed(points(stage, folder, error)) if point.startswith("write runs/pier/.vidpipe/l")]
