"""The sound of whole films, as `build_film` makes them: in the file, as loud as wanted, or not there at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.media.clips import Kind, SoundKind, film_sound
from tests.media.edits import SIZE, Cutting, fade, source
from tests.media.sound.films import metered, noise, sound_file, tone
from vidpipe.media.edit import Bed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vidpipe.media.edit import Edit

KINDS = (
    Kind(size=SIZE, frames=48),
    Kind(size=SIZE, frames=36, sound=None, seed=1),
    Kind(size=SIZE, frames=60, sound=SoundKind(rate=44_100, layout="mono", seconds=1.5), rate=30, seed=2),
)
FRAMES = 48 - 6 + 36 + 48


def scored(cutting: Cutting, *, audio: bool) -> Edit:
    """Return a film of a fade and a cut, with a voice over its silent scene, and music."""
    edit = cutting.edit(cutting.clips(*KINDS), [fade()], audio=audio)
    folder = cutting.folder
    voice = source(sound_file(folder / "voice.wav", noise(0.5, 0.05)[:1], "pcm_s16le", "wav", form="s16"))
    music = Bed(source(sound_file(folder / "bed.ogg", tone(2, 300, 0.2), "libopus", "ogg", form="flt")), -6.0, 10.0)
    segments = (edit.segments[0], replace(edit.segments[1], voice=voice), edit.segments[2])
    return replace(edit, segments=segments, loudness=-20.0, music=music)


def test_a_film_with_voice_and_music_is_as_loud_as_wanted_and_as_long_as_its_pictures(cutting: Cutting) -> None:
    report = cutting(scored(cutting, audio=True))
    assert (report.frames, report.told) == (FRAMES, ())
    sound = film_sound(cutting.film)
    assert 0 <= sound.shape[1] - FRAMES * 2_000 < 1_024
    loudness, peak = metered(sound)
    assert loudness == pytest.approx(-20, abs=0.5)
    assert report.loudness == pytest.approx(loudness, abs=0.3)
    assert peak < -1.4


def test_without_audio_there_is_no_sound_track_and_nothing_is_decoded_for_one(cutting: Cutting) -> None:
    cutting(scored(cutting, audio=False))
    with av.open(str(cutting.film)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
    assert not (cutting.cache / "sound").exists()


def test_a_change_of_the_music_changes_the_sound_alone(cutting: Cutting) -> None:
    edit = replace(scored(cutting, audio=True), loudness=None)
    cutting(edit)
    before = film_sound(cutting.film)
    assert edit.music is not None
    report = cutting(replace(edit, music=replace(edit.music, gain_db=-46.0)))
    assert report.encoded == 0
    after = film_sound(cutting.film)
    assert after.shape == before.shape
    assert heard(before, 440) == pytest.approx(heard(after, 440), rel=0.05)
    assert heard(before, 300) > 20 * heard(after, 300)


def heard(sound: NDArray[np.float32], hertz: int) -> float:
    """Return how much of a tone there is in the first four seconds."""
    return float(np.abs(np.fft.rfft(sound[0, : 4 * 48_000]))[4 * hertz])


def test_what_cannot_be_as_loud_as_wanted_is_told(cutting: Cutting) -> None:
    edit = cutting.edit(cutting.clips(Kind(size=SIZE, frames=24, sound=None)), audio=True)
    hiss = source(sound_file(cutting.folder / "hiss.wav", noise(2, 0.1), "pcm_s16le", "wav", form="s16"))
    report = cutting(replace(edit, loudness=-16.0, music=Bed(hiss, -40.0, 0.0)))
    (sentence,) = report.told
    assert "too quiet" in sentence
    assert report.loudness is not None
    assert f"{report.loudness:.1f} LUFS" in sentence
