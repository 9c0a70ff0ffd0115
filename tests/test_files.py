"""The operations that everything is built from: a folder that is there is durable, whoever has made it."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from tests.syncs import watch
from vidpipe.files import fsync_directory, fsync_file, make_directory, sync_names, sync_way

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_folder_is_made_with_every_name_on_the_way_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = watch(monkeypatch, tmp_path)
    assert make_directory(tmp_path / "runs/pier/.vidpipe")
    assert synced == [".", "runs", "runs/pier"]


def test_a_folder_that_is_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = watch(monkeypatch, tmp_path)
    assert not make_directory(tmp_path)
    assert synced == []


def test_who_finds_a_folder_that_another_thread_makes_goes_on_when_it_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def second() -> None:
        make_directory(tmp_path / "runs")
        told.append("found")

    thread = threading.Thread(target=second)

    def slowly(path: str) -> None:
        if path == ".":
            thread.start()
            thread.join(0.2)
            told.append("synced")

    watch(monkeypatch, tmp_path, slowly)
    make_directory(tmp_path / "runs")
    thread.join()
    assert told == ["synced", "found"]


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        make_directory(tmp_path / "link")


def test_the_way_to_a_folder_is_synced_as_far_as_it_is_there_and_no_further_up_than_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    synced = watch(monkeypatch, tmp_path)
    sync_way(tmp_path / "a/b/c/not there yet", levels=3)
    assert synced == ["a/b", "a"]


def test_a_folder_above_that_may_not_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.setattr("os.access", lambda path, _mode: path != tmp_path)
    synced = watch(monkeypatch, tmp_path)
    sync_way(tmp_path / "a/b", levels=2)
    assert synced == ["a"]


def test_names_are_synced_in_all_folders_but_those_left_out_and_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("in/deep", "in/out/deep", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    synced = watch(monkeypatch, tmp_path)
    sync_names(tmp_path / "in", leave_out=[tmp_path / "in/out"])
    sync_names(tmp_path / "not there")
    assert sorted(synced) == ["in", "in/deep"]


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        sync_names(tmp_path)


@pytest.mark.parametrize("sync", [fsync_file, fsync_directory])
def test_an_error_of_syncing_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sync: Callable[[Path], None]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"") if sync is fsync_file else path.mkdir()

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="Input/output error") as caught:
        sync(path)
    assert caught.value.filename == str(path)
