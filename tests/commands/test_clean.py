"""`clean` removes what nobody needs, says it first, and never touches a file that a run uses."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from vidpipe.commands.clean import clean
from vidpipe.commands.redo import redo
from vidpipe.engine.layout import Layout
from vidpipe.errors import Exit
from vidpipe.lock import hold

if TYPE_CHECKING:
    from tests.project import Project
    from vidpipe.answers import Cleaning


RUBBISH = {"temporary", "cache"}


@pytest.fixture
def made(toy: Project) -> Project:
    """Return a project whose job `pier` is done, with rubbish in its scratch folder."""
    toy.spec()
    toy.done()
    (toy.layout().scratch / "abc-film").mkdir(parents=True)
    (toy.layout().scratch / "abc-film" / "part.mp4").write_bytes(b"12345")
    return toy


def names(found: list[Cleaning]) -> list[str]:
    return [item.path.relative_to(job.directory).as_posix() for job in found for item in job.removals]


def scratch(project: Project) -> set[str]:
    return {path.name for path in project.layout().scratch.iterdir()}


def test_without_yes_nothing_is_removed(made: Project) -> None:
    before = made.snapshot()
    found = clean([], orphans=True, archive=True)
    assert ".vidpipe/tmp/abc-film" in names(found)
    assert not found[0].done
    assert made.changes(before) == set()


def test_temporaries_and_caches_go_and_the_job_stays_up_to_date(made: Project) -> None:
    made.layout().index.write_text("{}")
    found = clean(["pier"], remove=True)
    assert names(found) == [".vidpipe/tmp/abc-film", ".vidpipe/index.json", ".vidpipe/cache"]
    assert [item.size for item in found[0].removals][:2] == [5, 2]
    assert found[0].removals[2].size > 0
    assert scratch(made) == set()
    assert not made.layout().cache.exists()
    assert made.done().did == set()


def test_a_draft_that_the_next_run_places_is_no_temporary(made: Project) -> None:
    record = made.record("clip 0")
    (made.layout().scratch / "draft.mp4").write_bytes(made.bytes("clip 0"))
    from vidpipe.engine.pending import Pending, write_pending
    from vidpipe.engine.store import Store

    write_pending(Store(made.layout()), Pending(record, "draft.mp4", None))
    clean([], remove=True)
    assert scratch(made) == {"draft.mp4"}


def test_orphans_go_only_if_asked_for_and_carry_what_was_paid(made: Project) -> None:
    value = made.board()
    del value["scenes"][2]
    made.write_board(value)
    made.done()
    assert "clips/scene-002.mp4" not in names(clean([]))
    found = clean([], orphans=True, remove=True)
    orphans = {item.path.name: item.cost for item in found[0].removals if item.reason == "orphan"}
    assert orphans == {"scene-002-end.png": made.record("end 2").cost, "scene-002.mp4": made.record("clip 2").cost}
    assert not made.path("clip 2").exists()
    assert made.done().did == set()


def test_an_orphan_that_the_next_run_copies_from_stays(made: Project) -> None:
    made.edit_scene(2, continuity="cut")
    made.done()
    value = made.board()
    del value["scenes"][1]
    made.write_board(value)
    assert "clip 1" in made.plan().restored
    found = clean([], orphans=True, remove=True)
    assert "clips/scene-002.mp4" not in names(found)
    assert found[0].kept
    assert "clip 1" in made.done().restored


@pytest.mark.parametrize("text", ["{", None], ids=["broken", "missing"])
def test_while_the_storyboard_is_not_settled_nothing_is_an_orphan(made: Project, text: str | None) -> None:
    board = made.path("storyboard")
    board.write_text(text) if text else board.unlink()
    made.spec(script="Another script.")
    made.path("clip 2").with_name("scene-009.mp4").write_bytes(made.bytes("clip 2"))
    found = clean([], orphans=True, archive=True, remove=True)
    assert not any(item.reason not in RUBBISH for item in found[0].removals)
    assert "orphans and archive stay" in found[0].kept[0]
    assert made.path("clip 2").exists()


def test_the_archive_goes_free_takes_first_and_never_what_the_next_run_brings_back(made: Project) -> None:
    redo(made.load()[0], ["clips/scene-000.mp4", "film.mp4"])
    made.done()
    made.edit_scene(1, video_motion_prompt="pan left")
    made.done()
    made.edit_scene(1, video_motion_prompt="motion 1.")
    plan = made.plan()
    assert plan.restored == {"clip 1", "film"}
    found = clean([], archive=True, remove=True)
    costs = [item.cost for item in found[0].removals if item.reason not in RUBBISH]
    assert costs == sorted(costs)
    assert costs[0] == 0
    assert costs[-1] > 0
    assert found[0].kept == ("2 archived or orphaned files stay: the next run brings them back",)
    assert made.done().restored == {"clip 1", "film"}


def test_a_job_that_a_run_works_on_is_left_alone(made: Project) -> None:
    with hold(made.layout()):
        assert names(clean([])) == []
        (found,) = clean([], remove=True)
    assert (found.exit_code, found.removals) == (Exit.BUSY, ())
    assert "--wait" not in found.problem, "an option that clean does not have"
    assert scratch(made) == {"abc-film"}


def test_a_job_that_was_never_made_has_nothing_to_clean(toy: Project) -> None:
    toy.spec()
    before = toy.snapshot()
    assert clean([], remove=True, orphans=True) == []
    assert toy.changes(before) == set()


def test_what_a_preview_was_made_in_is_a_cache_and_its_film_stays(made: Project) -> None:
    folder = made.root / "runs" / ".preview" / "pier"
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(b"12345678")
    film = made.root / "runs" / "pier.preview.mp4"
    film.write_bytes(b"film")
    (found,) = clean(["pier"], remove=True)
    assert ("cache", 8) in [(item.reason, item.size) for item in found.removals]
    assert not folder.exists()
    assert film.exists()


def test_what_a_preview_is_being_made_in_stays(made: Project) -> None:
    preview = Layout(made.root / "runs" / ".preview" / "pier")
    with hold(preview):
        (preview.root / "film.mp4").write_bytes(b"12345678")
        (looked,) = clean(["pier"])
        assert not any(item.path == preview.root for item in looked.removals)
        assert "its preview is being made" in looked.kept[0]
        (found,) = clean(["pier"], remove=True)
        assert (found.exit_code, "pid" in found.problem) == (Exit.BUSY, True)
        assert (preview.root / "film.mp4").exists()
    assert clean(["pier"], remove=True)[0].exit_code is Exit.DONE
    assert not preview.root.exists()


def test_the_preview_of_a_job_that_was_never_run_is_known(toy: Project) -> None:
    toy.spec()
    folder = toy.root / "runs" / ".preview" / "pier"
    folder.mkdir(parents=True)
    (folder / "film.mp4").write_bytes(b"12345678")
    (found,) = clean([], remove=True, orphans=True)
    assert [(item.path, item.size) for item in found.removals] == [(folder, 8)]
    assert not folder.exists()
    assert not toy.layout().root.exists()


@pytest.mark.parametrize("trouble", ["busy", "damaged"])
def test_what_stops_one_job_stops_no_other_and_what_was_removed_is_told(made: Project, trouble: str) -> None:
    for name in ("quay", "tram"):
        made.spec(name, provider="free", scenes=1)
        made.done(name)
        (made.layout(name).scratch / "part.mp4").write_bytes(b"123")
    held = made.layout("quay")
    if trouble == "damaged":
        held.pendings.mkdir(exist_ok=True)
        (held.pendings / "film.mp4.json").write_text("{")
    with hold(held) if trouble == "busy" else nullcontext():
        pier, quay, tram = clean(["pier", "quay", "tram"], remove=True)
    assert [found.exit_code for found in (pier, quay, tram)] == [
        Exit.DONE,
        Exit.BUSY if trouble == "busy" else Exit.FAILED,
        Exit.DONE,
    ]
    assert quay.problem
    assert "abc-film" in {item.path.name for item in pier.removals}
    assert "part.mp4" in {item.path.name for item in tram.removals}
    assert (held.scratch / "part.mp4").exists()


def test_an_orphan_of_a_persons_own_hand_stays_and_is_named(made: Project) -> None:
    value = made.board()
    del value["scenes"][2]
    made.write_board(value)
    made.done()
    painted = made.path("end 2")
    painted.write_bytes(made.bytes("end 0") + b"edited")
    own = painted.with_name("sketch.png")
    own.write_bytes(b"mine")
    (found,) = clean([], orphans=True, remove=True)
    assert {item.path.name for item in found.removals if item.reason == "orphan"} == {"scene-002.mp4"}
    assert (painted.exists(), own.read_bytes()) == (True, b"mine")
    assert found.kept == tuple(
        f"keyframes/{name} is an orphan of your own hand and stays; remove it yourself"
        for name in ("scene-002-end.png", "sketch.png")
    )
