"""Every sync of vidpipe is there for something: leaving it out is found by a test, or there is a reason why it is not.

The calls are read from the source, so that a new one cannot be forgotten here.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import vidpipe
from tests.crash.test_power import test_a_sync_that_is_left_out_is_found as left_out
from tests.syncs import watch
from vidpipe.commands.clean import clean
from vidpipe.files import remove_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tests.project import Project

SOURCE = Path(vidpipe.__file__).parent
TESTS = Path(__file__).parents[1]
SYNCS = {"fsync", "fsync_file", "fsync_directory"}
PRIMITIVES = {"files.py fsync_directory > fsync", "files.py fsync_file > fsync"}
"""What all others are made of."""
CACHE = "a reason: what a cache lacks is made again, and its digests tell what is torn"
COPY = "a reason: a preview costs nothing and is made again"
FOUND = {
    "files.py make_directory > fsync_directory": "left out: make_directory > fsync_directory",
    "files.py sync_names > fsync_directory": "crash/test_power.py::"
    "test_names_that_a_killed_run_left_and_the_next_one_does_not_sync_are_found",
    "files.py sync_way > fsync_directory": "test_files.py::"
    "test_the_way_to_a_folder_is_synced_as_far_as_it_is_there_and_no_further_up_than_wanted",
    "files.py put > fsync_directory": "left out: put > fsync_directory",
    "files.py write_file > fsync": "left out: write_file",
    "files.py copy_file > fsync_file": "left out: copy_file > fsync_file",
    "files.py remove_file > fsync_directory": "crash/test_syncs.py::test_a_file_is_removed_durably",
    "engine/commit.py commit > fsync_file": "left out: commit > fsync_file",
    "engine/commit.py commit > fsync_directory": "left out: commit > fsync_directory",
    "engine/commit.py set_aside > fsync_file": "a reason: once more, a draft was synced before its pending record",
    "engine/commit.py archive_file > fsync_directory": "engine/test_unreadable.py::"
    "test_a_copy_that_is_in_the_archive_already_has_a_durable_name_before_the_file_is_replaced",
    "engine/commit.py _sync_target > fsync_file": "engine/test_unreadable.py::"
    "test_a_file_of_a_persons_is_durable_before_it_is_recorded",
    "engine/commit.py _sync_target > fsync_directory": "engine/test_unreadable.py::"
    "test_a_file_of_a_persons_is_durable_before_it_is_recorded",
    "lock.py _make_sure > fsync_directory": "test_lock_sync.py::"
    "test_who_takes_the_lock_syncs_the_ledger_and_every_name_before_anything_else",
    "lock.py _make_sure > fsync_file": "test_lock_sync.py::"
    "test_who_takes_the_lock_syncs_the_ledger_and_every_name_before_anything_else",
    "ledger/lines.py append_line > fsync": "left out: append_line",
    "ledger/lines.py append_line > fsync_directory": "left out: append_line > fsync_directory",
    "steps/placed.py place_outside > fsync_file": "left out: place_outside > fsync_file",
    "commands/clean.py _remove > fsync_directory": "crash/test_syncs.py::test_what_is_cleaned_away_is_gone_for_good",
    "commands/init.py _create > fsync": "commands/test_init.py::test_a_full_disk_leaves_no_torn_spec",
    "commands/init.py _create > fsync_directory": "a reason: nothing is bought before a person has edited the spec",
    "commands/preview_copies.py _place_copy > fsync": COPY,
    "media/cache.py prune > fsync_directory": CACHE,
    "media/film_tasks.py pieces > fsync_file": CACHE,
}
"""Which test finds that a sync is left out."""


def calls() -> Iterator[str]:
    """Yield every call of a function that syncs, with its file and the function that calls it."""
    for path in SOURCE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                place = f"{path.relative_to(SOURCE).as_posix()} {function.name}"
                yield from (f"{place} > {name}" for name in map(named, ast.walk(function)) if name in SYNCS)


def named(node: ast.AST) -> str | None:
    """Return the name, or the attribute, that an expression stands for: passing a function on counts as calling it."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def test_every_sync_is_missed_by_a_test_or_not_needed_for_a_reason() -> None:
    assert set(calls()) - PRIMITIVES == FOUND.keys()
    tried = {case[0] for mark in left_out.pytestmark for case in mark.args[1]}  # type: ignore[attr-defined]
    for place, by in FOUND.items():
        kind, _, what = by.partition(": ")
        if kind == "left out":
            assert what in tried, f"nobody leaves out {what}"
            assert what in {place.partition(" ")[2], place.partition(" ")[2].removesuffix(" > fsync")}
        elif kind != "a reason":
            file, _, test = by.partition("::")
            assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8"), by


def test_a_file_is_removed_durably(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in/file"
    path.touch()
    synced = watch(monkeypatch, tmp_path, lambda _: there.append(path.exists()))
    there: list[bool] = []
    remove_file(path)
    assert (synced, there) == (["in"], [False])
    remove_file(path)
    assert synced == ["in"]


def test_what_is_cleaned_away_is_gone_for_good(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.spec(scenes=1)
    toy.done()
    toy.edit_scene(0, video_motion_prompt="other")
    toy.done()
    layout = toy.layout()
    there: list[bool] = []

    def look(place: str) -> None:
        if place == "archive/content":
            there.append(any((layout.archive / "content").iterdir()))

    synced = watch(monkeypatch, layout.private, look)
    (cleaning,) = clean(["pier"], archive=True, remove=True)
    gone = [removal.path.parent.relative_to(layout.private).as_posix() for removal in cleaning.removals]
    assert {".", "archive/content"} <= set(gone)
    assert there[-1] is False
    assert [synced.count(folder) >= gone.count(folder) for folder in sorted(set(gone))] == [True] * len(set(gone))
