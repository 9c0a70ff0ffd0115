"""A project beside a folder that is nobody's business, and a command line under watch."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.google.conftest import loopback, mode, stay_here, studio
from tests.hostile.watch import PATIENCE, Watched, watched
from tests.media.here import Here
from tests.project import Project
from tests.toy import COLOURS, Server, clip_of, entry
from vidpipe.media.worker import shared
from vidpipe.providers import registry
from vidpipe.providers.retry import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["loopback", "mode", "stay_here", "studio"]

CANARY = b'{"private": "the contents of somebody else\'s file"}\n'


@dataclass(slots=True)
class Yard:
    """A project with the job `pier`, and `elsewhere`, a folder outside of it which nobody may touch or read."""

    project: Project
    elsewhere: Path
    notes: Path

    @property
    def root(self) -> Path:
        """The project's root."""
        return self.project.root

    @property
    def job(self) -> Path:
        """The job's directory."""
        return self.root / "runs" / "pier"

    @property
    def private(self) -> Path:
        """What vidpipe keeps in the job's directory."""
        return self.job / ".vidpipe"

    def __call__(
        self, *arguments: str, prepare: Callable[[], None] = lambda: None, patience: float = PATIENCE
    ) -> Watched:
        """Run one command line, and prove that it ended, kept to the project, and left what is elsewhere alone."""
        before = self._elsewhere()
        done = watched(list(arguments), self.root, self.notes, prepare=prepare, patience=patience)
        assert done.code is not None, f"hung: {done.told}"
        assert done.trespasses == ()
        assert self._elsewhere() == before
        assert "Traceback" not in done.told, done.told
        assert "a bug in vidpipe" not in done.told, done.told
        assert "somebody else" not in done.told
        return done

    def refuses(self, *arguments: str, saying: str) -> Watched:
        """Run everything, which must end with a message and without a request."""
        done = self(*(arguments or ("run", "--on-lost", "resubmit")))
        assert done.code in {1, 2, 3}, done.told
        assert saying in done.told, done.told
        assert self.requests() == 0
        return done

    def requests(self) -> int:
        """Return how many requests arrived at the vendor in watched processes."""
        return len(self.tally.read_bytes()) if self.tally.exists() else 0

    @property
    def tally(self) -> Path:
        """The vendor's tally: a letter for every call of any kind."""
        return self.notes / "tally"

    def _elsewhere(self) -> dict[str, object]:
        found: dict[str, object] = {}
        for path in sorted(self.elsewhere.rglob("*")):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            found[str(path)] = (content, status.st_mtime_ns, status.st_ino)
        return found


class Tallied(Server):
    """A vendor who keeps a tally of the calls of processes that are not this one."""

    tally: Path

    async def play(self, port, text, request):  # type: ignore[no-untyped-def]
        """Make a stroke, and answer as usual."""
        with self.tally.open("a") as file:
            file.write(port[0])
        return await super().play(port, text, request)


@pytest.fixture(autouse=True)
def _in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what worker processes would open be opened here, under watch."""
    monkeypatch.setattr(shared, "_pool", Here())


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished project, to be copied."""
    base = tmp_path_factory.mktemp("finished")
    for seed in range(16):
        clip_of(seed)  # kept in memory: the processes under watch need no temporary folder to make them
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.PROVIDERS, "toy", entry(Server()))
        patch.setattr("os.fsync", lambda _descriptor: None)
        patch.setenv("VIDPIPE_POLL_SECONDS", "0")
        root = base / "project"
        (root / "specs").mkdir(parents=True)
        (root / ".git").mkdir()
        patch.chdir(root)
        project = Project(root, Server())
        project.spec(scenes=1)
        project.done()
    return root


@pytest.fixture(scope="session")
def placed(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished project whose film is spoken over, has captions and is placed, to be copied."""
    root = tmp_path_factory.mktemp("spoken") / "project"
    shutil.copytree(finished, root)
    clip_of(0, audio=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.PROVIDERS, "toy", entry(Server()))
        patch.setattr("os.fsync", lambda _descriptor: None)
        patch.setattr(shared, "_pool", Here())
        patch.setenv("VIDPIPE_POLL_SECONDS", "0")
        patch.chdir(root)
        project = Project(root, Server())
        fade = {"mode": "crossfade", "seconds": 0.25}  # a piece of the film that has to be encoded
        project.spec(scenes=2, output="films/pier.mp4", audio=True, narration=True, captions="sidecar", stitch=fade)
        project.done()
    for seed in range(len(COLOURS) * 8):
        clip_of(seed, audio=True)  # kept in memory: the processes under watch need no temporary folder to make them
    return root


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: Path) -> Yard:
    """Return a yard whose job, pier, is finished; the priced vendor behind it tallies what arrives."""
    root, elsewhere, notes = (tmp_path / name for name in ("project", "elsewhere", "notes"))
    shutil.copytree(finished, root)
    elsewhere.mkdir()
    notes.mkdir()
    (elsewhere / "private.json").write_bytes(CANARY)
    (elsewhere / "deep").mkdir()
    (elsewhere / "deep" / "private.png").write_bytes(CANARY)
    server = Tallied()
    server.tally = notes / "tally"
    monkeypatch.setitem(registry.PROVIDERS, "toy", entry(server))
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)
    monkeypatch.setenv("VIDPIPE_POLL_SECONDS", "0")
    monkeypatch.setattr(RetryPolicy, "wait", lambda _self, _state: 0.0)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(root)
    return Yard(Project(root, server), elsewhere, notes)


@pytest.fixture
def spoken(yard: Yard, placed: Path) -> Yard:
    """Return a yard whose film is spoken over, has captions, a piece that was encoded, and a copy in `films/`."""
    shutil.rmtree(yard.root)
    shutil.copytree(placed, yard.root)
    os.chdir(yard.root)
    return yard
