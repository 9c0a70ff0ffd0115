"""The index against the engine: whatever somebody does, it never answers where the engine would say anything else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.index.deeds import DEEDS, SPEC, Job, append, reworded
from vidpipe.errors import VidpipeError
from vidpipe.index import fresh, fresh_job
from vidpipe.index.form import Index
from vidpipe.options import RunOptions

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


def test_changed_code_is_left_to_the_engine(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe.index.answer.code_identity", lambda: "other code")
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


def test_a_copy_of_a_job_is_not_answered_by_the_index_that_came_with_it(job: Job) -> None:
    shutil.copytree(job.layout().root, job.layout("quay").root)
    shutil.copy(job.file(SPEC), job.file("specs/quay.yaml"))
    assert job.ask("specs/quay.yaml") is None


@pytest.mark.parametrize("path", ["made/pier/film.srt", "made/pier/film.vtt", "films/pier.srt", "films/pier.vtt"])
def test_a_file_that_came_where_captions_lie_is_the_engines_to_judge(job: Job, path: str) -> None:
    assert job.ask() is not None
    job.file(path).write_text("mine")
    assert job.ask() is None


INDEX = "made/pier/.vidpipe/index.json"
TOLD = {"cost_usd", "orphans", "targets", "outputs"}
"""What an index says of its own; whoever can forge it can forge records as well."""
KEYS = tuple(part.name for part in fields(Index))
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(KEYS), value=VALUES)
def test_a_strange_index_is_no_answer_and_no_error(job: Job, key: str, value: object) -> None:
    path = job.file(INDEX)
    whole = path.read_bytes()
    told = json.loads(whole)
    path.write_text(json.dumps(told | {key: value}))
    assert job.ask() is None or value == told[key] or key in TOLD
    path.write_text(json.dumps({name: told[name] for name in told if name != key}))
    assert job.ask() is None
    path.write_bytes(whole)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff", b'{"format":3}', b" " * (5 << 20)]
)
def test_a_damaged_index_is_no_answer_and_no_error(job: Job, data: bytes) -> None:
    job.file(INDEX).write_bytes(data)
    assert job.ask() is None


def test_an_index_of_another_format_is_no_answer(job: Job) -> None:
    told = json.loads(job.file(INDEX).read_bytes())
    job.file(INDEX).write_text(json.dumps(told))
    assert job.ask() is not None
    job.file(INDEX).write_text(json.dumps(told | {"format": 3}))
    assert job.ask() is None


def test_an_index_cannot_speak_of_targets_that_are_not_there(job: Job) -> None:
    told = json.loads(job.file(INDEX).read_bytes())
    for change in ({"targets": [*told["targets"], "clips/scene-009.mp4"]}, {"film": "clips/film.mp4"}):
        job.file(INDEX).write_text(json.dumps(told | change))
        assert job.ask() is None
