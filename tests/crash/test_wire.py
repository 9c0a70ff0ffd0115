"""The wire sees every way in which files are changed, and can stop each of them halfway."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.crash.wire import WHOLE, Wire, kill
from vidpipe.media.encode import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def wired(root: Path, act: Callable[[], object], at: int | str = WHOLE, deed: Callable[[], object] = kill) -> Wire:
    """Do something in a child that has a wire; the child ends well, is killed, or fails with an OSError."""
    wire = Wire(root, at, deed)
    child = os.fork()
    if child == 0:
        try:
            wire.install()
            act()
        except OSError:
            os._exit(2)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in {1, 2}
    return wire


def full_disk() -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("deed", [kill, full_disk])
def test_a_write_can_end_in_its_middle_whoever_makes_it(tmp_path: Path, deed: Callable[[], object]) -> None:
    def by_path() -> None:
        (tmp_path / "a").write_bytes(b"abcdef")

    def by_descriptor() -> None:
        os.write(os.open(tmp_path / "b", os.O_WRONLY | os.O_CREAT), b"abcdef")

    def as_text() -> None:
        with (tmp_path / "c").open("a", encoding="utf-8") as file:
            file.write("abcdef")

    def by_both() -> None:
        with os.fdopen(os.open(tmp_path / "d", os.O_WRONLY | os.O_CREAT), "wb") as file:
            file.write(b"abcdef")

    for name, act in (("a", by_path), ("b", by_descriptor), ("c", as_text), ("d", by_both)):
        wire = wired(tmp_path, act, f"write on {name} 1", deed)
        assert (tmp_path / name).read_bytes() == b"abc"
        assert wire.names[-1] == f"write on {name} 1"


def test_a_copy_can_end_in_its_middle(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"abcdef")
    wired(tmp_path, lambda: shutil.copyfile(tmp_path / "old", tmp_path / "new"), "send new 2")
    assert (tmp_path / "new").read_bytes() == b"abc"


def test_what_ffmpeg_writes_is_seen_and_can_be_cut_off_while_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"

    def film() -> None:
        plane = np.zeros((16, 16), np.uint8)
        with Encoder(path, (16, 16), audio=False) as encoder:
            for _ in range(24):
                encoder.write_planes(plane, plane[:8, :8], plane[:8, :8])

    names = wired(tmp_path, film).names
    whole = path.read_bytes()
    assert names[0] == "open clip.mp4 1"
    assert [name for name in names if name.startswith("close")] == ["close clip.mp4 1", "close on clip.mp4 1"]
    assert any(name.startswith("grown") for name in names)
    wired(tmp_path, film, "close on clip.mp4 1")
    assert path.read_bytes() == whole[: len(whole) // 2]


def test_names_that_come_and_go_are_seen_below_the_folder_and_nowhere_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()

    def act() -> None:
        (outside / "a").write_bytes(b"a")
        (inside / "deep").mkdir()
        (inside / "deep/0123456789ab-b").write_bytes(b"")
        (inside / "deep/0123456789ab-b").replace(inside / "c")
        (inside / "d").symlink_to("c")
        (inside / "e").hardlink_to(inside / "c")
        os.utime(inside / "c")
        os.fsync(os.open(inside, os.O_RDONLY))
        shutil.rmtree(inside / "deep")

    assert wired(inside, act).names == [
        "mkdir deep 1",
        "open deep/b 1",
        "opened deep/b 1",
        "replace c 1",
        "symlink d 1",
        "link e 1",
        "utime c 1",
        "fsync . 1",
        "rmdir deep 1",
    ]


def test_operations_before_which_nothing_has_changed_are_not_points_of_their_own(tmp_path: Path) -> None:
    def act() -> None:
        with (tmp_path / "a").open("wb") as file:
            file.write(b"abc")
            file.flush()
            os.fsync(file.fileno())
        os.utime(tmp_path / "a")

    wire = wired(tmp_path, act)
    assert [name for name in wire.names if name not in wire.apart] == ["write a 1", "utime a 1"]


def test_an_operation_is_chosen_by_its_number_as_well(tmp_path: Path) -> None:
    def act() -> None:
        for name in "abc":
            (tmp_path / name).mkdir()

    wired(tmp_path, act, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
