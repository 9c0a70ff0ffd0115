"""What goes wrong with one job, or one target, stops no other, and is counted."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.project import Project, Ran
from vidpipe.batch import run_batch
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.options import RunOptions
from vidpipe.providers.base import NotAcceptedError, RefusedError
from vidpipe.results import JobState

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_job_that_fails_stops_no_other_and_the_worst_exit_counts(toy: Project) -> None:
    toy.spec("good", scenes=1)
    toy.spec("refused", scenes=1, script="Blood.")
    toy.spec("broken", scenes=1, script="Sand.")
    toy.server.on("video", RefusedError("violence"), holding="Blood", times=None)
    toy.server.on("video", NotAcceptedError("400"), holding="Sand", times=None)
    ran = toy.run("refused", "broken", "good")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.INCOMPLETE, Exit.FAILED, Exit.DONE]
    assert ran.exit is Exit.FAILED


def tells_of_one_and_makes_the_other(toy: Project, trouble: str) -> None:
    """Prove that `pier`, which is in trouble, keeps no run, plan or status from telling of `good`."""
    toy.spec("good", scenes=1)
    planned = Ran(run_batch(toy.load("pier", "good"), RunOptions(dry=True)))
    ran = toy.run("pier", "good")
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.DONE]
    assert trouble in ran.said
    assert trouble in planned.said
    assert [job.name for job in planned.result.jobs] == ["pier", "good"]


@pytest.mark.parametrize("place", ["", "clips", ".vidpipe"])
def test_a_job_directory_that_cannot_be_looked_into_stops_no_other_job(
    toy: Project, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    toy.spec(scenes=1)
    toy.done()
    closed = toy.layout().root / place
    usual: Any = os.scandir

    def refuse(path: str | Path | int) -> Iterator[os.DirEntry[str]]:
        if not isinstance(path, int) and Path(path).is_relative_to(closed):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return usual(path)  # type: ignore[no-any-return]

    monkeypatch.setattr(os, "scandir", refuse)
    tells_of_one_and_makes_the_other(toy, "Permission denied")


def test_a_link_to_itself_in_a_job_directory_stops_no_other_job(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    toy.path("clip 0").unlink()
    toy.path("clip 0").symlink_to(toy.path("clip 0").name)
    tells_of_one_and_makes_the_other(toy, "clips/scene-000.mp4: Too many levels of symbolic links")


def test_a_job_directory_that_names_a_spec_behind_links_in_a_circle_is_given_up(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    (toy.root / "loop").symlink_to("loop")
    toy.layout().job.write_text('{"format": 1, "spec": "loop/x.yaml"}')
    toy.done()


def test_after_one_target_fails_what_does_not_need_it_goes_on(toy: Project) -> None:
    toy.spec()
    toy.server.on("image", NotAcceptedError("400"), holding="end 1.")
    ran = toy.run()
    assert ran.made == {"storyboard", "start 0", "end 0", "clip 0"}
    assert ran.acted(Action.FAILED) == {"end 1"}
    assert ran.acted(Action.BLOCKED) == {"end 2", "clip 1", "clip 2", "film"}
    assert ran.reasons("clip 1") == "needs keyframes/scene-001-end.png, which is not made"
    assert ran.exit is Exit.FAILED
    assert toy.done().made == {"end 1", "end 2", "clip 1", "clip 2", "film"}
    assert toy.server.calls == (1, 4, 3)


def test_failing_fast_begins_nothing_more_and_finishes_what_is_under_way(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_JOBS", "1")
    toy.spec("one", scenes=1)
    toy.spec("two", scenes=1)
    toy.server.on("image", NotAcceptedError("400"))
    ran = toy.run("one", "two", fail_fast=True)
    assert [job.exit_code for job in ran.result.jobs] == [Exit.FAILED, Exit.FAILED]
    assert "--fail-fast" in ran.result.jobs[1].messages[0]
    assert not toy.layout("two").root.exists()


def test_a_broken_target_is_counted_as_a_failed_job(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    toy.path("film").write_bytes(b"x")
    ran = toy.run()
    assert (ran.job.state, ran.job.exit_code) == (JobState.FAILED, Exit.FAILED)
    assert ran.job.film is None
    assert ran.state("film") is State.BROKEN
