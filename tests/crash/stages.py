"""The runs that are broken off: a first one, and one that makes a film again after a person's hand was in it."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.crash.crashing import Vendor
from tests.project import Project
from tests.toy import Operation, Port, Server, picture_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.crash.images import Image

    Connect = Callable[[Server], None]
    Books = tuple[list[tuple[Port, str]], dict[str, Operation]]
    """What the vendor has taken in, and the operations that he has begun."""
    Told = tuple[int, str]
    """The exit code of a run, and what it said."""

SCENES = 2
OUTPUT = "films/pier.mp4"
BOOKS = "vendor.pickle"


@dataclass(frozen=True, slots=True)
class Stage:
    """A project just before the run that is to be broken off, and what it comes to if nothing happens."""

    prepared: Image
    books: Books
    """The vendor's, before that run."""
    takes: int
    """The highest number of a take before that run."""
    expected: Image
    """All files after that run, undisturbed."""
    connect: Connect

    @property
    def bought(self) -> int:
        """How many requests the vendor had taken in before that run."""
        return len(self.books[0])

    def open(self, place: Path, image: Image, books: Books) -> Project:
        """Put an image of the project somewhere, with the vendor as he was then, and make it the current folder."""
        write_image(place, image)
        vendor = Vendor(deterministic=True, books=place / BOOKS)
        vendor.accepted, vendor.operations = list(books[0]), dict(books[1])
        vendor.save()
        self.connect(vendor)
        os.chdir(place)
        return Project(place, vendor)


def write_image(place: Path, image: Image) -> None:
    """Write files and folders below a new folder."""
    place.mkdir()
    for name, data in image.items():
        path = place / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def read_image(root: Path) -> Image:
    """Read all files and folders of a project."""
    found = sorted(path for path in root.rglob("*") if not path.name.startswith(BOOKS))
    return {path.relative_to(root).as_posix(): None if path.is_dir() else path.read_bytes() for path in found}


def first_run(project: Project) -> None:
    """Leave a project as it is before its first run."""
    project.spec(scenes=SCENES, output=OUTPUT)


def by_hand(project: Project) -> None:
    """Repaint the first keyframe of a finished film, reword a scene and change the style."""
    project.spec(scenes=SCENES, output=OUTPUT)
    project.done()
    project.path("start 0").write_bytes(picture_of("by hand"))
    project.edit_scene(1, video_motion_prompt="motion 1. Quickly.", end_frame_prompt="end 1. In fog.")


PREPARATIONS = {"first run": first_run, "by hand": by_hand}


def set_up(folder: Path, connect: Connect, prepare: Callable[[Project], None]) -> Stage:
    """Prepare a project, do the run in question undisturbed, and return both."""
    root = folder / "undisturbed"
    (root / ".git").mkdir(parents=True)
    (root / "specs").mkdir()
    os.chdir(root)
    vendor = Vendor(deterministic=True, books=root / BOOKS)
    connect(vendor)
    project = Project(root, vendor)
    prepare(project)
    prepared, takes = read_image(root), _last_take(project)
    books: Books = (list(vendor.accepted), dict(vendor.operations))
    project.done()
    stage = Stage(prepared, books, takes, read_image(root), connect)
    shutil.rmtree(root)
    gc.collect()
    gc.freeze()
    return stage


def _last_take(project: Project) -> int:
    from vidpipe.engine.store import Store

    return Store(project.layout()).last_take()


def in_child(act: Callable[[], object]) -> object:
    """Do something in a process of its own, and return what it returns."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            gc.disable()  # it would touch, and so copy, every page that the two processes share
            with os.fdopen(writer, "wb") as file:
                pickle.dump(act(), file)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        told = file.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed by itself"
    return pickle.loads(told)
