"""Finished jobs for benchmarks, as many as wanted: one is made, the others are copies with an index each.

Keyframes and clips are tiny ones, written here and adopted, because a thousand jobs of drawn ones would fill a disk.
Storyboard, film, records and indexes are vidpipe's own work.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from vidpipe.batch import run_batch
from vidpipe.engine.layout import Layout
from vidpipe.index.write import look, write
from vidpipe.media.encode import Encoder
from vidpipe.media.frame import FRAME_RATE, frame_size
from vidpipe.options import RunOptions
from vidpipe.results import JobState
from vidpipe.spec.load import load_specs

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.results import JobResult

SCENES = 10
TARGETS = 2 * SCENES + 3
STEPS = ("storyboard.json", "keyframes/", "clips/", "film.mp4")
LONG_AGO = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Finished:
    """A project of finished jobs: its folder, the specs as a command line in it names them, and the job directories."""

    root: Path
    specs: list[str]
    jobs: list[Path]


def finished_jobs(root: Path, count: int) -> Finished:
    """Make a project of so many finished jobs in an empty folder, which becomes the current one."""
    os.chdir(root)
    (root / ".git").mkdir()
    (root / "specs").mkdir()
    names = [f"job-{number:04}" for number in range(count)]
    for name in names:
        _write_spec(root, name)
    verdict = _make_first(names[0], root)
    for name in names[1:]:
        _copy(verdict, name, root)
    return Finished(root, [f"specs/{name}.yaml" for name in names], [root / "runs" / name for name in names])


def _write_spec(root: Path, name: str) -> None:
    text = f"script: The tide comes in. The tide goes out.\nscenes: {SCENES}\nseconds: 1\naudio: false\n"
    path = root / "specs" / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))


def _make_first(name: str, root: Path) -> JobResult:
    """Make one job with pictures and clips of our own; its mtimes are in the order of making, as `make` wants them."""
    loaded = load_specs([root / "specs" / f"{name}.yaml"])
    job = root / "runs" / name
    run_batch(loaded, RunOptions(until="storyboard"))
    for number in range(SCENES):
        _draw(job / f"keyframes/scene-{number:03}-end.png", number)
        _film(job / f"clips/scene-{number:03}.mp4", number)
    _draw(job / "keyframes/scene-000-start.png", SCENES)
    run_batch(loaded, RunOptions())
    for path in job.rglob("*"):
        place = path.relative_to(job).as_posix()
        late = next((late for late, step in enumerate(STEPS) if place.startswith(step)), 0)
        os.utime(path, (LONG_AGO + late, LONG_AGO + late))
    return _index(name, root, run_batch(loaded, RunOptions(dry=True)).jobs[0])


def _draw(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (16, 9), (20 * seed, 90, 120)).save(path)


def _film(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    width, height = frame_size("16:9", "720p")
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    with Encoder(path, (width, height), audio=False) as encoder:
        for _ in range(FRAME_RATE):
            encoder.write_planes(np.full((height, width), 40 + 15 * seed, np.uint8), grey, grey)


def _copy(verdict: JobResult, name: str, root: Path) -> None:
    """Copy the first job for another spec; only its name stands in it."""
    first, job = root / "runs" / verdict.name, root / "runs" / name
    shutil.copytree(first, job, ignore=shutil.ignore_patterns("index.json", "log.jsonl"))
    for place in ("film.json", ".vidpipe/job.json"):
        path = job / place
        path.write_text(path.read_text(encoding="utf-8").replace(verdict.name, name), encoding="utf-8")
        os.utime(path, (LONG_AGO, LONG_AGO))
    _index(name, root, replace(verdict, film=job / "film.mp4"))


def _index(name: str, root: Path, verdict: JobResult) -> JobResult:
    """Write a job's index as the end of a run does, and return the verdict that it was told."""
    (loaded,) = load_specs([root / "specs" / f"{name}.yaml"])
    layout = Layout(root / "runs" / name)
    if not write(look(loaded, layout), loaded, layout, verdict):
        raise SystemExit(f"{name}: no index ({verdict.state}); was vidpipe's code changed a moment ago?")
    assert verdict.state is JobState.DONE
    assert len(verdict.targets) == TARGETS
    return verdict
