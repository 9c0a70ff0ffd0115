"""Only what the engine would answer in the same way is answered by an index: which specs, options and variables."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.index.deeds import SPEC, Job, append, reworded
from vidpipe.index import fresh
from vidpipe.options import RunOptions


def test_the_answer_to_many_specs_is_in_their_order_and_only_there_if_all_are_fine(job: Job) -> None:
    second_job(job)
    both = ["specs/quay.yaml", SPEC]
    answer = job.ask(*both)
    assert answer is not None
    assert answer == job.judged("quay", "pier")
    assert job.ask("specs") == answer[::-1]
    append(job.path("clip 0", "quay"))
    assert job.ask(*both) is None
    assert job.ask() is not None


def second_job(job: Job, **keys: object) -> None:
    """Make another finished job, `quay`."""
    job.spec("quay", **keys)
    job.done("quay")
    assert job.index("quay")


def test_jobs_of_one_name_or_one_output_are_left_to_the_engine(job: Job) -> None:
    assert job.ask(SPEC, SPEC) is None
    second_job(job, output="films/pier2.mp4")
    assert job.ask(SPEC, "specs/quay.yaml") is not None
    job.spec("quay", output="films/PIER.mp4")
    job.done("quay")
    assert job.index("quay")
    assert job.ask("specs/quay.yaml") is not None
    assert job.ask(SPEC, "specs/quay.yaml") is None
    other = Job(job.root / "other", job.server)
    shutil.copytree(job.root, other.root, ignore=shutil.ignore_patterns("other", "quay*"))
    (other.root / "vidpipe.toml").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(other.root)
        assert other.index()
        assert other.ask() is not None
        assert other.ask(SPEC, f"../{SPEC}") is None


def test_what_is_no_plain_spec_file_is_left_to_the_engine(job: Job) -> None:
    job.file("specs/link.yaml").symlink_to("pier.yaml")
    job.file("specs/folder.yaml").mkdir()
    os.mkfifo(job.file("specs/fifo.yaml"))
    for name in ("link.yaml", "folder.yaml", "fifo.yaml", "gone.yaml", "pier.txt", "gone"):
        assert job.ask(f"specs/{name}") is None, name
    assert job.ask("films") is None
    assert fresh([], environ={}) is None  # the link in specs/


def test_no_argument_stands_for_the_specs_folder(job: Job) -> None:
    assert fresh([], environ={}) is not None


def test_a_job_that_its_spec_names_is_found_by_that_name(job: Job) -> None:
    job.spec("quay")
    reworded("specs/quay.yaml", "style:", "name: 'jetty' # not quay\nstyle:")(job)
    job.done("quay")
    assert job.index("quay")
    (answer,) = job.ask("specs/quay.yaml") or []
    assert [answer] == job.judged("quay")
    assert answer.name == "jetty"
    shutil.copytree(job.layout("jetty").root, job.layout("quay").root)
    assert job.ask("specs/quay.yaml") == [answer]


@pytest.mark.parametrize(
    "options",
    [
        RunOptions(targets=("film.mp4",)),
        RunOptions(until="clips"),
        RunOptions(draft=True),
        RunOptions(force=frozenset({"film"})),
        RunOptions(verify=True),
        RunOptions(on_lost="abandon"),
    ],
)
def test_options_that_name_work_or_mistrust_stamps_are_left_to_the_engine(job: Job, options: RunOptions) -> None:
    assert job.ask(options=options) is None


def test_options_that_only_matter_where_there_is_work_are_answered(job: Job) -> None:
    options = RunOptions(
        dry=True, fail_fast=True, max_cost=Decimal(0), upgrade=True, on_lost="resubmit", retry_refused=True, wait=True
    )
    answer = job.ask(options=options)
    assert answer is not None
    result = job.run(**{name: getattr(options, name) for name in RunOptions.__slots__}).job
    assert answer == [replace(result, seconds=0.0, spec=Path(SPEC))]


def test_the_directory_that_flag_or_environment_name_must_be_the_one_of_the_index(job: Job) -> None:
    answer = job.ask()
    assert answer is not None
    assert job.ask(directory=Path("made")) == answer
    assert job.ask(environ={"VIDPIPE_DIR": "made"}) == answer
    assert job.ask(environ={"VIDPIPE_DIR": " ", "VIDPIPE_JOBS": ""}) == answer
    assert job.ask(directory=Path("runs")) is None
    assert job.ask(environ={"VIDPIPE_DIR": "runs"}) is None
    assert job.ask(directory=Path("made"), environ={"VIDPIPE_DIR": "runs"}) == answer
    shutil.copytree(job.file("made"), job.file("runs"))
    assert job.ask(directory=Path("runs")) is None


def test_an_index_written_for_a_directory_of_the_command_line_counts_only_there(job: Job) -> None:
    lines = ["[defaults]", "style = '''", 'dir = "made"', "'''"]
    job.file("vidpipe.toml").write_text("\n".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDPIPE_DIR", "made")
        assert job.index()
    assert job.ask() is None
    assert job.judged() is None


@pytest.mark.parametrize("name", ["VIDPIPE_JOBS", "VIDPIPE_POLL_SECONDS", "VIDPIPE_SOMETHING"])
def test_other_variables_are_left_to_the_engine(job: Job, name: str) -> None:
    assert job.ask(environ={name: "3"}) is None
