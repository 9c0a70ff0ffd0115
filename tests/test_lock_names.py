"""A lock names the process that holds it, or none: never one that held it before."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from vidpipe.engine.layout import Layout
from vidpipe.errors import BusyError
from vidpipe.lock import Holder, hold, holder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setattr("vidpipe.lock.PATIENCE", 0.0)
    layout = Layout(tmp_path / "job")
    layout.private.mkdir(parents=True)
    return layout


def gone() -> int:
    """Return the number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def leave(layout: Layout, pid: int, host: str) -> None:
    """Leave in the lock's file what a run that was killed leaves."""
    layout.lock.write_text(json.dumps({"pid": pid, "host": host}) + "\n")


def test_a_lock_that_is_given_back_names_nobody(layout: Layout) -> None:
    with hold(layout):
        assert json.loads(layout.lock.read_text())["pid"] == os.getpid()
    assert layout.lock.read_bytes() == b""


def test_the_killed_run_before_is_not_named_while_the_next_one_has_not_signed_yet(layout: Layout) -> None:
    leave(layout, gone(), socket.gethostname())
    with FileLock(layout.lock):
        assert holder(layout) == Holder()
        with pytest.raises(BusyError) as caught, hold(layout):
            pass
    assert "another run holds this job" in str(caught.value)
    assert "pid" not in str(caught.value)


def test_a_process_of_another_machine_is_named_for_nobody_can_tell_from_here(layout: Layout) -> None:
    leave(layout, gone(), "elsewhere")
    with FileLock(layout.lock):
        assert holder(layout) is not None
        assert str(holder(layout)).endswith("on elsewhere")


@pytest.mark.parametrize("host", ["studio", "a-name-that-is-very-much-longer-than-that-of-the-machine-before"])
def test_who_reads_while_a_name_is_written_finds_it_or_none(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    leave(layout, gone(), "a-host-whose-name-is-rather-long")
    monkeypatch.setattr("socket.gethostname", lambda: host)
    seen: list[str] = []
    write = os.write

    def looking(descriptor: int, data: bytes) -> int:
        written = write(descriptor, data)
        seen.append(str(holder(layout)))
        return written

    monkeypatch.setattr("os.write", looking)
    with hold(layout):
        assert str(holder(layout)) == f"pid {os.getpid()} on {host}"
    assert set(seen) <= {f"pid {os.getpid()} on {host}", str(Holder())}
    assert seen


@pytest.mark.parametrize("text", ['{"pid": 1e999, "host": "x"}', "[" * 4096, '{"pid": "NaN"}', "[]", "\x00"])
def test_a_forged_text_names_nobody_and_is_no_bug(layout: Layout, text: str) -> None:
    layout.lock.write_text(text)
    with FileLock(layout.lock):
        assert holder(layout) == Holder()
        with pytest.raises(BusyError, match="it does not say which process it is"), hold(layout):
            pass


def test_a_run_that_fails_gives_its_name_back(layout: Layout) -> None:
    with pytest.raises(ZeroDivisionError), hold(layout):
        raise ZeroDivisionError
    assert layout.lock.read_bytes() == b""
