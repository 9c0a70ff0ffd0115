"""A run that is killed between any two file operations: the next makes the same film byte for byte and pays once."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.crash.crashing import Scene, Vendor, crash, survey
from tests.project import Project
from vidpipe.engine import commit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.toy import Server

    Connect = Callable[[Server], None]


def prepare(folder: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch, **keys: object) -> Project:
    """Return a new project with one spec."""
    (folder / ".git").mkdir(parents=True)
    (folder / "specs").mkdir()
    monkeypatch.chdir(folder)
    vendor = Vendor(deterministic=True, books=folder / "vendor.pickle")
    connect(vendor)
    project = Project(folder, vendor)
    project.spec(**keys)
    return project


def first_run(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch, **keys: object) -> Scene:
    """Return the first run of a job."""
    project = prepare(tmp_path / "first", connect, monkeypatch, **keys)
    return survey(project.root, tmp_path / "undisturbed", connect)


def another_style(tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch, **keys: object) -> Scene:
    """Return the run that makes a finished film again in another style."""
    project = prepare(tmp_path / "first", connect, monkeypatch, **keys)
    project.done()
    project.spec(**{**keys, "style": "noir"})
    return survey(project.root, tmp_path / "undisturbed", connect)


SCENARIOS = {"first run": first_run, "another style": another_style}


@pytest.mark.parametrize(
    ("what", "provider", "scenes", "every"),
    [
        ("first run", "toy", 1, 6),
        ("first run", "toy", 2, 23),
        ("first run", "free", 2, 23),
        ("another style", "toy", 1, 6),
        ("another style", "toy", 2, 29),
        ("another style", "free", 1, 23),
    ],
)
def test_a_killed_run_is_rolled_forward_by_the_next_one(
    tmp_path: Path,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    provider: str,
    scenes: int,
    every: int,
) -> None:
    scene = SCENARIOS[what](tmp_path, connect, monkeypatch, provider=provider, scenes=scenes)
    step = int(os.environ.get("CRASH_EVERY", every))
    ats = range(1 + step // 2, scene.operations + 1, step)
    assert [told for at in ats for told in crash(scene, tmp_path / f"{at}", [at], connect)] == []


def test_a_rerun_that_is_killed_as_well_is_rolled_forward_too(
    tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = another_style(tmp_path, connect, monkeypatch, scenes=1)
    chance = random.Random(7)
    for number in range(6):
        first = chance.randrange(20, scene.operations)
        ats = [first, chance.randrange(1, scene.operations - first + 20), chance.randrange(1, 40)]
        assert crash(scene, tmp_path / f"{number}", ats, connect) == []


def test_without_the_pending_record_these_tests_would_fail(
    tmp_path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "write_pending", lambda _store, _pending: None)
    scene = another_style(tmp_path, connect, monkeypatch, scenes=1, provider="free")
    found = (crash(scene, tmp_path / f"{at}", [at], connect) for at in range(60, scene.operations))
    assert "edited by hand" in next("; ".join(told) for told in found if told)


def test_what_a_killed_run_was_writing_is_cleared_away_though_nothing_is_left_to_make(toy: Project) -> None:
    toy.spec()
    toy.done()
    layout = toy.layout()
    layout.index.unlink(missing_ok=True)  # as it is until a run has come to its end
    draft = layout.scratch / "0123456789ab-index.json"
    draft.write_bytes(b"{")
    assert toy.done().did == set()
    assert not draft.exists()
    toy.rests()


def test_a_copy_of_the_film_that_a_killed_run_left_half_written_goes_with_the_next_one(toy: Project) -> None:
    toy.spec(output="films/pier.mp4")
    toy.done()
    film, half = toy.root / "films/pier.mp4", toy.root / "films/.pier.mp4.vidpipe-part"
    half.write_bytes(film.read_bytes()[:100])
    film.unlink()
    toy.done()
    assert film.read_bytes() == toy.bytes("film")
    assert not half.exists()
