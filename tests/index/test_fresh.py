"""The index against the engine: whatever somebody does, it never answers where the engine would say anything else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.index.deeds import DEEDS, SPEC, Job, append
from vidpipe.errors import VidpipeError
from vidpipe.index import fresh_job

if TYPE_CHECKING:
    from tests.project import Project

ANY = st.sampled_from(sorted(DEEDS))
KEPT = ("touched", "exchanged for an equal copy", "given other permissions")
SOURCES = (SPEC, "specs/pier.txt", "specs/mara.png", "vidpipe.toml")
HARMLESS = {f"{source} is {change}" for source in SOURCES for change in KEPT} | {
    "a hidden file appears",
    "a note appears in the job directory",
    "the repository disappears",  # vidpipe.toml still says where the project begins
}
"""Deeds that leave every source and every file of the job what it was, or are of no interest to anybody."""


def test_the_index_answers_for_a_finished_job_just_as_the_engine_does(job: Job) -> None:
    answer = job.ask()
    assert answer is not None
    assert answer == job.judged()
    assert answer[0].cost > 0


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_makes_the_index_say_anything_that_the_engine_would_not(job: Job, deed: str) -> None:
    DEEDS[deed](job)
    answer, judged = job.ask(), job.judged()
    assert answer in (None, judged)
    assert (answer is not None) == (deed in HARMLESS)
    assert fresh_job("pier", environ={}) in (None, *(judged or []))


def test_a_job_whose_folder_lies_behind_a_link_is_answered_where_the_engine_allows_it(job: Job) -> None:
    job.file("vidpipe.toml").write_text("[defaults]\nbudget = 30\n")
    job.file("made").rename(job.file("runs"))
    elsewhere = job.file("runs").rename(job.root.parent / f"{job.root.name}-disk")
    job.file("runs").symlink_to(elsewhere)
    assert job.run().did == set()
    assert job.index()
    answer = job.ask()
    assert answer is not None
    assert answer[0].directory == job.file("runs/pier")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(ANY, max_size=2), runs=st.booleans(), after=st.lists(ANY, max_size=3))
@pytest.mark.usefixtures("_code")
def test_no_series_of_deeds_does_either_be_there_a_run_in_between_or_not(
    toy: Project, finished: Path, before: list[str], runs: bool, after: list[str]
) -> None:
    root = Path(tempfile.mkdtemp(dir=toy.root))
    os.chdir(shutil.copytree(finished, root, dirs_exist_ok=True))
    job = Job(root, toy.server)
    assert job.index()
    for deed in before:
        attempt(job, deed)
    if runs:
        with suppress(VidpipeError, OSError):
            job.run()
    for deed in after:
        attempt(job, deed)
    assert job.ask() in (None, job.judged())


def attempt(job: Job, deed: str) -> None:
    """Do something to a job, as far as what was done before allows it."""
    with suppress(OSError, AssertionError):
        DEEDS[deed](job)


def test_changed_code_is_left_to_the_engine(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.index.answer.code_identity", lambda: "other code")
    assert job.ask() is None


def test_a_copy_of_a_job_is_not_answered_by_the_index_that_came_with_it(job: Job) -> None:
    shutil.copytree(job.layout().root, job.layout("quay").root)
    shutil.copy(job.file(SPEC), job.file("specs/quay.yaml"))
    assert job.ask("specs/quay.yaml") is None


@pytest.mark.parametrize("path", ["made/pier/film.srt", "made/pier/film.vtt", "films/pier.srt", "films/pier.vtt"])
def test_a_file_that_came_where_captions_lie_is_the_engines_to_judge(job: Job, path: str) -> None:
    assert job.ask() is not None
    job.file(path).write_text("mine")
    assert job.ask() is None


def test_asking_writes_nothing(job: Job) -> None:
    before = job.snapshot()
    assert job.ask() is not None
    append(job.path("film"))
    changed = job.snapshot()
    assert job.ask() is None
    assert job.snapshot() == changed != before


def test_asking_imports_nothing_heavy(job: Job) -> None:
    heavy = ("pydantic", "yaml", "asyncio", "av", "PIL", "numpy", "rich", "tomllib", "importlib.metadata")
    program = f"""
import sys
from pathlib import Path
from vidpipe.index import answer
from vidpipe.commands.run import run
from vidpipe.commands.status import status
from vidpipe.options import RunOptions
answer.code_identity = lambda: "the code"
assert run([{SPEC!r}], RunOptions()).jobs[0].state == status([{SPEC!r}]).jobs[0].state == "done"
print(sorted(set({heavy!r}) & set(sys.modules)))
"""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("VIDPIPE_")}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
