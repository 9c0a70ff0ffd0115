"""The runs that are broken off: real films by the real SDK, from the storyboard to the copy beside the film.

`first run` makes a film of five scenes, in three chains of pictures and clips side by side. `whole run` makes one with
everything that a film can have: voices, captions, a dissolve. `by hand` makes that one again after a person's hand was
in it: the first keyframe was repainted, and a scene reworded.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import zlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tests.crash.child import in_child
from tests.crash.images import Image, in_passing
from tests.crash.steady import QuietLoopback, SteadyVendor
from tests.crash.wire import WHOLE, Wire
from tests.loopback.deeds import Say
from tests.loopback.media import picture
from tests.toy import board
from vidpipe.engine.layout import Layout
from vidpipe.engine.store import Store
from vidpipe.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.crash.steady import Books
    from tests.google.said import Said
    from tests.google.studio import Studio
    from tests.loopback.deeds import Kind, Rule

T = TypeVar("T")
SALT = os.environ.get("CRASH_SALT", "")
"""Has other points chosen: a date, or a commit."""
SALTED = f"with CRASH_SALT={SALT!r}"
JOB = "runs/pier"
PRIVATE = f"{JOB}/.vidpipe"
OUTPUT = "films/pier.mp4"
PROMPTS = {"text": "", "start": "start {}.", "end": "end {}.", "clip": "motion {}.", "voice": "words {}."}
KINDS: dict[Kind, tuple[str, ...]] = {"image": ("start", "end"), "video": ("clip",), "speech": ("voice",)}


@dataclass(slots=True)
class Stage:
    """A studio that is set up again for every time that its run is broken off, and what that run comes to else."""

    studio: Studio
    what: str
    anew: bool = False
    """Whether nothing is taken from, or kept for, another test: this one has changed the program."""
    prepared: Image = field(default_factory=dict)
    """All files before the run."""
    books: Books = ([], [])
    """The vendor's, before the run."""
    takes: int = 0
    """The highest number of a take before the run."""
    expected: Image = field(default_factory=dict)
    """All files after the run, undisturbed."""
    usual: Counter[str] = field(default_factory=Counter)
    """What that run buys."""
    points: list[str] = field(default_factory=list)
    """The operations of that run before which there was a state of its own."""
    missed: list[int | str] = field(default_factory=list)
    """Those that did not come when they were waited for."""

    @property
    def vendor(self) -> SteadyVendor:
        """The vendor."""
        assert isinstance(self.studio.vendor, SteadyVendor)
        return self.studio.vendor

    @property
    def root(self) -> Path:
        """The project."""
        return self.studio.root

    @property
    def layout(self) -> Layout:
        """The job's directory."""
        return Layout(self.studio.directory())

    def open(self, image: Image, books: Books) -> None:
        """Be as an image of the files and the vendor's books say."""
        for path in self.root.iterdir():
            shutil.rmtree(path)
        write_image(self.root, image)
        self.vendor.open(books)

    def reset(self) -> None:
        """Be as before the run."""
        self.open(self.prepared, self.books)

    def run(self, wire: Wire) -> Said | None:
        """Run in a process of its own with a wire in its place; return what was said, None if it was killed."""

        def act() -> Said:
            wire.install()
            return self.studio("run", "--json")

        said: Any = in_child(act)
        self.settle()
        return said  # type: ignore[no-any-return]

    def settle(self) -> None:
        """Wait until the vendor has taken in all that was sent to him."""
        assert isinstance(self.studio.loopback, QuietLoopback)
        self.studio.loopback.settle()

    def kill(self, at: int | str) -> list[str]:
        """Run, from where things stand, and die at an operation; return those there were, each of another state."""
        wire = Wire(self.root, at)
        said = self.run(wire)
        fine = {Exit.DONE} if at == WHOLE else {Exit.DONE, Exit.DECISION}  # an earlier one may have lost a reply
        assert said is None or said.code in fine, said.out + said.err
        if said is not None and at != WHOLE:  # what is done only if a clock says so
            self.missed.append(at)
        return wire.apart

    def bought(self) -> Counter[str]:
        """Return how often each target was bought in the run, and since then."""
        return Counter(self._target(one.kind, one.prompt) for one in self.vendor.accepted[len(self.books[0]) :])

    def _target(self, kind: Kind, prompt: str) -> str:
        if kind == "text":
            return "storyboard"
        numbers = range(PREPARATIONS[self.what][0])
        named = [(what, scene) for what in KINDS[kind] for scene in numbers if PROMPTS[what].format(scene) in prompt]
        assert len(named) == 1, prompt
        return f"{named[0][0]} {named[0][1]}"


