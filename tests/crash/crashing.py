"""Kill a run between any two of its file operations, and look at what the next run makes of it.

A child process is forked for every crash: it counts its operations and kills itself at a chosen one, before it is done,
or with a line half written. The vendor's books are kept in a file, because a vendor survives his customers' crashes.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import pickle
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.crash.wire import WHOLE, Wire
from tests.project import Project, short
from tests.toy import Operation, Port, Server
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

IN_FLIGHT = 2
"""Pictures that are drawn at the same time in these jobs, and whose replies one crash may lose."""

_replace, _unpatched_open = os.replace, builtins.open


@dataclass(slots=True)
class Vendor(Server):
    """A server whose books outlive a process that is killed."""

    books: Path = field(default_factory=Path)

    def accept(self, port: Port, text: str) -> int:
        """Take a request in, durably; all answers to one request are alike."""
        self.accepted.append((port, text))
        self.save()
        return 0

    def begin(self, operation: Operation) -> str:
        """Begin an operation, durably."""
        name = Server.begin(self, operation)
        self.save()
        return name

    def save(self) -> None:
        """Write the books."""
        new = f"{self.books}.new"
        with _unpatched_open(new, "wb") as file:
            pickle.dump((self.accepted, self.operations), file)
        _replace(new, self.books)  # another thread may kill the process at this very moment

    def load(self) -> None:
        """Read what a killed process left in the books."""
        if self.books.exists():
            with _unpatched_open(self.books, "rb") as file:
                self.accepted, self.operations = pickle.load(file)


def run_until(project: Project, at: int | str) -> int:
    """Run the job in a child that dies at operation `at`; return the operations it came to, 0 if it was killed."""
    reader, writer = os.pipe()
    wire = Wire(project.root, at)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            gc.disable()  # it would touch, and so copy, every page that the two processes share
            wire.install()
            ran = project.run()
            os.write(writer, json.dumps([ran.exit, ran.said]).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader) as file:
        said = file.read()
    if os.WIFSIGNALED(status):
        return 0
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed by itself"
    code, told = json.loads(said)
    assert code == Exit.DONE, told
    return wire.count


@dataclass(frozen=True, slots=True)
class Scene:
    """What is crashed: how to set a project up before the run in question, in a folder of its own."""

    prepared: Path
    """A project just before the run that is to be crashed."""
    expected: dict[str, bytes]
    """The visible files after that run, undisturbed."""
    calls: tuple[int, int, int]
    """What the vendor has taken in after it."""
    operations: int
    """File operations of that run."""


def at_stake(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files without their provenance, which tells of costs and so of lost replies."""
    return {name: data for name, data in files.items() if name != "film.json"}


def open_copy(prepared: Path, place: Path) -> Project:
    """Copy a prepared project, make it the current folder and return it with its vendor."""
    shutil.copytree(prepared, place)
    os.chdir(place)
    vendor = Vendor(deterministic=True, books=place / "vendor.pickle")
    vendor.load()
    return Project(place, vendor)


def survey(prepared: Path, place: Path, connect: Callable[[Server], None]) -> Scene:
    """Do the run in question undisturbed, and remember what it comes to."""
    project = open_copy(prepared, place)
    connect(project.server)
    operations = run_until(project, WHOLE)
    project.server.load()  # type: ignore[attr-defined]
    return Scene(prepared, at_stake(project.files()), project.server.calls, operations)


def crash(scene: Scene, place: Path, ats: Sequence[int], connect: Callable[[Server], None]) -> list[str]:
    """Crash a run at one operation, and its rerun at the next, and so on; return what is wrong in the end."""
    project = open_copy(scene.prepared, place)
    connect(project.server)
    for at in ats:
        run_until(project, at)
        project.server.load()  # type: ignore[attr-defined]
    label = "killed at " + ", then ".join(map(str, ats))
    lost = 0
    ran = project.run()
    if ran.exit is Exit.DECISION and any(request.lost for request in project.ledger().requests.values()):
        lost = 1
        ran = project.run(on_lost="resubmit")
    problems = [] if ran.exit is Exit.DONE else [f"{label}: exit {ran.exit}: {ran.said}"]
    problems += [f"{label}: {name} differs" for name in _differing(project, scene)]
    problems += [f"{label}: {name} is taken for a hand edit" for name in _hand_made(project)]
    problems += [f"{label}: {told}" for told in _overpaid(project, scene, len(ats), lost)]
    again = project.run()
    if again.did or again.exit is not Exit.DONE:
        problems.append(f"{label}: the next run did {again.did}")
    shutil.rmtree(place)
    return problems


def _overpaid(project: Project, scene: Scene, crashes: int, lost: int) -> list[str]:
    """Say what was bought once too often: a clip never, a picture only where a crash took the reply with it."""
    if "provider: free" in (project.root / "specs/pier.yaml").read_text():
        return []
    bought, needed = project.server.calls, scene.calls
    problems = [f"{bought[2]} clips were bought, {needed[2]} are needed"] if bought[2] > needed[2] + lost else []
    if sum(bought[:2]) > sum(needed[:2]) + crashes * IN_FLIGHT:
        problems.append(f"{bought[:2]} storyboards and pictures were bought, {needed[:2]} are needed")
    return problems


def _differing(project: Project, scene: Scene) -> list[str]:
    files = at_stake(project.files())
    return [
        name for name in sorted(files.keys() | scene.expected.keys()) if files.get(name) != scene.expected.get(name)
    ]


def _hand_made(project: Project) -> list[str]:
    folders = (project.layout().records, project.layout().archive / "records")
    records = [path for folder in folders for path in folder.rglob("*.json") if path.is_file()]
    return [short(path.name) for path in records if json.loads(path.read_text())["origin"] != "vidpipe"]
