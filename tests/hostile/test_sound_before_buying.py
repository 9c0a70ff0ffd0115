"""A recording or music that is no sound is told by its name before anything is bought, and looked at only then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.hostile.sounds import at_rate, floats, quiet_but
from tests.media.here import Here
from tests.toy import voice_of
from vidpipe.errors import Exit
from vidpipe.media.wav import LOUDEST
from vidpipe.media.worker import shared

if TYPE_CHECKING:
    from tests.project import Project

NO_NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 1e38, LOUDEST * 2)


@pytest.fixture
def told(toy: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a project whose one scene is written and spoken, and is still to be drawn and filmed."""
    monkeypatch.setattr(shared, "_pool", Here())
    toy.spec(scenes=1, narration=True, audio=True)
    toy.done(until="narration")
    return toy


@pytest.mark.parametrize("value", NO_NUMBERS)
@pytest.mark.parametrize("bits", [32, 64])
def test_a_persons_recording_that_is_no_sound_is_told_before_anything_is_bought(
    told: Project, value: float, bits: int
) -> None:
    before = told.server.calls
    with np.errstate(over="ignore"):
        told.path("voice 0").write_bytes(floats(quiet_but(value), bits))
    ran = told.run()
    assert ran.exit is not Exit.DONE
    assert "narration/scene-000.wav: holds samples that are no sound" in ran.said
    assert "save it anew as WAV with 16-bit PCM" in ran.said
    assert told.server.calls == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (floats(quiet_but(math.nan)), "holds samples that are no sound"),
        (floats(quiet_but(1e30)), "holds samples that are no sound"),
        (floats(quiet_but(1e308), 64), "holds samples that are no sound"),
        (at_rate(2**31 - 1), "2,147,483,647 Hz cannot be used; convert it to 48000 Hz"),
        (b"fLaC" + bytes(500), "the sound file is damaged"),
        (voice_of("bed", 0.5), "0.5 s of sound are there, and music has to last a second at least"),
    ],
    ids=["NaN", "too loud", "far too loud", "a rate", "damaged", "short"],
)
def test_music_that_is_no_sound_is_told_by_its_name_before_anything_is_bought(
    told: Project, data: bytes, said: str
) -> None:
    before = told.server.calls
    (told.root / "specs/bed.wav").write_bytes(data)
    told.spec(scenes=1, narration=True, audio=True, music="bed.wav")
    planned, ran = told.plan(), told.run()
    for each in (planned, ran):
        assert f"specs/bed.wav: {said}" in each.said
    assert ran.exit is Exit.USAGE
    assert told.server.calls == before
    (told.root / "specs/bed.wav").write_bytes(voice_of("bed", 2))
    told.done()


def test_music_is_not_decoded_where_nothing_would_be_paid_or_no_film_is_wanted(told: Project) -> None:
    (told.root / "specs/bed.wav").write_bytes(voice_of("bed", 2))
    told.spec(scenes=1, narration=True, audio=True, music="bed.wav")
    pool = shared.shared_workers()
    assert isinstance(pool, Here)
    told.done(until="clips")
    assert pool.count("check_music") == 0
    told.done()
    assert pool.count("check_music") == 0, "the clips were there: the film itself costs nothing"
    told.edit_scene(0, video_motion_prompt="Faster.")
    told.plan()
    assert pool.count("check_music") == 1