def write_image(root: Path, image: Image) -> None:
    """Write files and folders below a folder."""
    for name, data in image.items():
        path = root / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def read_image(root: Path) -> Image:
    """Read all files and folders of a project."""
    found = sorted(root.rglob("*"))
    return {path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes() for path in found}


def first_run(stage: Stage) -> None:
    """Leave a project as it is before its first run."""
    _script(stage, cuts=(2, 4))


def whole_run(stage: Stage) -> None:
    """Leave a project whose film has everything as it is before its first run."""
    dissolve = {"mode": "crossfade", "seconds": 0.25}
    _script(stage, cuts=(2,), narration=True, audio=True, stitch=dissolve)


def by_hand(stage: Stage) -> None:
    """Repaint the first keyframe of a finished film, and reword a scene."""
    whole_run(stage)
    stage.studio.run()
    stage.studio.path("start 0").write_bytes(picture(7, "16:9", "PNG"))
    stage.studio.edit_scene(1, video_motion_prompt="motion 1. Quickly.", end_frame_prompt="end 1. In fog.")


def _script(stage: Stage, cuts: tuple[int, ...], **keys: Any) -> None:
    count = PREPARATIONS[stage.what][0]
    told = board("Waves", "plain", count, spoken="narration" in keys)
    scenes: Any = told["scenes"]
    for scene in cuts:
        scenes[scene]["continuity"] = "cut"
    stage.vendor.rules.clear()
    stage.vendor.on("text", Say(json.dumps(told)), times=None)
    seconds = 4 if stage.studio.mode == "vertex" else 3
    stage.studio.spec(scenes=count, seconds=seconds, output=OUTPUT, **keys)


PREPARATIONS: dict[str, tuple[int, Callable[[Stage], None]]] = {
    "first run": (5, first_run),
    "whole run": (3, whole_run),
    "by hand": (3, by_hand),
}
"""How a run is prepared, and how many scenes its film has."""


_known: dict[tuple[str, str], tuple[Stage, list[Rule]]] = {}
"""Stages by mode and preparation, with what the vendor was told, for the tests of this process that come later."""


def set_up(studio: Studio, what: str, *, anew: bool = False) -> Stage:
    """Return a stage for one of the `PREPARATIONS`."""
    key = (studio.mode, what)
    if anew or key not in _known:
        stage = _seen(Stage(studio, what, anew))
        if anew:
            return stage
        _known[key] = (stage, stage.vendor.rules.copy())
    kept, rules = _known[key]
    stage = replace(kept, studio=studio, missed=[])
    stage.vendor.rules[:] = rules
    return stage


def _seen(stage: Stage) -> Stage:
    """Look at the undisturbed run, which is done twice, to be sure of it."""
    studio, (_, prepare) = stage.studio, PREPARATIONS[stage.what]
    prepare(stage)
    stage.prepared, stage.books = read_image(studio.root), stage.vendor.books
    stage.takes = Store(stage.layout).last_take()
    studio.run()  # everything is imported, and so need not be in every child
    stage.expected, stage.usual = read_image(studio.root), stage.bought()
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    stage.reset()
    stage.points = stage.kill(WHOLE)
    again = read_image(studio.root)
    differing = [place for place in stage.expected if is_visible(place) and again.get(place) != stage.expected[place]]
    assert not differing, f"two undisturbed runs differ: {differing}"
    return stage


def draw(what: str) -> int:
    """Return a number that is a name's own, with one salt."""
    return zlib.crc32(f"{SALT}{what}".encode())


def some(chosen: list[T], among: Sequence[T]) -> list[T]:
    """Return what was chosen, which a salt may leave without any: then one of all."""
    assert among
    return chosen or [among[draw("") % len(among)]]


def is_visible(place: str) -> bool:
    """Whether a person sees a file, and it is the same in every run: the film's provenance tells of costs."""
    return not place.startswith(f"{PRIVATE}/") and not place.endswith("film.json")


def is_in_passing(point: str) -> bool:
    """Whether a moment is like another one for the next run: it removes a file unread, or nothing was sent yet."""
    *what, place, _ = point.split(" ")
    return what[0] in {"connect", "say"} or in_passing(f"/{place}")
