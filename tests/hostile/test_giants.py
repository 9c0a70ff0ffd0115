"""Files of many gigabytes without a byte on the disk, as a commit of a few bytes can bring: none is read to its end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from vidpipe.media.mp4 import CLIP_LIMITS, FILM_LIMITS
from vidpipe.steps.kinds import LARGEST_CLIP, LARGEST_FILM

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.conftest import Yard

GIANT = 80 << 30
OUTPUT = "../../films/pier.mp4"
FILES = {
    "clips/scene-000.mp4": "500,000,000 bytes",
    "narration/scene-000.wav": "512 MiB",
    "keyframes/scene-000-end.png": "512 MiB",
    "storyboard.json": "64 MiB",
    "film.mp4": "75,000,000,000 bytes",
}
COMMANDS = (("run",), ("plan",), ("status", "pier"), ("why", "pier", "*"))


def grow(path: Path) -> None:
    """Let a file be a giant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.truncate(GIANT)


def test_the_limits_are_those_that_media_knows() -> None:
    assert (CLIP_LIMITS.bytes, FILM_LIMITS.bytes) == (LARGEST_CLIP, LARGEST_FILM)


@pytest.mark.parametrize("place", FILES)
def test_a_giant_in_the_place_of_a_target_is_broken_at_once_and_the_limit_told(spoken: Yard, place: str) -> None:
    grow(spoken.job / place)
    for command in COMMANDS:
        done = spoken(*command)
        assert FILES[place] in done.told, done.told
        assert place in done.told
    assert spoken.requests() == 0
    assert (spoken.job / place).stat().st_size == GIANT


@pytest.mark.parametrize("place", ["film.json", ".vidpipe/cache/clips.json"])
def test_a_giant_in_the_place_of_what_can_be_written_anew_is_written_anew(spoken: Yard, place: str) -> None:
    grow(spoken.job / place)
    if place.startswith(".vidpipe"):
        (spoken.job / "film.mp4").unlink()
        (spoken.private / "records" / "film.mp4.json").unlink()
    for command in (*COMMANDS[1:], ("run",)):
        done = spoken(*command)
        assert done.code == 0, done.told
    assert (spoken.job / place).stat().st_size < GIANT
    assert spoken.requests() == 0


@pytest.mark.parametrize("place", ["film.srt", "film.vtt", "../../films/pier.srt", "../../films/pier.vtt"])
def test_giant_captions_are_a_persons_and_stay(spoken: Yard, place: str) -> None:
    grow(spoken.job / place)
    (spoken.job / "film.json").unlink()  # so that side files are written
    for command in (*COMMANDS[1:], ("run",)):
        done = spoken(*command)
        assert done.code == 0, done.told
    assert os.path.basename(place) in done.told, done.told  # noqa: PTH119 - the place is no path of this system's
    assert (spoken.job / place).stat().st_size == GIANT


def test_a_giant_in_the_place_of_the_copy_is_not_vidpipes_and_the_limit_is_told(spoken: Yard) -> None:
    grow(spoken.job / OUTPUT)
    for command in (("plan",), ("run",)):
        done = spoken(*command)
        assert done.code == (3 if command == ("run",) else 0), done.told
        assert "films/pier.mp4" in done.told
        assert "75,000,000,000 bytes" in done.told
    assert (spoken.job / OUTPUT).stat().st_size == GIANT
    assert spoken.requests() == 0
