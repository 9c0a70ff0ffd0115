"""The disk that loses its power keeps what was synced, and of the rest what it is told to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.child import in_child
from tests.crash.disk import Recorder
from tests.crash.images import KINDS, Moment
from tests.crash.stage import write_image
from vidpipe.files import copy_file, fsync_directory, fsync_file, make_directory, write_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.images import Image

SURE, NAMES, HALVES, ZEROS, SOME = KINDS


def lost(root: Path, act: Callable[[], object], without: str = "") -> dict[str, Image]:
    """Do something, lose the power, and return what is left by kind of image."""

    def recorded() -> dict[str, Image]:
        recorder = Recorder(root, lambda: (0, 0), [without])
        recorder.install()
        act()
        os.mkdir(root / "end")  # noqa: PTH102 - the moment before it is the one
        return {kind: recorder.moments[-1].image(kind) for kind in KINDS}

    left = in_child(recorded)
    assert isinstance(left, dict)
    return left


def test_of_a_file_that_was_not_synced_the_name_the_half_or_nothing_is_left(tmp_path: Path) -> None:
    left = lost(tmp_path, lambda: (tmp_path / "a").write_bytes(b"abcd"))
    assert [left[kind] for kind in (SURE, NAMES, HALVES, ZEROS)] == [{}, {"a": b""}, {"a": b"ab"}, {"a": bytes(4)}]


def test_what_was_synced_of_a_file_that_grew_is_left_and_its_name_only_if_the_folder_was_synced(tmp_path: Path) -> None:
    def act() -> None:
        with (tmp_path / "a").open("wb") as file:
            file.write(b"abcd")
            file.flush()
            os.fsync(file.fileno())
            file.write(b"efgh")

    left = lost(tmp_path, act)
    assert [left[kind] for kind in (SURE, HALVES)] == [{}, {"a": b"abcdef"}]
    (tmp_path / "a").unlink()
    (tmp_path / "end").rmdir()

    def act_and_sync() -> None:
        act()
        fsync_directory(tmp_path)

    left = lost(tmp_path, act_and_sync)
    assert [left[kind] for kind in (SURE, HALVES)] == [{"a": b"abcd"}, {"a": b"abcdef"}]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_written_with_care_is_left_whole(tmp_path: Path, kind: str) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "a").write_bytes(b"old")
    left = lost(tmp_path, lambda: write_file(tmp_path / "a", b"new", scratch=tmp_path / "tmp"))
    assert left[kind]["a"] == b"new"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_moved_is_left_under_one_of_its_names(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a/file").write_bytes(b"abcd")

    def act() -> None:
        (tmp_path / "a/file").rename(tmp_path / "b/file")
        fsync_directory(tmp_path / "a")

    assert lost(tmp_path, act)[kind].get("b/file") == b"abcd"


def test_a_sync_can_be_left_out_by_who_does_it_and_by_who_wanted_it(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"abcd")

    def act() -> None:
        make_directory(tmp_path / "in")
        copy_file(tmp_path / "old", tmp_path / "in/new")

    assert lost(tmp_path, act, "copy_file > fsync_file")[NAMES]["in/new"] == b""
    (tmp_path / "in/new").unlink()
    (tmp_path / "in").rmdir()
    (tmp_path / "end").rmdir()
    assert lost(tmp_path, act, "make_directory > fsync_directory")[SURE].keys() == {"old"}


def test_what_a_killed_run_has_not_synced_is_not_sure_until_the_next_one_does(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    (first / "old").write_bytes(b"old")

    def killed_run() -> Moment:
        recorder = Recorder(first, lambda: (0, 0))
        recorder.install()
        (first / "old").rename(first / "new")
        (first / "torn").write_bytes(b"abcd")
        os.mkdir(first / "end")  # noqa: PTH102 - the moment before it is the one
        return recorder.moments[-1]

    killed = in_child(killed_run)
    assert isinstance(killed, Moment)
    write_image(second, killed.kept())

    def next_run() -> list[Image]:
        recorder = Recorder(second, lambda: (0, 0), since=killed)
        recorder.install()
        (second / "a").mkdir()
        fsync_file(second / "torn")
        (second / "b").mkdir()
        fsync_directory(second)
        (second / "c").mkdir()
        return [moment.image(SURE) for moment in recorder.moments if moment.operation.startswith("mkdir")]

    files = [{name: data for name, data in image.items() if data is not None} for image in images(in_child(next_run))]
    assert files == [{"old": b"old"}, {"old": b"old"}, {"new": b"old", "torn": b"abcd"}]


def images(told: object) -> list[Image]:
    """Return what a child has told."""
    assert isinstance(told, list)
    return told
