"""Symbolic links in a job directory, there from the start or put there while a run is at work."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hostile.conftest import Yard

FOLDERS = (
    "keyframes",
    "clips",
    "narration",
    ".vidpipe",
    ".vidpipe/tmp",
    ".vidpipe/records",
    ".vidpipe/records/clips",
    ".vidpipe/pending",
    ".vidpipe/archive",
    ".vidpipe/archive/content",
    ".vidpipe/marks",
    ".vidpipe/marks/redo",
    ".vidpipe/cache",
    ".vidpipe/cache/pieces",
    ".vidpipe/cache/sound",
)
COMMANDS = (
    ("run", "-v"),
    ("plan",),
    ("status", "pier"),
    ("why", "pier", "*"),
    ("takes", "pier", "film.mp4"),
    ("redo", "pier", "clips/*"),
    ("accept", "pier", "clips/*"),
    ("restore", "pier", "clips/scene-000.mp4", "1"),
    ("adopt", "pier", "clips/scene-000.mp4", "operations/1"),
    ("preview", "pier"),
    ("preview", "specs/pier.yaml"),
    ("clean", "--yes", "--orphans", "--archive"),
)


def lead_away(yard: Yard, folder: str) -> None:
    """Put a link to a folder elsewhere in a folder's place."""
    path = yard.job / folder
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(yard.elsewhere, target_is_directory=True)


def reword(yard: Yard) -> None:
    """Let there be something to make."""
    yard.project.edit_scene(0, video_motion_prompt="Faster.", end_frame_prompt="Later.")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_leads_elsewhere_is_neither_written_to_nor_emptied_nor_read(yard: Yard, folder: str) -> None:
    reword(yard)
    lead_away(yard, folder)
    yard.refuses(saying="is a symbolic link")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize("folder", [".vidpipe", ".vidpipe/tmp", ".vidpipe/cache/sound", "narration"])
def test_no_command_follows_such_a_folder(yard: Yard, folder: str, command: tuple[str, ...]) -> None:
    lead_away(yard, folder)
    done = yard(*command)
    assert done.code != 0
    assert yard.requests() == 0


@pytest.mark.parametrize("command", [("doctor",), ("doctor", "specs/pier.yaml"), ("check",), ("models",)], ids=" ".join)
@pytest.mark.parametrize("folder", FOLDERS[:5])
def test_a_command_that_needs_no_job_does_not_look_into_one(yard: Yard, folder: str, command: tuple[str, ...]) -> None:
    lead_away(yard, folder)
    assert yard(*command).code in {0, 1}


@pytest.mark.parametrize(
    "name",
    [
        "storyboard.json",
        "film.mp4",
        "film.json",
        "keyframes/scene-000-end.png",
        "clips/scene-000.mp4",
        "film.srt",
        "film.vtt",
        "narration/scene-000.wav",
        ".vidpipe/job.json",
        ".vidpipe/ledger.jsonl",
        ".vidpipe/log.jsonl",
        ".vidpipe/lock",
        ".vidpipe/index.json",
        ".vidpipe/records/film.mp4.json",
        ".vidpipe/pending/film.mp4.json",
        ".vidpipe/captions.json",
        ".vidpipe/output.json",
        ".vidpipe/cache/clips.json",
    ],
)
@pytest.mark.parametrize("to", ["a file", "nothing"])
def test_a_file_that_leads_elsewhere_is_neither_read_nor_sent_nor_written(yard: Yard, name: str, to: str) -> None:
    path = yard.job / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(yard.elsewhere / ("private.json" if to == "a file" else "none.json"))
    yard.refuses(saying="leads out of the project")
    if to == "a file":
        assert yard("run").code == 2
        assert yard("status", "pier").code == 2


def test_a_job_directory_that_is_a_link_out_of_the_project_is_refused(yard: Yard) -> None:
    shutil.rmtree(yard.job)
    yard.job.symlink_to(yard.elsewhere / "deep", target_is_directory=True)
    yard.refuses(saying="leads out of the project")


def test_a_picture_that_links_to_another_place_in_the_project_is_a_picture(yard: Yard) -> None:
    picture = yard.job / "keyframes" / "scene-000-start.png"
    (yard.root / "art").mkdir()
    shutil.move(picture, yard.root / "art" / "start.png")
    picture.symlink_to("../../../art/start.png")
    done = yard("run")
    assert (done.code, yard.requests()) == (0, 0), done.told


def swapped(yard: Yard, folder: str, moment: str) -> Callable[[], None]:
    """Return what puts a link in a folder's place as soon as a clip is asked for, or is being fetched."""

    def prepare() -> None:
        yard.project.server.on(moment, lambda: swap(yard.job / folder, yard.elsewhere))  # type: ignore[arg-type]

    return prepare


def swap(path: Path, elsewhere: Path) -> None:
    """Move a folder aside, and put a link to another one in its place."""
    aside = path.with_name(f"{path.name}.aside")
    if path.is_dir():
        path.rename(aside)
    path.symlink_to(elsewhere, target_is_directory=True)


@pytest.mark.parametrize("folder", ["clips", ".vidpipe/records", ".vidpipe/pending", ".vidpipe/archive", ".vidpipe"])
def test_a_folder_that_is_exchanged_while_a_clip_is_filmed_gets_nothing(yard: Yard, folder: str) -> None:
    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    done = yard("run", prepare=swapped(yard, folder, "video"))
    assert done.code in {1, 2, 3}, done.told
    assert yard.requests() <= 3, "asked for, polled and fetched, at most"


@pytest.mark.parametrize(
    "name", [".vidpipe/ledger.jsonl", ".vidpipe/log.jsonl", ".vidpipe/lock", "clips/scene-000.mp4"]
)
def test_a_file_that_is_exchanged_while_a_clip_is_filmed_passes_nothing_on(yard: Yard, name: str) -> None:
    path = yard.job / name

    def swap() -> None:
        path.rename(path.with_name("aside"))
        path.symlink_to(yard.elsewhere / "private.json")

    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    done = yard("run", prepare=lambda: yard.project.server.on("video", swap))
    assert done.code in {1, 2, 3}, done.told
    assert path.is_symlink()
