"""Many jobs: validated together, made side by side, summed up in their order; one that fails stops no other."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.project import Project, Ran, short
from vidpipe.batch import run_batch
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit, SpecError, UsageError
from vidpipe.events import JobEnded, JobStarted, TargetEnded, TargetStarted
from vidpipe.options import RunOptions
from vidpipe.providers.base import NotAcceptedError, RefusedError
from vidpipe.results import JobState

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_results_come_in_the_order_of_the_command_line(toy: Project) -> None:
    for name in ("c", "a", "b"):
        toy.spec(name, scenes=1)
    ran = toy.done("c", "a", "b")
    assert [job.name for job in ran.result.jobs] == ["c", "a", "b"]
    assert all(job.state is JobState.DONE and job.film == toy.path("film", job.name) for job in ran.result.jobs)


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


def test_a_folder_of_jobs_whose_name_is_too_long_is_refused_before_anything_is_made(toy: Project) -> None:
    toy.spec()
    (toy.root / "vidpipe.toml").write_text(f'[run]\ndir = "{300 * "a"}"\n')
    with pytest.raises(UsageError, match=r"^aaa.*… is too long a name for a folder; choose another"):
        toy.run()
    assert toy.server.sent("text") == 0


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


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_stops_in_good_order_and_the_next_run_goes_on(toy: Project, number: int, code: int) -> None:
    toy.spec("one")
    toy.spec("two")

    async def interrupt() -> None:
        os.kill(os.getpid(), number)
        await asyncio.sleep(60)

    toy.server.on("poll", interrupt, holding="motion 1.")
    ran = toy.run("one", "two")
    assert ran.exit == code
    assert all(job.state in {JobState.INTERRUPTED, JobState.DONE} for job in ran.result.jobs)
    assert "goes on at the provider" in "".join(message for job in ran.result.jobs for message in job.messages)
    toy.done("one", "two")
    assert toy.server.calls == (2, 8, 6)


def test_the_handlers_of_signals_are_put_back(toy: Project) -> None:
    before = signal.getsignal(signal.SIGTERM)
    toy.spec(scenes=1)
    toy.done()
    assert signal.getsignal(signal.SIGTERM) == before


def test_jobs_never_hold_more_requests_to_a_model_than_its_limit(toy: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_IN_FLIGHT", "2")
    now, pair = 0, asyncio.Barrier(2)

    async def work() -> None:
        nonlocal now
        now += 1
        assert now <= 2
        await pair.wait()  # two there must be, or this would wait for ever
        now -= 1

    toy.server.on("video", work, times=None)
    for name in "abc":
        toy.spec(name, scenes=2)
    toy.done(*"abc")


def test_keyframes_on_two_sides_of_a_cut_are_drawn_at_the_same_time_and_clips_meanwhile(toy: Project) -> None:
    toy.spec(scenes=2)
    toy.run(until="storyboard")
    value = toy.board()
    value["scenes"][1]["continuity"] = "cut"
    toy.write_board(value)
    both, filmed = asyncio.Barrier(2), asyncio.Event()
    toy.server.on("image", both.wait, holding="start 0.")
    toy.server.on("image", both.wait, holding="start 1.")
    toy.server.on("image", filmed.wait, holding="end 1.")
    toy.server.on("video", filmed.set, holding="motion 0.")
    toy.done()


def test_targets_are_reported_as_they_begin_and_end(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    kinds = [type(event) for event in toy.heard]
    assert kinds[0] is JobStarted
    assert kinds[-1] is JobEnded
    started = [short(event.name) for event in toy.heard if isinstance(event, TargetStarted)]
    ended = [short(event.outcome.name) for event in toy.heard if isinstance(event, TargetEnded)]
    assert sorted(started) == sorted(ended) == ["clip 0", "end 0", "film", "start 0", "storyboard"]
    assert ended[-1] == "film"


def test_two_specs_of_one_name_are_refused_together(toy: Project) -> None:
    toy.spec("one", name="pier")
    toy.spec("two", name="pier")
    with pytest.raises(SpecError):
        toy.run("one", "two")
    assert not (toy.root / "runs").exists()


def test_a_draft_is_made_in_a_directory_of_its_own_and_never_touches_paid_work(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    before = toy.files()
    ran = toy.run(draft=True, until="storyboard")
    assert (ran.exit, ran.result.cost) == (Exit.DONE, Decimal(0))
    assert toy.path("storyboard", "pier@draft").exists()
    assert toy.files() == before
    toy.rests()


def test_a_pattern_that_matches_nothing_is_told(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    ran = toy.run(targets=("clips/scene-0.mp4",))
    assert ran.exit is Exit.USAGE
    assert "did you mean clips/scene-000.mp4?" in ran.said


def test_single_targets_make_what_they_need_and_nothing_else(toy: Project) -> None:
    toy.spec()
    ran = toy.done(targets=("clips/scene-001.mp4",))
    assert ran.made == {"storyboard", "start 0", "end 0", "end 1", "clip 1"}
    assert ran.job.state is JobState.PARTIAL
    assert {short(outcome.name) for outcome in ran.job.targets} >= {"clip 0", "clip 2", "film"}
    assert toy.plan().acted(Action.MAKE) >= {"clip 0", "end 2"}


def test_a_copied_job_directory_is_not_billed_twice(toy: Project) -> None:
    import shutil

    toy.spec(scenes=1)
    toy.done()
    shutil.copytree(toy.layout().root, toy.layout("copy").root)
    toy.spec("copy", scenes=1)
    (toy.layout("copy").job).unlink()
    ran = toy.done("copy")
    assert ran.did == set()
    assert ran.result.cost == 0


def test_an_output_is_placed_once_and_replaced_only_if_vidpipe_put_it_there(toy: Project) -> None:
    toy.spec(scenes=1, output="films/{name}.mp4")
    place = toy.root / "films" / "pier.mp4"
    toy.done()
    assert place.read_bytes() == toy.bytes("film")
    toy.rests()
    place.unlink()
    toy.done()
    assert place.read_bytes() == toy.bytes("film")
    place.write_bytes(b"my own")
    assert "films/pier.mp4 was not put there by vidpipe" in toy.plan().said
    ran = toy.run()
    assert ran.exit is Exit.DECISION
    assert "was not put there by vidpipe" in ran.said
    assert place.read_bytes() == b"my own"


def test_a_plan_tells_beforehand_that_the_film_cannot_be_placed(toy: Project) -> None:
    toy.spec(scenes=1, output="films/{name}.mp4")
    place = toy.root / "films" / "pier.mp4"
    place.parent.mkdir()
    place.write_bytes(b"my own")
    planned = toy.plan()
    assert planned.job.state is JobState.BLOCKED
    assert "was not put there by vidpipe and stays as it is, unless the film comes out the very same" in planned.said
    assert toy.plan(until="clips").job.state is JobState.PLANNED
    place.unlink()
    place.mkdir()
    assert "films/pier.mp4 is a folder" in toy.plan().said
    ran = toy.run()
    assert (ran.exit, ran.job.film) == (Exit.DECISION, toy.path("film"))
    assert "films/pier.mp4 is a folder" in ran.said
    place.rmdir()
    toy.done()
    assert "output" not in toy.plan().said


def test_a_pyav_that_lacks_a_codec_is_told_before_anything_is_spent(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.spec(scenes=1)
    monkeypatch.setattr("vidpipe.media.encode.check_codecs", lambda: ["H.264 encoder libx264", "AAC encoder"])
    ran = toy.run()
    assert ran.exit is Exit.FAILED
    assert "PyAV that is installed lacks H.264 encoder libx264 and AAC encoder" in ran.said
    assert toy.server.count("text") == 0
    assert not toy.path("storyboard").exists()


def test_side_files_are_written_again_without_encoding_anything(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    provenance = toy.layout().root / "film.json"
    text = provenance.read_bytes()
    for damage in (provenance.unlink, lambda: provenance.write_text("{}")):
        damage()
        assert toy.done().did == set()
        assert provenance.read_bytes() == text
    toy.rests()


def test_a_broken_target_is_counted_as_a_failed_job(toy: Project) -> None:
    toy.spec(scenes=1)
    toy.done()
    toy.path("film").write_bytes(b"x")
    ran = toy.run()
    assert (ran.job.state, ran.job.exit_code) == (JobState.FAILED, Exit.FAILED)
    assert ran.job.film is None
    assert ran.state("film") is State.BROKEN
