"""The watch notices what it is there for: a guard that sees nothing would pass everything."""

from __future__ import annotations

import _socket
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hostile.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable


def _connect() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:  # nothing is sent
        _socket.socket.connect(door, ("192.0.2.1", 9))  # past the guard that keeps these tests from it


DEEDS: dict[str, Callable[[Path], object]] = {
    "reads": lambda there: (there / "x").read_bytes(),
    "reads through a link": lambda there: (there.parent / "project" / "link" / "x").read_bytes(),
    "reads through ..": lambda there: (there.parent / "project" / ".." / "elsewhere" / "x").read_bytes(),
    "reads /etc/passwd": lambda _there: Path("/etc/passwd").read_bytes(),
    "reads its environment": lambda _there: Path("/proc/self/environ").read_bytes(),
    "reads another's environment": lambda _there: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "lists /proc": lambda _there: list(Path("/proc").iterdir()),
    "lists": lambda there: list(there.iterdir()),
    "writes": lambda there: (there / "y").write_bytes(b""),
    "appends": lambda there: os.close(os.open(there / "x", os.O_APPEND | os.O_WRONLY)),
    "creates": lambda there: (there / "z").mkdir(),
    "removes": lambda there: (there / "x").unlink(),
    "moves in": lambda there: (there.parent / "project" / "a").rename(there / "a"),
    "moves out": lambda there: (there / "x").rename(there.parent / "project" / "x"),
    "copies in": lambda there: shutil.copyfile(there.parent / "project" / "a", there / "b"),
    "removes all": shutil.rmtree,
    "links": lambda there: (there / "l").symlink_to("x"),
    "changes times": lambda there: os.utime(there / "x"),
    "connects": lambda _there: _connect(),
    "starts": lambda _there: subprocess.run(["true"], check=True),
}


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Return a project and a folder elsewhere."""
    project, there = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    there.mkdir()
    (there / "x").write_text("x")
    (project / "a").write_text("a")
    (project / "link").symlink_to(there)
    return project, there


@pytest.mark.parametrize("deed", DEEDS)
def test_what_happens_elsewhere_is_seen(places: tuple[Path, Path], deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project, there = places

    def main(_arguments: list[str]) -> int:
        DEEDS[deed](there)
        return 0

    monkeypatch.setattr("tests.hostile.watch.main", main)
    done = watched([], project, project.parent / "notes")
    assert done.code == 0, done.told
    assert done.trespasses


def test_what_happens_in_the_project_is_nobodys_business(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = places

    def main(_arguments: list[str]) -> int:
        (project / "b").write_bytes((project / "a").read_bytes())
        (project / "b").rename(project / "c")
        assert list(Path("/proc/self/fd").iterdir())
        return 7

    monkeypatch.setattr("tests.hostile.watch.main", main)
    done = watched([], project, project.parent / "notes")
    assert (done.code, done.trespasses) == (7, ())


def test_what_hangs_is_ended(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(places[0] / "pipe")
    monkeypatch.setattr("tests.hostile.watch.main", lambda _arguments: (places[0] / "pipe").read_bytes())
    began = time.monotonic()
    assert watched([], places[0], places[0].parent / "notes", patience=0.3).code is None
    assert time.monotonic() - began < 5
