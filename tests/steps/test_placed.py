"""What is put outside of the job directory: whole, in the folder that was meant, through nothing that leads away."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, BinaryIO

import pytest

from vidpipe.files import anchored, create, read_file, refuse_detour, remove_whole, write_draft
from vidpipe.steps.placed import Placed, digest_of, place_outside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write(content: bytes) -> Callable[[BinaryIO], object]:
    return lambda copy: copy.write(content)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_and_replaces_the_one_before(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        place_outside(tmp_path / "films" / "pier.mp4", write(content))
        assert (tmp_path / "films" / "pier.mp4").read_bytes() == content
    assert names(tmp_path / "films") == ["pier.mp4"]


def test_a_link_that_was_put_where_the_draft_is_about_to_be_is_not_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, films = tmp_path / "victim", tmp_path / "films"
    victim.write_bytes(b"precious")
    films.mkdir()
    monkeypatch.setattr(secrets, "token_hex", lambda _count: "0" * 12)

    def guessed(_path: Path) -> None:
        (films / f".pier.mp4.{'0' * 12}.vidpipe-part").symlink_to(victim)

    monkeypatch.setattr("vidpipe.steps.placed._sweep", guessed)
    with pytest.raises(FileExistsError):
        place_outside(films / "pier.mp4", write(b"film"))
    assert victim.read_bytes() == b"precious"
    assert not (films / "pier.mp4").exists()


def test_no_two_drafts_have_one_name(tmp_path: Path) -> None:
    seen = set()

    def look(copy: BinaryIO) -> None:
        seen.update(names(tmp_path))

    for _ in range(3):
        place_outside(tmp_path / "pier.mp4", look)
    assert len(seen - {"pier.mp4"}) == 3


def test_a_folder_that_is_exchanged_while_the_film_is_copied_gets_nothing(tmp_path: Path) -> None:
    films, elsewhere = tmp_path / "films", tmp_path / "elsewhere"
    for folder in (films, elsewhere):
        folder.mkdir()
    (elsewhere / "pier.mp4").write_bytes(b"precious")

    def swap(copy: BinaryIO) -> None:
        for path in films.iterdir():
            (elsewhere / path.name).write_bytes(b"also precious")
        films.rename(tmp_path / "aside")
        films.symlink_to(elsewhere)
        copy.write(b"film")

    with pytest.raises(OSError, match="symbolic link"):
        place_outside(films / "pier.mp4", swap)
    assert (elsewhere / "pier.mp4").read_bytes() == b"precious"
    assert len(names(elsewhere)) == 2


def test_what_killed_runs_left_goes_and_nothing_else_does(tmp_path: Path) -> None:
    left = [".pier.mp4.vidpipe-part", ".pier.mp4.0123456789ab.vidpipe-part"]
    others = [
        ".pier.mp4.mine.vidpipe-part",
        ".pierXmp4.vidpipe-part",
        ".pier.srt.vidpipe-part",
        "pier.mp4.vidpipe-part",
    ]
    for name in (*left, *others):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / ".pier.mp4.ba9876543210.vidpipe-part").mkdir()
    place_outside(tmp_path / "pier.mp4", write(b"film"))
    assert set(names(tmp_path)) == {*others, ".pier.mp4.ba9876543210.vidpipe-part", "pier.mp4"}


@pytest.mark.parametrize("place", [".vidpipe", ".vidpipe/tmp"])
def test_no_note_is_taken_through_a_link(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "tmp").mkdir(parents=True)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere)
    placed = Placed(tmp_path / ".vidpipe" / "output.json", 3)
    with pytest.raises(OSError, match="symbolic link"):
        placed.remember("0" * 64, scratch=tmp_path / ".vidpipe" / "tmp")
    assert [path.name for path in elsewhere.rglob("*")] == ["tmp"]


def test_a_file_that_is_too_large_has_no_digest(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    assert digest_of(tmp_path / "x", 4) is None
    assert digest_of(tmp_path / "x", 5) is not None


def test_a_path_below_a_folder_keeps_its_own_links_to_be_found(tmp_path: Path) -> None:
    (tmp_path / "real" / "job" / "tmp").mkdir(parents=True)
    (tmp_path / "runs").symlink_to(tmp_path / "real")
    path = anchored(tmp_path / "runs" / "job" / "tmp", tmp_path / "runs" / "job")
    assert path == tmp_path / "real" / "job" / "tmp"
    refuse_detour(path)
    refuse_detour(path / "none" / "yet")
    path.rename(tmp_path / "aside")
    path.symlink_to(tmp_path / "aside")
    for folder in (path, path / "deeper"):
        with pytest.raises(OSError, match="symbolic link"):
            refuse_detour(folder)
    with pytest.raises(OSError, match="symbolic link"):
        write_draft(path / "draft", b"x")
    with pytest.raises(OSError, match="symbolic link"):
        remove_whole(path / "anything")
    assert list((tmp_path / "aside").iterdir()) == []


def test_what_is_created_was_not_there(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "none")
    for name in ("mine", "link"):
        with pytest.raises(FileExistsError):
            create(tmp_path / name)
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert not (tmp_path / "none").exists()


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"12345")
    assert read_file(tmp_path / "x", 5) == b"12345"
    with pytest.raises(OSError, match="5 bytes are more than the 4"):
        read_file(tmp_path / "x", 4)
