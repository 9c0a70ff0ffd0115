"""Many jobs: validated together, made side by side, summed up in their order."""

from __future__ import annotations

import asyncio
import os
import signal
from decimal import Decimal

import pytest

from tests.project import Project, short
from vidpipe.engine.judge import Action
from vidpipe.errors import Exit, SpecError, UsageError
from vidpipe.events import JobEnded, JobStarted, TargetEnded, TargetStarted
from vidpipe.results import JobState


def test_results_come_in_the_order_of_the_command_line(toy: Project) -> None:
    for name in ("c", "a", "b"):
        toy.spec(name, scenes=1)
    ran = toy.done("c", "a", "b")
    assert [job.name for job in ran.result.jobs] == ["c", "a", "b"]
    assert all(job.state is JobState.DONE and job.film == toy.path("film", job.name) for job in ran.result.jobs)


def test_a_folder_of_jobs_whose_name_is_too_long_is_refused_before_anything_is_made(toy: Project) -> None:
    toy.spec()
    (toy.root / "vidpipe.toml").write_text(f'[run]\ndir = "{300 * "a"}"\n')
    with pytest.raises(UsageError, match=r"^aaa.*… is too long a name for a folder; choose another"):
        toy.run()
    assert toy.server.sent("text") == 0


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
