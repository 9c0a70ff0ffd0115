"""A project for tests: write specs, run and plan them, edit what they made, and look at every byte of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from vidpipe.batch import run_batch
from vidpipe.engine.judge import Action, State
from vidpipe.engine.layout import Layout
from vidpipe.engine.store import Store
from vidpipe.errors import Exit
from vidpipe.ledger import read_ledger
from vidpipe.options import RunOptions
from vidpipe.spec.load import load_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from pathlib import Path

    from tests.toy import Server
    from vidpipe.engine.order import Outcome
    from vidpipe.engine.record import Record
    from vidpipe.ledger import Ledger
    from vidpipe.results import BatchResult, JobResult
    from vidpipe.spec.load import Loaded

Files = dict[str, bytes]
Snapshot = dict[str, tuple[bytes, int, int]]
DID = frozenset({Action.MADE, Action.RESTORED, Action.FETCHED, Action.ADOPTED, Action.HELD})
WOULD = DID | {Action.MAKE, Action.MAYBE}


def short(name: str) -> str:
    """Return a target's name as tests write it: `storyboard`, `voice 1`, `start 0`, `clip 1`, `still 1`, `film`."""
    stem = name.rpartition("/")[2].partition(".")[0]
    if not stem.startswith("scene-"):
        return stem
    number, _, what = stem.removeprefix("scene-").partition("-")
    usual = "voice" if name.startswith("narration/") else "clip"
    return f"{what or usual} {int(number)}"


def long(name: str) -> str:
    """Return the target's path that a test's short name stands for."""
    what, _, number = name.partition(" ")
    if not number:
        return {"storyboard": "storyboard.json", "film": "film.mp4"}[what]
    if what in {"start", "end"}:
        return f"keyframes/scene-{int(number):03}-{what}.png"
    if what == "voice":
        return f"narration/scene-{int(number):03}.wav"
    return f"clips/scene-{int(number):03}{'-still' if what == 'still' else ''}.mp4"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run or a plan came to, in the words of tests."""

    result: BatchResult

    @property
    def job(self) -> JobResult:
        """The first job's result."""
        return self.result.jobs[0]

    @property
    def exit(self) -> Exit:
        """The exit code."""
        return self.result.exit_code

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The first job's outcomes by short name."""
        return {short(outcome.name): outcome for outcome in self.job.targets}

    @property
    def did(self) -> set[str]:
        """Every target of the first job with which anything was done."""
        return {short(outcome.name) for outcome in self.job.targets if outcome.action in DID}

    @property
    def would(self) -> set[str]:
        """Every target of the first job with which a plan would do anything."""
        return {short(outcome.name) for outcome in self.job.targets if outcome.action in WOULD}

    def acted(self, action: Action) -> set[str]:
        """Return the targets with that action."""
        return {short(outcome.name) for outcome in self.job.targets if outcome.action is action}

    @property
    def made(self) -> set[str]:
        """The targets that were made."""
        return self.acted(Action.MADE)

    @property
    def restored(self) -> set[str]:
        """The targets that came from the archive or from another live target."""
        return self.acted(Action.RESTORED)

    @property
    def adopted(self) -> set[str]:
        """The targets that were taken for the user's."""
        return self.acted(Action.ADOPTED)

    def state(self, name: str) -> State:
        """Return the state in which a target was found."""
        return self.outcomes[name].state

    def reasons(self, name: str) -> str:
        """Return a target's reasons, joined."""
        return "; ".join(self.outcomes[name].reasons)

    @property
    def said(self) -> str:
        """All that was said: messages and reasons."""
        told = [*self.job.messages, *(reason for outcome in self.job.targets for reason in outcome.reasons)]
        return "\n".join(told)


