"""`status` tells of specs, folders, job directories and names, in their order, and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.commands.arguments import specs_and_targets
from vidpipe.commands.status import status
from vidpipe.engine.judge import State
from vidpipe.errors import Exit, UsageError

if TYPE_CHECKING:
    from tests.project import Project


def test_specs_and_targets_are_told_apart_by_their_looks(toy: Project) -> None:
    (toy.root / "film.mp4").write_text("")
    arguments = ["specs", "gone.yaml", "a/b.yml", "film.mp4", "clips/*", "gone/", "storyboard.json"]
    specs, targets = specs_and_targets(arguments)
    assert specs == [Path("specs"), Path("gone.yaml"), Path("a/b.yml"), Path("gone")]
    assert targets == ("film.mp4", "clips/*", "storyboard.json")


def test_jobs_are_told_in_the_order_asked_for_and_once_each(toy: Project) -> None:
    for name in ("a", "b", "c"):
        toy.spec(name, provider="free", scenes=1)
    toy.done("a", "b", "c", until="storyboard")
    before = toy.snapshot()

    def told(*arguments: str) -> list[str]:
        return [job.name for job in status(arguments).jobs]

    assert told() == ["a", "b", "c"]
    assert told("specs/c.yaml", "a", "runs/b", "specs/a.yaml") == ["c", "a", "b"]
    assert told("b", "specs") == ["b", "a", "c"]
    assert toy.changes(before) == set()


def test_a_status_exits_0_whatever_it_finds_unless_nothing_can_be_told(toy: Project) -> None:
    toy.spec(provider="free", scenes=1)
    toy.done()
    toy.path("clip 0").write_bytes(b"no clip")
    found = status(["pier"])
    assert found.exit_code is Exit.DONE
    assert State.BROKEN in {outcome.state for outcome in found.jobs[0].targets}
    toy.layout().ledger.write_text("no ledger\nat all\n")
    assert status(["pier"]).exit_code is Exit.FAILED
    with pytest.raises(UsageError):
        status(["nobody"])


def test_before_the_storyboard_is_settled_no_file_is_called_an_orphan(toy: Project) -> None:
    toy.spec(provider="free")
    toy.done()
    toy.path("storyboard").write_text("{")
    states = {outcome.name: outcome.state for outcome in status([]).jobs[0].targets}
    assert State.ORPHAN not in states.values()
    assert states["film.mp4"] is not State.MISSING
