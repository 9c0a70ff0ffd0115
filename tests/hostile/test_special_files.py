"""Pipes, devices, sockets and folders where files belong: reading them would never end, or eat all memory."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vidpipe.files import open_regular
from vidpipe.media.captions.fonts import found_faces

if TYPE_CHECKING:
    from tests.hostile.conftest import Yard

PLACES = (
    "storyboard.json",
    "film.mp4",
    "film.json",
    "keyframes/scene-000-end.png",
    "clips/scene-000.mp4",
    "clips/scene-009.mp4",
    ".vidpipe/job.json",
    ".vidpipe/ledger.jsonl",
    ".vidpipe/log.jsonl",
    ".vidpipe/lock",
    ".vidpipe/index.json",
    ".vidpipe/output.json",
    ".vidpipe/records/film.mp4.json",
    ".vidpipe/pending/film.mp4.json",
    ".vidpipe/marks/redo/film.mp4.json",
    ".vidpipe/archive/records/film.mp4/000001.json",
    "narration/scene-000.wav",
    "film.srt",
    "film.vtt",
    ".vidpipe/captions.json",
    ".vidpipe/cache",
    ".vidpipe/cache/clips.json",
    ".vidpipe/cache/sound/x",
    "../.preview",
    "../.preview/pier",
    "../.preview/.placed",
    "../pier.preview.mp4",
)
STRANGE = (
    "clips/scene-009.mp4",
    "narration/scene-000.wav",
    "film.srt",
    "film.vtt",
    "../.preview",
    "../.preview/pier",
    "../.preview/.placed",
    "../pier.preview.mp4",
)
"""What no run of a silent film cares for: where it is no link that leads out, nothing comes of it."""

CLIP = "clips/scene-000.mp4"
LATER = (
    ("why", "pier", "*"),
    ("clean", "--yes"),
    ("preview", "pier"),
    ("accept", "pier", CLIP),
    ("restore", "pier", CLIP, "1"),
    ("adopt", "pier", CLIP, "operations/1"),
    ("probe", f"runs/pier/{CLIP}"),
    ("doctor",),
)
"""Commands that come after a run; the first two look at most."""


def put(path: Path, kind: str) -> None:
    """Put something in a file's place that is no regular file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        try:
            os.mknod(path, stat.S_IFCHR | 0o666, Path("/dev/zero").stat().st_rdev)
            os.close(os.open(path, os.O_RDONLY))
        except PermissionError:
            pytest.skip("only root may make a device, and only where the file system has any")
    elif kind == "link":
        path.symlink_to("/dev/zero")
    elif kind == "socket":
        here = os.open(path.parent, os.O_RDONLY)
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)
    else:
        path.mkdir()


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        *((place, kind) for place in PLACES for kind in ("pipe", "device")),
        *((place, "link") for place in PLACES[::5]),
    ],
)
def test_nothing_in_a_job_directory_is_waited_for(yard: Yard, place: str, kind: str) -> None:
    put(yard.job / place, kind)
    yard.project.edit_scene(0, video_motion_prompt="Faster.") if place != "storyboard.json" else None
    done = yard("run")
    assert done.code in {0, 1, 2}, done.told
    if place not in STRANGE or (kind == "link" and not place.startswith("../")):
        assert (done.code, yard.requests()) != (0, 0), done.told
        assert place in done.told.replace(f"{yard.root}/", ""), done.told
    for command in LATER if kind == "pipe" else LATER[:2]:
        assert yard(*command).code in {0, 1, 2, 3}


@pytest.mark.parametrize("kind", ["socket", "folder"])
@pytest.mark.parametrize("place", ["storyboard.json", "clips/scene-000.mp4", ".vidpipe/ledger.jsonl"])
def test_a_socket_or_a_folder_is_no_file_either(yard: Yard, place: str, kind: str) -> None:
    put(yard.job / place, kind)
    yard.refuses(saying=place)


