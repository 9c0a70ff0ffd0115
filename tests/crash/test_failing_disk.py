"""A disk or a connection that fails: the run says so in a sentence, and the next one pays nothing twice.

Errors at every operation on the files of a run: no space from then on, no space once, an input/output error once (at
looks, reads, listings and syncs too); and at every operation on its connections, which break. Every DISK_EVERY-th
operation is a point; those on the ledger are more often, looks less; `DISK_EVERY=1` takes all, and an eighth of these.
`CRASH_SALT` has others chosen.
"""

from __future__ import annotations

import errno
import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from tests.crash.aftermath import problems
from tests.crash.faults import Error, may_fail, run_into, unsent, untold
from tests.crash.mutants import resent
from tests.crash.stage import SALTED, draw, set_up, some
from tests.crash.wire import WHOLE
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from tests.crash.stage import Stage
    from tests.google.studio import Studio

EVERY = int(os.environ.get("DISK_EVERY", "96"))
ERRORS = {
    "no space from then on": Error(errno.ENOSPC, lasting=True),
    "no space once": Error(errno.ENOSPC),
    "an input/output error": Error(errno.EIO),
    "a broken connection": Error(errno.ECONNRESET),
}
BOTH = pytest.mark.parametrize("mode", ["vertex", "api-key"])


@BOTH
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("what", ["whole run", "by hand"])
def test_a_run_on_a_disk_that_fails_says_so_and_is_finished_once_it_works_again(
    studio: Studio, what: str, error: str
) -> None:
    stage = set_up(studio, what)
    found = [told for point in points(stage, error) for told in met(stage, error, point)]
    assert not found, "\n".join([SALTED, *found])


def points(stage: Stage, error: str) -> list[str]:
    """Return the operations that are to fail, by name: threads do not always take the same turns."""
    stage.reset()
    _, operations = run_into(stage, ERRORS[error], WHOLE)
    names = [name for name in operations if may_fail(ERRORS[error].code, name)]
    return some([name for name in names if draw(name) % every(name) == 0], names)


def every(point: str) -> int:
    """Return of how many operations of a kind one is a point: those on ledger and replies count, looks do not much."""
    if point.startswith(("stat ", "lstat ")):
        return 8 * EVERY
    return 1 + EVERY // 8 if "/ledger.jsonl" in point or point.startswith("hear ") else EVERY


def met(stage: Stage, error: str, point: str) -> list[str]:
    """Let an operation fail, and return what is wrong with what was said, and with the run after it."""
    stage.reset()
    said, _ = run_into(stage, ERRORS[error], point)
    found = untold(ERRORS[error], said) + unsent(stage, ERRORS[error]) + problems(stage)
    return [f"{stage.studio.mode}, {error} at {point}: {problem}" for problem in found]


@pytest.mark.parametrize("error", ["no space from then on", "an input/output error"])
def test_a_run_that_goes_on_from_a_killed_one_on_a_disk_that_fails_loses_nothing_either(
    studio: Studio, error: str
) -> None:
    stage = set_up(studio, "by hand")
    killed = some([point for point in stage.points if draw(point) % (2 * EVERY) == 0], stage.points)
    for number, point in enumerate(killed):
        stage.reset()
        stage.kill(point)
        said, _ = run_into(stage, ERRORS[error], 3 + 7 * number)
        found = [] if said.code == Exit.DECISION else untold(ERRORS[error], said)  # which the killed run has left
        found += problems(stage)
        assert not found, f"killed at {point}, then {error} at {3 + 7 * number}: " + "\n".join(found)


@pytest.mark.parametrize("what", ["whole run", "by hand"])
def test_a_keyframe_that_cannot_be_read_is_not_said_to_be_edited(studio: Studio, what: str) -> None:
    stage = set_up(studio, what)
    error, read = ERRORS["an input/output error"], "read runs/pier/keyframes/scene-000-end.png"
    stage.reset()
    _, operations = run_into(stage, error, WHOLE)
    codes = []
    for point in (name for name in operations if name.rpartition(" ")[0] == read):
        stage.reset()
        said, _ = run_into(stage, error, point)
        assert "was edited" not in said.told
        assert "was changed" not in said.told
        codes.append(said.code)
        assert said.code in {Exit.DONE, Exit.FAILED}
        assert said.code == Exit.DONE or "runs/pier/keyframes/scene-000-end.png: Input/output error" in said.told
        assert problems(stage) == []
    assert Exit.FAILED in codes


@pytest.mark.parametrize(("place", "time"), [("tmp", 3), ("keyframes", 1)])
def test_what_a_killed_run_has_bought_is_not_dropped_because_it_cannot_be_read_just_now(
    studio: Studio, place: str, time: int
) -> None:
    stage = set_up(studio, "whole run")
    stage.reset()
    moved = "replace runs/pier/{}scene-000-start.png{} 1"
    stage.kill(moved.format(*(("keyframes/", "") if place == "tmp" else (".vidpipe/records/keyframes/", ".json"))))
    folder = ".vidpipe/tmp" if place == "tmp" else "keyframes"
    error = ERRORS["an input/output error"]
    said, _ = run_into(stage, error, f"read runs/pier/{folder}/scene-000-start.png {time}")
    assert said.code == Exit.FAILED
    assert "scene-000-start.png: Input/output error" in said.told
    assert problems(stage) == []


def test_a_bug_in_place_of_a_sentence_would_be_found(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.engine.build.OSError", KeyError, raising=False)
    stage = set_up(studio, "whole run")
    found = met(stage, "no space once", "write runs/pier/.vidpipe/tmp/scene-000-start.png 1")
    assert "a bug in vidpipe" in "; ".join(found)


def test_an_intent_that_stays_in_the_ledger_though_nothing_was_sent_would_be_found(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidpipe.ledger.lines._taken_back", lambda *_: nullcontext())
    stage = set_up(studio, "whole run", anew=True)
    stage.reset()
    error = "an input/output error"
    _, operations = run_into(stage, ERRORS[error], WHOLE)
    synced = [name for name in operations if name.startswith("fsync runs/pier/.vidpipe/ledger.jsonl")]
    tried = (met(stage, error, point) for point in reversed(synced))
    assert "called lost, and nobody was sent for it" in next("; ".join(found) for found in tried if found)


@pytest.mark.parametrize("error", ["no space from then on", "a broken connection"])
def test_a_request_that_is_sent_again_after_its_reply_was_lost_would_be_found(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    stage = set_up(studio, "whole run")
    resent(monkeypatch)
    stage.reset()
    _, operations = run_into(stage, ERRORS[error], WHOLE)
    asked = [name for name in operations if name.startswith(("write runs/pier/.vidpipe/ledger.jsonl", "hear POST veo"))]
    tried = (met(stage, error, point) for point in reversed(asked) if may_fail(ERRORS[error].code, point))
    assert "sent for again before anybody was asked" in next("; ".join(found) for found in tried if found)
