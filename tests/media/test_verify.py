"""A film that is not what was planned, is off the grid or plays other pictures than its clips is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.media.clips import Kind, SoundKind, frame_digests, make_clip
from tests.media.edits import SIZE, WILD, Cutting, source
from vidpipe.media.verify import FilmError, verify_film

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"frames": 13}, "frames 12, not 13"),
        ({"size": (64, 64)}, "not \\(64, 64\\)"),
        ({"audio": False}, "sound track True, not False"),
        ({"joins": [5]}, "frame 5 of the film does not decode"),
    ],
)
def test_a_film_that_is_not_what_was_planned_is_refused(tmp_path: Path, wrong: dict[str, object], words: str) -> None:
    path = make_clip(tmp_path / "film.mp4", Kind(size=SIZE))
    planned = {"size": SIZE, "joins": [0], "frames": 12, "audio": True}
    verify_film(path, "film.mp4", **planned)  # type: ignore[arg-type]
    with pytest.raises(FilmError, match=words):
        verify_film(path, "film.mp4", **{**planned, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind(size=SIZE, times=tuple(range(3, 15))), "first time"),
        (Kind(size=SIZE, rate=25), "frame step 1/25"),
        (Kind(size=SIZE, sound=SoundKind(seconds=0.4)), "of sound for 0.500 s of pictures"),
        (Kind(size=SIZE, sound=SoundKind(seconds=0.25, start=0.25)), "sound starts at"),
    ],
)
def test_a_film_off_the_grid_is_refused(tmp_path: Path, kind: Kind, words: str) -> None:
    path = make_clip(tmp_path / "film.mp4", kind)
    with pytest.raises(FilmError, match=words):
        verify_film(path, "film.mp4", size=SIZE, joins=[0], frames=12, audio=True)


def test_a_clip_that_changes_its_parameter_sets_leaves_the_next_one_its_own_pictures(cutting: Cutting) -> None:
    first, coarse, last = cutting.clips(WILD[0], WILD[1], Kind(size=SIZE, seed=7))
    cutting(cutting.edit([first, coarse]))
    changing = source(cutting.film.rename(cutting.folder / "changing.mp4"))
    report = cutting(cutting.edit([changing, last]))
    assert report.normalised == ()
    assert frame_digests(cutting.film) == [*frame_digests(changing.path), *frame_digests(last.path)]


def test_a_film_that_plays_a_piece_with_the_parameter_sets_of_another_is_refused(
    cutting: Cutting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, coarse, last = cutting.clips(WILD[0], WILD[1], Kind(size=SIZE, seed=7))
    cutting(cutting.edit([first, coarse]))
    changing = source(cutting.film.rename(cutting.folder / "changing.mp4"))
    monkeypatch.setattr("vidpipe.media.join._sets_differ", lambda _infos: False)
    with pytest.raises(FilmError, match="frame 44 of the film"):
        cutting(cutting.edit([changing, last]))
