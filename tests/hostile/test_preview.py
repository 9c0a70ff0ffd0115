"""`runs/.preview`, which may come with a stranger's job directory: links in it, there or put there meanwhile; pipes."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from vidpipe.commands import clean as cleaning
from vidpipe.commands import preview as command
from vidpipe.commands.preview_place import Place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.conftest import Yard
    from vidpipe.engine.layout import Layout
    from vidpipe.spec.load import Loaded

FOLDERS = (
    "",
    "pier",
    "pier/keyframes",
    "pier/clips",
    "pier/narration",
    "pier/.vidpipe",
    "pier/.vidpipe/tmp",
    "pier/.vidpipe/records",
    "pier/.vidpipe/cache",
    ".placed",
)
FILES = ("pier/film.mp4", "pier/storyboard.json", "pier/keyframes/scene-000-end.png", "pier/.vidpipe/lock")
NOTES = ("pier/.vidpipe/copies.json", ".placed/pier.json")


@pytest.fixture
def yard(yard: Yard) -> Yard:
    """Return the yard; what is elsewhere is called as a preview's own files and folders are."""
    for place in ("pier/precious", "keyframes", "tmp", "records", "clips", ".vidpipe/tmp"):
        (yard.elsewhere / place).mkdir(parents=True)
    for place in ("pier/film.mp4", "keyframes/scene-000-end.png", "keyframes/id_rsa.png", "pier.json", "x.json"):
        (yard.elsewhere / place).write_text("somebody else's")
    return yard


def preview(yard: Yard, place: str) -> Path:
    """Return a path in what a preview is made in, with nothing there, but its folder."""
    path = yard.root / "runs" / ".preview" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_preview_is_made_through_a_folder_that_leads_elsewhere(yard: Yard, folder: str) -> None:
    preview(yard, folder).symlink_to(yard.elsewhere, target_is_directory=True)
    assert yard.refuses("preview", saying="is a symbolic link").code == 2


@pytest.mark.parametrize("folder", ["", "pier"])
@pytest.mark.parametrize("arguments", [(), ("--yes",)])
def test_nothing_is_cleaned_away_through_a_link(yard: Yard, folder: str, arguments: tuple[str, ...]) -> None:
    preview(yard, folder).symlink_to(yard.elsewhere, target_is_directory=True)
    yard.refuses("clean", *arguments, saying="is a symbolic link")
    assert (yard.elsewhere / "pier" / "precious").is_dir()


def test_a_link_to_the_project_itself_cleans_none_of_its_folders_away(yard: Yard) -> None:
    yard.project.spec("src", scenes=1)
    (yard.root / "src").mkdir()
    (yard.root / "src" / "film.c").write_text("int x;")
    shutil.copytree(yard.job, yard.root / "runs" / "src")
    (yard.root / "runs" / "src" / ".vidpipe" / "job.json").unlink()
    preview(yard, "").symlink_to("..", target_is_directory=True)
    yard.refuses("clean", "--yes", "specs/src.yaml", saying="is a symbolic link")
    assert (yard.root / "src" / "film.c").exists()


@pytest.mark.parametrize("folder", ["runs/.preview", "runs/pier/.vidpipe"])
def test_nothing_is_cleaned_away_through_a_link_that_is_put_there_meanwhile(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (preview(yard, "pier") / "precious").mkdir(parents=True)
    (yard.elsewhere / "cache" / "sound").mkdir(parents=True)
    remove = cleaning._remove

    def exchanged(path: Path, layout: Layout) -> None:
        if not (yard.root / "aside").exists():
            (yard.root / folder).rename(yard.root / "aside")
            (yard.root / folder).symlink_to(yard.elsewhere, target_is_directory=True)
        remove(path, layout)

    monkeypatch.setattr(cleaning, "_remove", exchanged)
    yard.refuses("clean", "--yes", saying="is a symbolic link")


def test_no_preview_is_begun_where_a_later_one_cannot_be_made(yard: Yard) -> None:
    yard.project.spec("quay", scenes=1)
    preview(yard, "quay").symlink_to(yard.elsewhere, target_is_directory=True)
    yard.refuses("preview", saying="runs/.preview/quay is a symbolic link")
    assert not (yard.root / "runs" / "pier.preview.mp4").exists()


@pytest.mark.parametrize("to", ["a file", "nothing"])
@pytest.mark.parametrize("file", [*FILES, *NOTES])
def test_no_file_of_a_preview_leads_elsewhere(yard: Yard, file: str, to: str) -> None:
    preview(yard, file).symlink_to(yard.elsewhere / ("private.json" if to == "a file" else "none"))
    assert yard.refuses("preview", saying="symbolic link").code == 2


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_stands_in_a_previews_place_stays(yard: Yard, kind: str) -> None:
    film = yard.root / "runs" / "pier.preview.mp4"
    if kind == "link":
        film.symlink_to(yard.elsewhere / "private.json")
    else:
        os.mkfifo(film) if kind == "pipe" else film.mkdir()
    before = film.lstat().st_ino
    assert yard.refuses("preview", saying="runs/pier.preview.mp4").code == 3
    assert film.lstat().st_ino == before


@pytest.mark.parametrize("file", [*FILES, *NOTES, "", "pier", "pier/.vidpipe", "pier/keyframes"])
def test_nothing_of_a_preview_is_waited_for(yard: Yard, file: str) -> None:
    os.mkfifo(preview(yard, file))
    done = yard("preview")
    assert done.code in {0, 1, 2, 3}, done.told
    yard("clean", "--yes")


@pytest.mark.parametrize(
    ("moment", "folder"),
    [
        *(("looked at", folder) for folder in FOLDERS if folder not in {"pier/clips", "pier/narration"}),
        *(("made", folder) for folder in ("", "pier", ".placed")),
    ],
)
def test_a_folder_that_is_exchanged_while_a_preview_is_made_gets_nothing(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, moment: str, folder: str
) -> None:
    assert yard("preview").code == 0
    path = yard.root / "runs" / ".preview" / folder
    look, publish = command._shown, Place.publish

    def exchange() -> None:
        path.rename(yard.root / "aside")
        path.symlink_to(yard.elsewhere, target_is_directory=True)

    def looked(loaded: Loaded) -> object:
        found = look(loaded)
        exchange()
        return found

    def published(place: Place, scratch: Path) -> Path:
        exchange()
        return publish(place, scratch)

    if moment == "made":
        monkeypatch.setattr(Place, "publish", published)
    else:
        monkeypatch.setattr(command, "_shown", looked)
    assert yard.refuses("preview", saying="is a symbolic link").code == 1
