"""A system call that writes less than it was given, which it may do at any time, tears nothing."""

from __future__ import annotations

import builtins
import io
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from tests.project import Project

MOST = 7


class Short(io.FileIO):
    """A file that takes a few bytes at a time."""

    written = 0

    def write(self, data: Any) -> int:
        """Write the first few bytes and say how many they were."""
        Short.written += 1
        return super().write(bytes(memoryview(data).cast("B")[:MOST]))


def shorten(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every write of this process, to a descriptor or to a file of whatever kind, be short; return the counts."""
    write, opened, counts = os.write, io.open, list[int]()

    def short(descriptor: int, data: Any) -> int:
        counts.append(write(descriptor, bytes(data)[:MOST]))
        return counts[-1]

    def open_short(path: Any, mode: str = "r", buffering: int = -1, *given: Any, **named: Any) -> Any:
        if not set("wax+") & set(mode) or not isinstance(path, str | os.PathLike):
            return opened(path, mode, buffering, *given, **named)
        raw = Short(os.fspath(path), mode.replace("b", "").replace("t", ""))
        if "b" not in mode:
            return io.TextIOWrapper(io.BufferedWriter(raw), *given, **named)
        return raw if buffering == 0 else io.BufferedWriter(raw)

    monkeypatch.setattr(os, "write", short)
    monkeypatch.setattr(io, "open", open_short)
    monkeypatch.setattr(builtins, "open", open_short)
    return counts


def test_a_job_whose_every_write_is_short_comes_out_the_same(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.server.deterministic = True
    toy.spec(scenes=1, seed=1)
    toy.spec("other", scenes=1, seed=1)
    toy.done("pier")
    with monkeypatch.context() as patched:
        counts = shorten(patched)
        toy.done("other")
    assert counts.count(MOST) > 100, "the ledger was written in some other way"
    assert Short.written > 100, "the files were written in some other way"
    mine, others = toy.files("pier"), toy.files("other")
    assert {name for name in mine if mine[name] != others.get(name)} <= {"film.json"}
    assert mine.keys() == others.keys()
    assert toy.spent("other") == toy.spent("pier")
    toy.rests("pier", "other")
