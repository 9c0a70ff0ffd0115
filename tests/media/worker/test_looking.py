"""The tasks that look into videos, in a real worker: they say what the same functions say in this process."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from tests.media.clips import Kind, make_clip
from vidpipe.errors import BrokenFileError
from vidpipe.media.clip_json import clip_from_json
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.probe import probe
from vidpipe.media.worker import shared
from vidpipe.media.worker.pool import Workers
from vidpipe.media.worker.tasks import TASKS
from vidpipe.steps.kinds import CLIP, FILM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def pool() -> Iterator[Workers]:
    with Workers(1) as workers:
        yield workers


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    make_clip(tmp_path / "clip.mp4", Kind())
    return tmp_path / "clip.mp4"


def test_a_clip_is_the_same_seen_from_a_worker(pool: Workers, clip: Path) -> None:
    arguments = {"path": str(clip), "name": "clips/a.mp4"}
    digest = hashlib.sha256(clip.read_bytes()).hexdigest()
    for more in ({}, {"digest": digest}):
        assert clip_from_json(pool.call("probe", arguments | more, name="x")) == probe(clip, "clips/a.mp4")
    for task in ("check_clip", "check_film"):
        assert pool.call(task, arguments, name="x") is None


def test_a_clip_that_was_swapped_is_told_from_the_one_that_is_meant(pool: Workers, clip: Path) -> None:
    arguments = {"path": str(clip), "name": "clips/a.mp4", "digest": "0" * 64}
    with pytest.raises(SourceChangedError, match="the file changed") as caught:
        pool.call("probe", arguments, name="x")
    assert caught.value.name == "clips/a.mp4"


@pytest.mark.parametrize("task", ["check_clip", "check_film", "probe"])
def test_a_damaged_clip_is_told_in_the_same_words(pool: Workers, clip: Path, task: str) -> None:
    clip.write_bytes(clip.read_bytes()[:-20])
    with pytest.raises(BrokenFileError) as here:
        probe(clip, "clips/a.mp4")
    with pytest.raises(BrokenFileError) as there:
        pool.call(task, {"path": str(clip), "name": "clips/a.mp4"}, name="x")
    assert (type(there.value), str(there.value)) == (BrokenFileError, str(here.value))


def test_a_clip_that_crashes_the_decoder_is_a_damaged_clip(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(1, registry="tests.media.worker.deeds") as crashing:
        monkeypatch.setattr(shared, "_pool", crashing)
        found = CLIP.look(clip, None)
    assert found.damage is not None
    assert "clip.mp4: the decoder crashed (signal 11, SIGSEGV)" in found.damage


def test_a_path_may_be_relative_to_the_folder_of_the_parent(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clip.parent)
    for kind in (CLIP, FILM):
        assert kind.look(clip.relative_to(clip.parent), None).damage is None
    shared.close_shared_workers()


def test_the_shared_pool_is_made_once_and_again_after_it_was_closed() -> None:
    first = shared.shared_workers()
    assert shared.shared_workers() is first
    shared.close_shared_workers()
    shared.close_shared_workers()
    second = shared.shared_workers()
    assert second is not first
    shared.close_shared_workers()


def test_a_program_that_closes_nothing_ends_with_its_workers(clip: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from vidpipe.steps.kinds import CLIP; "
        "CLIP.check(Path(sys.argv[1])); from vidpipe.media.worker import shared; print(shared._pool._idle[0].pid)"
    )
    with Workers(1) as pool:
        environ = {"PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, str(clip)], env=environ, capture_output=True, check=True
        )
        assert done.stderr == b""
        assert pool.call("check_clip", {"path": str(clip), "name": "x"}, name="x") is None


@pytest.mark.parametrize("task", TASKS)
def test_every_task_of_the_list_is_there(task: str) -> None:
    module, function = TASKS[task].split(":")
    assert callable(getattr(import_module(module), function))
