"""A person at work in a job directory, and what that person may expect to find again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.project import Project, long
from tests.steps.any_hand.vendor import Books, canonical, sha
from vidpipe.commands.accept import accept
from vidpipe.commands.adopt import adopt
from vidpipe.commands.redo import redo
from vidpipe.commands.takes import restore, takes
from vidpipe.errors import VidpipeError
from vidpipe.providers.base import VideoRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(slots=True)
class Person:
    """Somebody's hands: `put` is every file laid down by them that has to be kept, as (target, content).

    `fresh` are the targets with a file of theirs of which no finished run has taken note, with what each was made from
    when one last did; `accepted` those they said to keep.
    """

    project: Project
    books: Books
    put: set[tuple[str, str]] = field(default_factory=set)
    fresh: dict[str, object] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    redone: dict[str, tuple[int, object]] = field(default_factory=dict)
    let_go: set[tuple[str, str]] = field(default_factory=set)
    settled: dict[str, object] = field(default_factory=dict)
    spec: dict[str, object] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    # looking

    @property
    def root(self) -> Path:
        """The job directory."""
        return self.project.layout().root

    def has_board(self) -> bool:
        """Whether there is a storyboard that can be read."""
        path = self.root / "storyboard.json"
        try:
            return path.is_file() and bool(json.loads(path.read_bytes())["scenes"])
        except ValueError:
            return False

    def targets(self) -> list[str]:
        """Name the targets that the storyboard speaks of, and those that there are."""
        found = ["storyboard.json", "film.mp4"]
        if self.has_board():
            for number, scene in enumerate(self.project.board()["scenes"]):
                if number == 0 or scene["continuity"] == "cut":
                    found.append(long(f"start {number}"))
                found += [long(f"end {number}"), long(f"clip {number}")]
        return found

    def identity(self, name: str, data: bytes) -> str:
        """Return what stands for a file's content: layout is no part of a storyboard."""
        if name == "storyboard.json":
            try:
                return canonical(data)
            except ValueError:
                return sha(data)
        return sha(data)

    def standing(self) -> set[tuple[str, str]]:
        """Return every file of theirs that is in place and that they have not let go with a `redo`."""
        files = {(name, content) for name, content in self.put if (self.root / name).is_file()}
        here = {each for each in files if each[1] == self.identity(each[0], (self.root / each[0]).read_bytes())}
        return {each for each in here - self.let_go if each[1] not in self.books.made}

    # laying files down

    def lay(self, name: str, data: bytes) -> None:
        """Put a file in place, over whatever is there."""
        path = self.root / name
        if path.is_file() and self.identity(name, path.read_bytes()) == self.identity(name, data):
            path.write_bytes(data)
            return
        self.give_up(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.put.add((name, self.identity(name, data)))
        self.let_go.discard((name, self.identity(name, data)))
        self.fresh.setdefault(name, self.settled.get(name))

    def unsettle(self) -> None:
        """Forget what targets were last made from: a run that did not come to its end may have made some of them."""
        self.settled.clear()
        self.fresh = dict.fromkeys(self.fresh)

    def give_up(self, name: str) -> None:
        """Expect the file that is in place no more, for it is this person who takes it away."""
        path = self.root / name
        if path.is_file():
            self.put.discard((name, self.identity(name, path.read_bytes())))

    def lay_board(self, value: dict[str, Any], indent: int = 4) -> None:
        """Write the storyboard, with its scenes numbered by position."""
        scenes = [{**scene, "scene_index": number} for number, scene in enumerate(value["scenes"])]
        self.lay("storyboard.json", json.dumps({**value, "scenes": scenes}, indent=indent).encode())

    # commands

    def command(self, do: Callable[[], object]) -> bool:
        """Give a command, which may be refused in words but in no other way; return whether it was carried out."""
        try:
            said = do()
        except VidpipeError as error:
            self.told.append(str(error))
            return False
        self.told.append(str(said))
        return True

    def _chosen(self, a: int) -> str:
        targets = self.targets()
        return targets[a % len(targets)]

    def decide(self, _a: int, b: int, _c: int) -> None:
        """Decide every conflict that the last run named: keep the file, or ask for a new one."""
        for name in self.conflicts:
            if b % 2:
                self._keep(name)
            else:
                self._redo(name)

    def keep(self, a: int, _b: int, _c: int) -> None:
        """`accept`."""
        self._keep(self._chosen(a))

    def _keep(self, name: str) -> None:
        (loaded,) = self.project.load()
        if self.command(lambda: accept(loaded, [name])):
            self.accepted[name] = self.identity(name, (self.root / name).read_bytes())
            self.redone.pop(name, None)

    def anew(self, a: int, _b: int, _c: int) -> None:
        """`redo`."""
        self._redo(self._chosen(a))

    def _redo(self, name: str) -> None:
        (loaded,) = self.project.load()
        if self.command(lambda: redo(loaded, [name])):
            self.redone[name] = (len(self.books.sent), None)
            if (self.root / name).is_file():
                self.let_go.add((name, self.identity(name, (self.root / name).read_bytes())))
            self.accepted.pop(name, None)

    def bring_back(self, a: int, b: int, _c: int) -> None:
        """`restore`."""
        (loaded,) = self.project.load()
        name = self._chosen(a)
        lines = takes(loaded, name)
        if not lines:
            return
        line = lines[b % len(lines)]
        if self.command(lambda: restore(loaded, name, str(line.take))):
            self.accepted[name] = self.identity(name, (self.root / name).read_bytes())
            self.fresh.pop(name, None)

    def find(self, a: int, _b: int, _c: int) -> None:
        """`adopt`, with the operation that the vendor's console shows for a lost request."""
        lost = [each for each in self.books.of("video") if each.fate == "lost" and each.operation]
        if not lost:
            return
        (loaded,) = self.project.load()
        sent = lost[a % len(lost)]
        assert isinstance(sent.request, VideoRequest)
        wanted = {"video_motion_prompt": sent.request.motion_prompt, "first frame": sha(sent.request.first.data)}
        for entry in self.project.ledger().requests.values():
            asked = entry.lost and entry.kind == "video" and wanted.items() <= entry.fingerprint.user.items()
            if asked and self.command(lambda: adopt(loaded, entry.target, sent.operation)):  # noqa: B023 - called now
                sent.fate = "accepted"
                return
