"""Kill a run at one of its operations, and look at what it left: the ledger, what is safe, the vendor's books."""

from __future__ import annotations

import gc
import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.crash.wire import WHOLE, Wire
from tests.google.steady import QuietLoopback, SteadyVendor
from tests.google.studio import ended
from tests.loopback.deeds import Say
from tests.project import short
from tests.toy import board
from vidpipe.engine.layout import Layout

if TYPE_CHECKING:
    from pathlib import Path

    from tests.google.studio import Studio
    from tests.loopback.deeds import Kind
    from vidpipe.ledger import Request

Shelf = dict[str, bytes]
SCENES = 5
CUTS = (2, 4)
"""Scenes that begin with a picture of their own, so that three chains of pictures are drawn side by side."""
CALLS = (1, SCENES + 1 + len(CUTS), SCENES)
"""Storyboards, pictures and clips that such a film needs."""
PROMPTS = {"start": "start {}.", "end": "end {}.", "clip": "motion {}."}


@dataclass(frozen=True, slots=True)
class Left:
    """What a killed run left: how the ledger's requests stood, what was safe on disk, and the vendor's books."""

    requests: dict[str, list[Request]]
    safe: frozenset[str]
    bought: Counter[str]

    @property
    def lost(self) -> set[str]:
        """The clips that may have been bought."""
        return {name for name, made in self.requests.items() if any(one.lost and one.kind == "video" for one in made)}

    def rights(self, target: str) -> bool:
        """Whether a target may be asked for: nothing of it is safe, and no operation is making it."""
        return target not in self.safe and not any(one.open for one in self.requests.get(target, []))


@dataclass(slots=True)
class Stage:
    """A studio that is set up again for every kill, and what an undisturbed run makes in it."""

    studio: Studio
    expected: Shelf
    points: list[str]
    """The operations of an undisturbed run that leave each another state."""
    missed: list[int | str] = field(default_factory=list)
    """Those that did not come when they were waited for."""

    @property
    def vendor(self) -> SteadyVendor:
        """The vendor."""
        assert isinstance(self.studio.vendor, SteadyVendor)
        return self.studio.vendor

    def clear(self) -> None:
        """Be as before the first run."""
        shutil.rmtree(self.studio.root / "runs", ignore_errors=True)
        shutil.rmtree(self.studio.root / "films", ignore_errors=True)
        self.vendor.forget()

    def kill(self, at: int | str) -> list[str]:
        """Run, and die at an operation; return those there were which leave each another state."""
        self.clear()
        wire = Wire(self.studio.root, at)

        def prepare() -> None:
            gc.disable()  # it would touch, and so copy, every page that the two processes share
            wire.install()

        code = ended(self.studio.begin(prepare))
        assert code in {None, 0}, f"exit {code}"
        if code == 0 and at != WHOLE:  # what is done only if a clock says so
            self.missed.append(at)
        assert isinstance(self.studio.loopback, QuietLoopback)
        self.studio.loopback.settle()
        return wire.apart

    def left(self) -> Left:
        """Look at what is there now."""
        layout = Layout(self.studio.directory())
        requests: dict[str, list[Request]] = {}
        for request in self.studio.ledger().requests.values():
            requests.setdefault(short(request.target), []).append(request)
        safe = [
            short(path.relative_to(folder).as_posix().removesuffix(".json"))
            for folder in (layout.records, layout.pendings)
            for path in folder.rglob("*.json")
            if path.is_file()
        ]
        return Left(requests, frozenset(safe), self.bought())

    def bought(self) -> Counter[str]:
        """Return how often each target was bought."""
        return Counter(self._target(one.kind, one.prompt) for one in self.vendor.accepted)

    def _target(self, kind: Kind, prompt: str) -> str:
        if kind == "text":
            return "storyboard"
        kinds = ("clip",) if kind == "video" else ("start", "end")
        named = [(what, scene) for what in kinds for scene in range(SCENES) if PROMPTS[what].format(scene) in prompt]
        assert len(named) == 1, prompt
        return f"{named[0][0]} {named[0][1]}"

    def shelf(self) -> Shelf:
        """Return what a person sees: every file but vidpipe's own and the film's provenance, which tells of costs."""
        places = {path.relative_to(self.studio.root).as_posix(): path for path in files(self.studio.root / "runs")}
        places |= {path.relative_to(self.studio.root).as_posix(): path for path in files(self.studio.root / "films")}
        kept = {place: path for place, path in places.items() if "/.vidpipe/" not in place}
        return {place: path.read_bytes() for place, path in kept.items() if not place.endswith("film.json")}


def set_up(studio: Studio) -> Stage:
    """Return a stage on which a film of five scenes is made; the undisturbed film is made twice, to be sure of it."""
    told = board("Waves", "plain", SCENES)
    scenes: Any = told["scenes"]
    for scene in CUTS:
        scenes[scene]["continuity"] = "cut"
    studio.vendor.on("text", Say(json.dumps(told)), times=None)
    studio.spec(scenes=SCENES, seconds=4 if studio.mode == "vertex" else 3, output="films/pier.mp4")
    stage = Stage(studio, {}, [])
    stage.clear()
    studio.run()  # everything is imported, and so need not be in every child
    stage.expected = stage.shelf()
    gc.collect()
    gc.freeze()
    stage.points = stage.kill(WHOLE)
    assert studio.vendor.calls == CALLS
    assert stage.shelf() == stage.expected, "two undisturbed runs differ"
    return stage


def files(folder: Path) -> list[Path]:
    """Return all files below a folder, in order."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def is_in_passing(point: str) -> bool:
    """Whether an operation is on a file that the next run removes unread (a draft), or does not read at all."""
    place = point.split(" ")[-2]
    return (
        "/.vidpipe/tmp/" in place
        or "/.vidpipe/marks/" in place
        or place.endswith(("/.vidpipe/log.jsonl", "/.vidpipe/lock"))
    )
