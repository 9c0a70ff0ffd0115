"""A finished job with everything an index has to watch, made once and copied for each test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.index.deeds import Job
from tests.index.settled import let_code_settle, let_sources_settle
from tests.project import Project
from tests.toy import Server, entry, picture_of
from vidpipe.providers import registry

if TYPE_CHECKING:
    from pathlib import Path


def write_sources(project: Project) -> None:
    """Write a spec with a script, a reference and settings of its own, all of them old."""
    root = project.root
    (root / ".git").mkdir(exist_ok=True)
    (root / "specs").mkdir(exist_ok=True)
    (root / "specs/pier.txt").write_text("Waves beat on the old pier.")
    (root / "specs/mara.png").write_bytes(picture_of("mara"))
    (root / "vidpipe.toml").write_text('[run]\ndir = "made"\n[defaults]\nbudget = 30\n')
    project.spec(
        script=None,
        script_file="pier.txt",
        references=[{"name": "mara", "image": "mara.png"}],
        output="films/{name}.mp4",
        scenes=2,
    )
    let_sources_settle(root / "vidpipe.toml", *(root / "specs").iterdir())


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose one job is finished."""
    project = Project(tmp_path_factory.mktemp("finished"), server := Server())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.PROVIDERS, "toy", entry(server))
        patch.setenv("VIDPIPE_POLL_SECONDS", "0")
        patch.chdir(project.root)
        write_sources(project)
        project.done()
    return project.root


@pytest.fixture
def _code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let vidpipe's own code be the same all the time."""
    let_code_settle(monkeypatch)


@pytest.fixture
def job(toy: Project, finished: Path, _code: None) -> Job:
    """Return a finished job, indexed, in a project of the test's own."""
    shutil.copytree(finished, toy.root, dirs_exist_ok=True)
    job = Job(toy.root, toy.server)
    job.index()
    return job
