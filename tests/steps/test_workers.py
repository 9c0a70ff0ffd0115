"""Worker processes in a run: a file that crashes the decoder costs one target, and a finished job needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import Exit
from vidpipe.media.worker import shared
from vidpipe.media.worker.pool import Workers

if TYPE_CHECKING:
    import pytest

    from tests.project import Project


def refuse() -> Workers:
    raise AssertionError("a worker is wanted")


def test_a_run_with_nothing_to_do_starts_no_worker(pier: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "shared_workers", refuse)
    pier.rests()


def test_a_clip_that_crashes_the_decoder_costs_that_clip_and_is_not_paid_for_twice(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec()
    with Workers(registry="tests.media.worker.deeds") as crashing, monkeypatch.context() as patch:
        patch.setattr(shared, "_pool", crashing)
        ran = toy.run()
    assert ran.exit == Exit.DECISION
    assert "the decoder crashed (signal 11, SIGSEGV)" in ran.said
    assert ran.made >= {"storyboard", "start 0"}
    assert toy.server.calls == (1, 4, 3)
    assert toy.done().did >= {"clip 0", "clip 1", "clip 2", "film"}
    assert toy.server.calls == (1, 4, 3)