@dataclass(slots=True)
class Project:
    """A project's folder, with the vendor behind its provider."""

    root: Path
    server: Server
    heard: list[object] = field(default_factory=list)

    def spec(self, name: str = "pier", /, **keys: object) -> Path:
        """Write specs/NAME.yaml: three scenes of one second on the priced toy, unless told otherwise."""
        values: dict[str, object] = {
            "script": "Waves beat on the old pier.",
            "style": "plain",
            "scenes": 3,
            "seconds": 1,
            "audio": False,
            "provider": "toy",
        }
        values = {key: value for key, value in (values | keys).items() if value is not None}
        path = self.root / "specs" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return path

    def load(self, *names: str) -> list[Loaded]:
        """Load specs by name."""
        return load_specs([self.root / "specs" / f"{name}.yaml" for name in names or ("pier",)])

    def run(self, *names: str, report: Callable[[Any], None] | None = None, **options: Any) -> Ran:
        """Run specs."""
        return Ran(run_batch(self.load(*names), RunOptions(**options), report or self.heard.append))

    def plan(self, *names: str, **options: Any) -> Ran:
        """Plan specs, and prove that planning wrote nothing."""
        before = self.snapshot()
        planned = Ran(run_batch(self.load(*names), RunOptions(dry=True, **options), self.heard.append))
        assert self.snapshot() == before, "a plan wrote something"
        return planned

    def done(self, *names: str, **options: Any) -> Ran:
        """Run specs that must come to their end."""
        ran = self.run(*names, **options)
        assert ran.exit is Exit.DONE, ran.said
        return ran

    def rests(self, *names: str) -> None:
        """Prove that a run has nothing to do: it says so, sends nothing, and writes no file."""
        before, sent = self.snapshot(), len(self.server.requests)
        ran = self.done(*names)
        assert ran.did == set(), {name: outcome.reasons for name, outcome in ran.outcomes.items()}
        assert self.changes(before) == set()
        assert len(self.server.requests) == sent

    def layout(self, name: str = "pier") -> Layout:
        """Return where a job lies."""
        return Layout(self.root / "runs" / name)

    def path(self, target: str, name: str = "pier") -> Path:
        """Return a target's file by its short name."""
        return self.layout(name).target(long(target))

    def bytes(self, target: str, name: str = "pier") -> bytes:
        """Return a target's bytes by its short name."""
        return self.path(target, name).read_bytes()

    def files(self, name: str = "pier") -> Files:
        """Return every visible file of a job with its bytes."""
        root = self.layout(name).root
        found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        return {place: path.read_bytes() for place, path in sorted(found.items()) if not place.startswith(".vidpipe")}

    def record(self, target: str, name: str = "pier") -> Record:
        """Return a target's record by its short name."""
        record = Store(self.layout(name)).record(long(target))
        assert record is not None
        return record

    def ledger(self, name: str = "pier") -> Ledger:
        """Return a job's ledger."""
        return read_ledger(self.layout(name).ledger)

    def spent(self, name: str = "pier") -> Decimal:
        """Return what a job has cost by its ledger."""
        return self.ledger(name).spent()

    def board(self, name: str = "pier") -> dict[str, Any]:
        """Return the storyboard as JSON."""
        value = json.loads(self.bytes("storyboard", name))
        assert isinstance(value, dict)
        return value

    def write_board(self, value: Mapping[str, Any], name: str = "pier") -> None:
        """Write the storyboard as a person would: in another format than vidpipe's, scenes numbered by position."""
        numbered = [{**scene, "scene_index": number} for number, scene in enumerate(value["scenes"])]
        text = json.dumps({**value, "scenes": numbered}, indent=4)
        self.path("storyboard", name).write_text(text, encoding="utf-8")

    def edit_scene(self, scene: int, name: str = "pier", **fields: str) -> None:
        """Reword one scene of the storyboard."""
        value = self.board(name)
        value["scenes"][scene] |= fields
        self.write_board(value, name)

    def snapshot(self) -> Snapshot:
        """Return every file and folder of the project: bytes, modification time and inode."""
        found: Snapshot = {}
        for path in sorted(self.root.rglob("*")):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            found[path.relative_to(self.root).as_posix()] = (content, status.st_mtime_ns, status.st_ino)
        return found

    def changes(self, before: Snapshot) -> set[str]:
        """Return the paths that are new, gone, or not what they were."""
        after = self.snapshot()
        return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
