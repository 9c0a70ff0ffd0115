"""How loud the film came out: said by the run where it is not as wanted, and kept in its record and in `film.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.media.clips import film_sound
from tests.media.sound.films import metered, noise
from tests.toy import COLOURS
from vidpipe.events import Said
from vidpipe.media.encode import Encoder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project


SHAPES = [(720, 1280), (360, 640), (360, 640)]


def film_told(toy: Project) -> dict[str, Any]:
    """Return what `film.json` says of the film itself."""
    told: dict[str, Any] = json.loads((toy.layout().root / "film.json").read_text(encoding="utf-8"))["targets"][-1]
    assert told["name"] == "film.mp4"
    return told


def write_clip(path: Path, level: float) -> None:
    """Write a clip of a second, with noise of that level."""
    planes = [np.full(shape, grey, np.uint8) for grey, shape in zip(COLOURS[0], SHAPES, strict=False)]
    with Encoder(path, (1280, 720), audio=True) as encoder:
        for _ in range(24):
            encoder.write_planes(*planes)
        encoder.write_audio(noise(1, level))


@pytest.mark.parametrize(("level", "short"), [(0.05, False), (0.001, True)], ids=["loud enough", "too quiet"])
def test_the_loudness_of_a_film_and_what_it_lacks_stand_in_film_json(toy: Project, level: float, short: bool) -> None:
    toy.spec(scenes=1, audio=True)
    toy.done()
    write_clip(toy.path("clip 0"), level)
    toy.heard.clear()
    toy.done()
    said = " ".join(event.message for event in toy.heard if isinstance(event, Said))
    told = film_told(toy)
    assert told["loudness"] == toy.record("film").provenance["loudness"]
    assert told["loudness"] == pytest.approx(metered(film_sound(toy.path("film")))[0], abs=0.5)
    assert (told["loudness"] < -17) is short
    assert ("set loudness: " in said) is short
    assert ("shortfalls" in told) is short
    assert all(sentence in said for sentence in told.get("shortfalls", ()))


def test_a_loudness_that_is_left_alone_is_not_told_of(toy: Project) -> None:
    toy.spec(scenes=1, audio=True, loudness="keep")
    toy.done()
    assert "loudness" not in film_told(toy)
