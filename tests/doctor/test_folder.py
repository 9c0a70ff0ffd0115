"""Room and locks, where job directories lie."""

from __future__ import annotations

import errno
from collections import namedtuple
from pathlib import Path

import pytest

from vidpipe.doctor.finding import State
from vidpipe.doctor.folder import LEAST, SCANT, file_system, locks, room, standing

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the disk out of it: no test pulls the plug."""
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)


@pytest.mark.parametrize(
    ("free", "state"),
    [(SCANT, State.OK), (SCANT - 1, State.WARN), (LEAST, State.WARN), (LEAST - 1, State.FAIL)],
)
def test_little_room_is_warned_of_and_too_little_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage(free, 0, free))
    found = room(tmp_path / "runs")
    assert found.state is state
    assert bool(found.fix) is (state is not State.OK)


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above_it(tmp_path: Path) -> None:
    assert standing(tmp_path / "a" / "b") == tmp_path
    assert locks(tmp_path / "a" / "b", "").state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_the_file_system_does_not_take_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", flock)
    found = locks(tmp_path, "")
    assert found.state is State.FAIL
    assert "Operation not supported" in found.said
    assert "--dir" in found.fix
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_keeps_nobody_out_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", lambda _descriptor, _operation: None)
    found = locks(tmp_path, "")
    assert found.state is State.FAIL
    assert "does not keep a second run out" in found.said


def test_a_kernel_without_the_lock_fails_without_a_warning_of_the_librarys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", flock)
    assert locks(tmp_path, "").state is State.FAIL
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def mkdtemp(*_given: object, **_named: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", mkdtemp)
    assert "Permission denied" in locks(tmp_path, "").said
    assert locks(tmp_path, "").state is State.FAIL


def test_a_folder_on_a_network_is_warned_of(tmp_path: Path) -> None:
    found = locks(tmp_path, f"/dev/a / ext4 rw 0 0\nserver:/films {tmp_path} nfs4 rw 0 0\n")
    assert found.state is State.WARN
    assert "(nfs4)" in found.said


def test_the_file_system_is_that_of_the_innermost_and_latest_mount() -> None:
    mounts = "rootfs / ext4 rw 0 0\nx /films tmpfs rw 0 0\nx /films xfs rw 0 0\n"
    mounts += "x /fil btrfs rw 0 0\ny /a\\040b nfs rw 0 0\nodd\n"
    kinds = [file_system(Path(folder), mounts) for folder in ("/", "/films/runs", "/filmsy", "/a b/c")]
    assert kinds == ["ext4", "xfs", "ext4", "nfs"]
    assert file_system(Path("/films"), "") == ""
