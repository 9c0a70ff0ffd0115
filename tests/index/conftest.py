"""A finished job with everything an index has to watch, made once and copied for each test."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.index.deeds import Job
from tests.project import Project
from tests.toy import Server, entry, picture_of
from vidpipe.providers import registry

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = 10**18


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
    for path in (root / "specs").iterdir():
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    os.utime(root / "vidpipe.toml", ns=(LONG_AGO, LONG_AGO))


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
    """Let vidpipe's own code be the same all the time: somebody may be editing it while its tests run."""
    monkeypatch.setattr("vidpipe.index.write.code_is_settled", lambda: True)
    for user in ("answer", "write"):
        monkeypatch.setattr(f"vidpipe.index.{user}.code_identity", lambda: "the code")


@pytest.fixture
def job(toy: Project, finished: Path, _code: None) -> Job:
    """Return a finished job, indexed, in a project of the test's own."""
    shutil.copytree(finished, toy.root, dirs_exist_ok=True)
    job = Job(toy.root, toy.server)
    job.index()
    return job
