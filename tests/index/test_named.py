"""A finished job that is named by its directory or its name, as `vidpipe status` takes them."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.index.deeds import append
from vidpipe.commands import status as command
from vidpipe.index import fresh_job
from vidpipe.options import RunOptions

if TYPE_CHECKING:
    from tests.index.deeds import Job


def looked_at(text: str, directory: Path | None = None) -> list[object]:
    """Return what the engine finds where `status` does not ask any index."""
    (result,) = command._looked_at([text], RunOptions(dry=True), directory)
    return [replace(result, seconds=0.0)]


@pytest.mark.parametrize("text", ["pier", "made/pier", "made/pier/", "./made/../made/pier", "specs/pier.yaml"])
def test_status_says_the_same_with_and_without_the_index(job: Job, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = looked_at(text)
    monkeypatch.delenv("VIDPIPE_POLL_SECONDS")
    monkeypatch.setattr(command, "_looked_at", lambda *_: pytest.fail("the index did not answer"))
    assert list(command.status([text]).jobs) == expected


def test_a_job_is_found_from_a_folder_of_the_project_and_from_outside_by_its_directory(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(job.file("specs"))
    for text in ("pier", "../made/pier", str(job.layout().root)):
        answer = fresh_job(text, environ={})
        assert answer is not None
        assert [answer] == looked_at(text)
    assert fresh_job("pier", directory=Path("../made"), environ={}) is not None
    assert fresh_job("pier", environ={"VIDPIPE_DIR": "../made"}) is not None
    assert fresh_job("pier", directory=Path(), environ={}) is None
    monkeypatch.chdir(job.root.parent)
    answer = fresh_job(f"{job.root.name}/made/pier", environ={})
    assert answer is not None
    assert [answer] == looked_at(f"{job.root.name}/made/pier")


@pytest.mark.parametrize("text", ["", ".", "..", "quay", "made", "made/quay", "pier@draft", "film.mp4", "\0", "~"])
def test_what_is_no_indexed_job_is_left_to_the_engine(job: Job, text: str) -> None:
    assert fresh_job(text, environ={}) is None


@pytest.mark.parametrize("text", ["loop", "loop/pier", "made/loop"])
def test_links_in_a_circle_are_left_to_the_engine(job: Job, text: str) -> None:
    for place in ("loop", "made/loop"):
        job.file(place).symlink_to("loop")
    assert fresh_job(text, environ={}) is None
    job.layout().job.write_text('{"format": 1, "spec": "loop/x.yaml"}')
    assert fresh_job("pier", environ={}) is None


def test_settings_that_are_no_file_are_left_to_the_engine(job: Job) -> None:
    job.file("vidpipe.toml").unlink()
    job.file("vidpipe.toml").mkdir()
    assert fresh_job("pier", environ={}) is None
    assert fresh_job("made/pier", environ={}) is None


@pytest.mark.parametrize("claim", [b"{}", b"[]", b"{", b'{"spec": 3}', b'{"spec": "../pier.yaml"}', b"[" * 100_000])
def test_a_strange_claim_is_left_to_the_engine(job: Job, claim: bytes) -> None:
    job.layout().job.write_bytes(claim)
    assert fresh_job("pier", environ={}) is None


def test_a_changed_copied_or_moved_job_is_left_to_the_engine(job: Job) -> None:
    shutil.copytree(job.layout().root, job.layout("quay").root)
    assert fresh_job("quay", environ={}) is None
    os.rename(job.layout("quay").root, job.file("quay"))  # noqa: PTH104
    assert fresh_job("./quay", environ={}) is None
    append(job.path("film"))
    assert fresh_job("pier", environ={}) is None


def test_options_that_mistrust_or_mean_a_draft_are_left_to_the_engine(job: Job) -> None:
    assert fresh_job("pier", RunOptions(verify=True), environ={}) is None
    assert fresh_job("pier", RunOptions(draft=True), environ={}) is None
