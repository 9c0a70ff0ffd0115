"""Deciding whether a clip's packets can stand in a film: every difference is a reason, in a user's words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.media.clips import SIZE, Kind, make_clip
from vidpipe.media.clip import ClipInfo, Colour, why_not_copied
from vidpipe.media.probe import probe

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> ClipInfo:
    path: Path = tmp_path_factory.mktemp("clip") / "a.mp4"
    return probe(make_clip(path, Kind()), "a.mp4")


def test_a_clip_in_the_form_of_the_film_is_copied(plain: ClipInfo) -> None:
    assert not why_not_copied(plain, SIZE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"width": 66}, "66x36, not 64x36"),
        ({"step": Fraction(1, 30)}, "30 frames a second, not 24"),
        ({"step": Fraction(1001, 24_000)}, "23.976 frames a second, not 24"),
        ({"step": None}, "frames at uneven times"),
        ({"pixel_aspect": Fraction(4, 3)}, "pixels of 4/3, not square"),
        ({"rotation": 90}, "rotated by 90 degrees"),
        ({"interlaced": True}, "interlaced"),
        ({"colour": Colour(9, 16, 9, 1)}, "colours other than BT.709"),
        ({"colour": Colour(1, 1, 1, 2)}, "colours other than BT.709"),
        ({"codec": "hevc"}, "hevc, not h264"),
        ({"pixel_format": "yuv420p10le"}, "yuv420p10le, not yuv420p"),
        ({"profile": "Main"}, "H.264 Main profile, not High"),
        ({"parameter_sets": b""}, "stored in an unusual way"),
        ({"parameter_sets": b"\x01d\x00\x1f\xfd\xe1\x00\x01g\x01\x00\x01h"}, "stored in an unusual way"),
        ({"edited": True}, "hidden by an edit list"),
        ({"opens_clean": False}, "needs another one before it"),
    ],
)
def test_every_difference_is_a_reason(plain: ClipInfo, change: dict[str, Any], words: str) -> None:
    assert words in why_not_copied(replace(plain, **change), SIZE)


@pytest.mark.parametrize("colour", [Colour(2, 2, 2, 0), Colour(1, 1, 1, 1), Colour(1, 2, 2, 0)])
def test_untagged_colours_count_as_bt709(plain: ClipInfo, colour: Colour) -> None:
    assert not why_not_copied(replace(plain, colour=colour), SIZE)


def test_all_reasons_are_named_at_once(plain: ClipInfo) -> None:
    why = why_not_copied(replace(plain, width=32, rotation=180), SIZE)
    assert why == "32x36, not 64x36, rotated by 180 degrees"
