"""A video that the system cannot read is not damaged, which is another error; each names the file with its folder."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.media.clips import Kind, make_clip
from tests.media.edits import Cutting, source
from vidpipe.errors import BrokenFileError
from vidpipe.media.verify import FilmError, check_clip

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "clips/scene-003.mp4"
SAID = "Input/output error"


class Failing(io.FileIO):
    """A file that can be read up to a place."""

    most = 0

    def readinto(self, buffer: Any) -> int:
        """Read, or fail."""
        if self.tell() >= self.most:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().readinto(buffer)

    def read(self, size: int | None = -1) -> bytes:
        """Read, or fail."""
        if self.tell() >= self.most:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


@pytest.mark.parametrize("most", [0, 200, 3000])
def test_a_clip_that_cannot_be_read_on_is_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    path = make_clip(tmp_path / "clip.mp4", Kind())
    monkeypatch.setattr(Failing, "most", most)
    monkeypatch.setattr("vidpipe.media.mp4.open_regular", Failing)
    with pytest.raises(OSError, match=SAID) as caught:
        check_clip(path, NAME)
    assert caught.value.filename == str(path)


def test_a_clip_that_cannot_be_opened_is_not_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("vidpipe.media.mp4.open_regular", fail)
    with pytest.raises(PermissionError):
        check_clip(tmp_path / "clip.mp4", NAME)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_broken(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "clip.mp4")
    with pytest.raises(BrokenFileError, match=f"{NAME}: "):
        check_clip(tmp_path / "clip.mp4", NAME)


def test_an_error_in_the_middle_of_reading_a_part_of_a_film_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = source(make_clip(tmp_path / "clip.mp4", Kind()))

    def fail(_path: Path, _largest: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("vidpipe.media.edit.read_file", fail)
    with pytest.raises(OSError, match=SAID) as caught:
        part.read()
    assert caught.value.filename == str(part.path)


def test_a_film_that_comes_out_wrong_is_named_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs/pier").mkdir(parents=True)
    cutting = Cutting(tmp_path / "runs/pier")
    call = cutting.workers.call

    def wrong(task: str, arguments: Mapping[str, Any], **options: Any) -> Any:
        return call(task, {**arguments, "frames": 7} if task == "verify" else arguments, **options)

    monkeypatch.setattr(cutting.workers, "call", wrong)
    with pytest.raises(FilmError, match=r"^runs/pier/film\.mp4: the film that was built is wrong"):
        cutting(cutting.edit(cutting.clips(Kind())))


def test_workers_are_told_to_call_a_film_by_its_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs/pier").mkdir(parents=True)
    cutting = Cutting(tmp_path / "runs/pier")
    cutting(cutting.edit(cutting.clips(Kind())))
    assert {("film", "runs/pier/film.mp4"), ("verify", "runs/pier/film.mp4")} <= set(cutting.workers.done)
