"""Folders that are exchanged for a symbolic link while a run is at work, at every moment that takes a while.

What they lead to has folders of the same names, with files of somebody's in them: all of it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import toy
from tests.hostile.test_links import swap
from tests.hostile.watch import watched
from tests.media.here import Here
from tests.toy import picture_of
from vidpipe.media.worker import shared
from vidpipe.steps import caption_files, side_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hostile.conftest import Yard
    from tests.hostile.watch import Watched

OUTPUT = "../../films"
WAITS = ("image", "speech", "video", "poll", "fetch")
PRECIOUS = (
    "clips.json",
    "precious",
    "tmp/precious",
    "pieces/precious.mp4",
    "sound/precious",
    "cache/clips.json",
    "cache/pieces/precious.mp4",
    "cache/sound/precious",
    "records/film.mp4.json",
    "records/clips/scene-001.mp4.json",
    "pending/clips/scene-001.mp4.json",
    "clips/scene-001.mp4.json",
    "archive/content/precious",
    "scene-001.mp4",
    "scene-001-end.png",
    "scene-001.wav",
    "captions.json",
    "output.json",
    "job.json",
    "index.json",
    "pier.mp4",
    "pier.srt",
    "pier.vtt",
)


@pytest.fixture
def busy(spoken: Yard) -> Yard:
    """Return a yard whose `elsewhere` is full of things with the names of vidpipe's own."""
    yard = spoken
    for name in PRECIOUS:
        path = yard.elsewhere / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"precious")
    return yard


def refilm(yard: Yard) -> None:
    """Let the last scene be drawn and filmed anew, one after the other."""
    yard.project.edit_scene(1, video_motion_prompt="Faster.", end_frame_prompt="Later.")


def state(folder: Path) -> dict[str, object]:
    """Return everything that lies in a folder, and when it was changed."""
    found: dict[str, object] = {".": folder.stat().st_mtime_ns}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[path.relative_to(folder).as_posix()] = (content, status.st_mtime_ns, status.st_ino)
    return found


def disturbed(yard: Yard, prepare: Callable[[], None]) -> Watched:
    """Run with something happening meanwhile; whatever comes of it, what lies elsewhere is as it was."""
    before = state(yard.elsewhere)
    done = watched(["run", "--on-lost", "resubmit"], yard.root, yard.notes, prepare=prepare)
    assert done.code is not None, f"hung: {done.told}"
    assert state(yard.elsewhere) == before, done.told
    assert [each for each in done.trespasses if each.endswith("(to write)")] == [], done.told
    assert "Traceback" not in done.told, done.told
    assert "a bug in vidpipe" not in done.told, done.told
    return done


@pytest.mark.parametrize(
    ("folder", "moment"),
    [
        *((".vidpipe/tmp", moment) for moment in WAITS),
        *((folder, "video") for folder in (".vidpipe", ".vidpipe/cache", "clips", OUTPUT)),
        (".vidpipe", "fetch"),
        ("keyframes", "image"),
        ("narration", "speech"),
    ],
)
def test_what_is_exchanged_while_a_vendor_works_gets_nothing(busy: Yard, folder: str, moment: str) -> None:
    if moment == "speech":  # one thing after the other: between two steps of a thread the window is not closed
        busy.project.edit_scene(1, narration="Hello there.")
    else:
        refilm(busy)
    busy.project.server.on(moment, lambda: swap(busy.job / folder, busy.elsewhere))  # type: ignore[arg-type]
    done = disturbed(busy, lambda: None)
    assert (busy.job / folder).is_symlink(), "the moment has come"
    assert done.code in {1, 2, 3}, done.told


@pytest.mark.parametrize(
    ("folder", "moment"),
    [
        *((".vidpipe/tmp", task) for task in ("pieces", "film", "verify")),
        *((".vidpipe/cache", task) for task in ("pieces", "film", "verify")),
        *((".vidpipe/cache/pieces", task) for task in ("pieces", "verify")),
        (".vidpipe/cache/sound", "film"),
        (".vidpipe", "film"),
        (OUTPUT, "verify"),
    ],
)
def test_what_is_exchanged_while_the_film_is_built_gets_nothing_and_loses_nothing(
    busy: Yard, folder: str, moment: str
) -> None:
    refilm(busy)

    class Disturbed(Here):
        def call(self, task, *arguments, **options):  # type: ignore[no-untyped-def]
            if task == moment and not (busy.job / folder).is_symlink():
                swap(busy.job / folder, busy.elsewhere)
            return super().call(task, *arguments, **options)

    def prepare() -> None:
        shared._pool = Disturbed()  # type: ignore[assignment]

    done = disturbed(busy, prepare)
    assert (busy.job / folder).is_symlink(), "the moment has come"
    assert done.code in {1, 2, 3}, done.told


def test_a_provider_that_opens_what_it_is_given_is_not_asked_to(busy: Yard) -> None:
    refilm(busy)
    busy.project.server.on("poll", lambda: swap(busy.job / ".vidpipe/tmp", busy.elsewhere))
    done = disturbed(busy, lambda: setattr(toy, "write_draft", lambda path, data: path.write_bytes(data)))
    assert done.code == 2, done.told
    assert "a symbolic link stands in the way to this folder" in done.told


def test_pictures_that_lie_elsewhere_are_not_taken_for_the_jobs_and_sent(busy: Yard) -> None:
    for name in ("scene-000-start.png", "scene-000-end.png", "scene-001-end.png"):
        (busy.elsewhere / name).write_bytes(picture_of("somebody else's"))
    busy.project.spec(scenes=2, output="films/pier.mp4", audio=True, script="Other words.")
    busy.project.server.on("text", lambda: swap(busy.job / "keyframes", busy.elsewhere))
    done = disturbed(busy, lambda: None)
    assert (busy.job / "keyframes").is_symlink(), "the moment has come"
    assert [each for each in done.trespasses if ".png" in each] == []
    assert "keyframes is a symbolic link" in done.told


@pytest.mark.parametrize("moment", ["before write", "before _place", "after _place", "before write_captions"])
@pytest.mark.parametrize("folder", [".vidpipe/tmp", ".vidpipe", OUTPUT])
def test_what_is_exchanged_around_the_side_files_gets_nothing(busy: Yard, folder: str, moment: str) -> None:
    refilm(busy)
    busy.project.edit_scene(1, narration="Hello there.")
    when, _, name = moment.partition(" ")

    def prepare() -> None:
        where = caption_files if name == "write_captions" else side_files
        real = getattr(where, name)

        def swapping() -> None:
            if not (busy.job / folder).is_symlink():
                swap(busy.job / folder, busy.elsewhere)

        def disturbing(*arguments: object) -> None:
            if when == "before":
                swapping()
            real(*arguments)
            swapping()

        setattr(where, name, disturbing)

    done = disturbed(busy, prepare)
    assert (busy.job / folder).is_symlink(), "the moment has come"
    assert done.code in {1, 2, 3}, done.told