@pytest.mark.parametrize("kind", ["pipe", "device", "link", "socket", "folder"])
@pytest.mark.parametrize("name", ["script.txt", "mara.png", "vidpipe.toml", "models.toml", "pier.yaml"])
def test_what_a_spec_names_is_a_file(yard: Yard, name: str, kind: str) -> None:
    yard.project.spec(script=None, script_file="script.txt", references=[{"name": "mara", "image": "mara.png"}])
    shutil.copy(yard.job / "keyframes" / "scene-000-end.png", yard.root / "specs" / "mara.png")
    (yard.root / "specs" / "script.txt").write_text("Waves.")
    if name == "models.toml":
        (yard.root / "specs" / "vidpipe.toml").write_text("")
    put(yard.root / "specs" / name, kind)
    yard.refuses("run", "specs/pier.yaml", saying=name)


@pytest.mark.parametrize("kind", ["pipe", "device", "link", "socket", "folder"])
def test_no_letters_are_taken_from_what_is_no_font_file(tmp_path: Path, kind: str) -> None:
    put(tmp_path / "x.ttf", kind)
    assert list(found_faces([str(tmp_path / "x.ttf")], ())) == []


@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
def test_an_output_that_is_no_file_stays_as_it_is(yard: Yard, kind: str) -> None:
    yard.project.spec(scenes=1, output="films/pier.mp4")
    put(yard.root / "films" / "pier.mp4", kind)
    done = yard("run")
    assert done.code in {2, 3}, done.told
    assert "films/pier.mp4" in done.told
    assert yard.requests() == 0


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "folder"])
def test_a_video_that_is_no_file_is_told_apart_at_once(yard: Yard, kind: str) -> None:
    put(yard.root / "f.mp4", kind)
    done = yard("probe", "f.mp4")
    assert done.code not in {None, 0}, done.told
    assert "f.mp4" in done.told


@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
def test_what_stands_in_the_way_of_a_copy_is_not_waited_for(spoken: Yard, kind: str) -> None:
    for name in ("pier.mp4", "pier.srt"):
        (spoken.root / "films" / name).unlink()
        put(spoken.root / "films" / f".{name}.vidpipe-part", kind)
    done = spoken("run")
    assert done.code == 0, done.told
    assert sorted(path.name for path in (spoken.root / "films").iterdir()) == ["pier.mp4", "pier.srt", "pier.vtt"]


@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
@pytest.mark.parametrize("place", ["narration/scene-000.wav", "film.srt", "../../films/pier.vtt"])
def test_words_that_are_no_file_are_not_waited_for(spoken: Yard, place: str, kind: str) -> None:
    put(spoken.job / place, kind)
    spoken.project.edit_scene(0, video_motion_prompt="Faster.")
    done = spoken("run")
    assert done.code in {0, 1, 2}, done.told
    assert place.rpartition("/")[2] in done.told, done.told
    assert not (spoken.job / place).is_file()


def test_a_folder_with_the_name_of_a_half_copy_is_in_nobodys_way(yard: Yard) -> None:
    yard.project.spec(scenes=1, output="films/pier.mp4")
    put(yard.root / "films" / ".pier.mp4.vidpipe-part", "folder")
    done = yard("run")
    assert done.code == 0, done.told
    assert (yard.root / "films" / ".pier.mp4.vidpipe-part").is_dir()


def test_a_target_that_becomes_a_pipe_while_it_is_filmed_is_kept(yard: Yard) -> None:
    clip = yard.job / "clips" / "scene-000.mp4"
    yard.project.edit_scene(0, video_motion_prompt="Faster.")
    done = yard("run", prepare=lambda: yard.project.server.on("video", lambda: put(clip, "pipe")))
    assert done.code in {1, 3}, done.told
    assert clip.is_fifo()


@pytest.mark.parametrize("kind", ["pipe", "device", "link", "socket", "folder"])
def test_only_a_regular_file_is_opened_to_be_read(tmp_path: Path, kind: str) -> None:
    put(tmp_path / "x", kind)
    with pytest.raises(OSError, match=r"regular|directory|No such device"):
        open_regular(tmp_path / "x")
