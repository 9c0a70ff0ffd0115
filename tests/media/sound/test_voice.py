"""Voices: where they begin, how fast and how loud they speak, and how the clip makes room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.media.edits import source
from tests.media.sound.films import RATE, Scene, decibels, film, mixed, noise, sound_file, tone
from vidpipe.errors import BrokenFileError
from vidpipe.media.edit import SourceChangedError
from vidpipe.media.sound.loudness import loudness_of
from vidpipe.media.sound.plan import Voice
from vidpipe.media.sound.store import Store
from vidpipe.media.sound.voice import spoken, under

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def recording(
    folder: Path, samples: NDArray[np.float32], codec: str = "pcm_s16le", form: str = "s16", rate: int = RATE
) -> Path:
    return sound_file(folder / f"voice-{codec}-{rate}.wav", samples, codec, "wav", rate=rate, form=form)


def voice(path: Path, start: int, samples: int, tempo: float = 1.0) -> Voice:
    return Voice(source(path), start, samples, tempo)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("codec", "form", "rate"),
    [
        ("pcm_s16le", "s16", 22_050),
        ("pcm_s24le", "s32", 44_100),
        ("pcm_u8", "u8", 24_000),
        ("pcm_f32le", "flt", 96_000),
    ],
)
def test_a_voice_of_any_form_keeps_its_pitch_and_its_length(
    tmp_path: Path, codec: str, form: str, rate: int, channels: int
) -> None:
    time = np.arange(2 * rate) / rate
    samples = np.stack([0.2 * np.sin(2 * np.pi * 500 * time)] * channels).astype(np.float32)
    path = recording(tmp_path, samples, codec, form, rate)
    sound = spoken(voice(path, 0, 2 * RATE), Store(tmp_path / "cache"))
    assert sound.shape == (2, 2 * RATE)
    for channel in sound:
        assert np.abs(np.fft.rfft(channel[24_000:72_000])).argmax() == 500
        assert decibels(channel[None, -4_800:-480]) == pytest.approx(decibels(channel[None]), abs=0.5)


@pytest.mark.parametrize("tempo", [1.0, 1.1, 1.25])
def test_a_faster_voice_keeps_its_pitch_and_is_as_long_as_planned(tmp_path: Path, tempo: float) -> None:
    samples = round(4 * RATE / tempo)
    words = np.concatenate([tone(2, 500, 0.2), tone(2, 900, 0.2)], axis=1)
    sound = spoken(voice(recording(tmp_path, words), 0, samples, tempo), Store(tmp_path / "cache"))
    assert sound.shape == (2, samples)
    middle = samples // 2
    for start, pitch in ((12_000, 500), (middle - 26_000, 500), (middle + 2_000, 900), (samples - 30_000, 900)):
        assert np.abs(np.fft.rfft(sound[0, start : start + 24_000])).argmax() * 2 == pytest.approx(pitch, abs=4)
    assert decibels(sound[:, -6_000:-2_400]) == pytest.approx(decibels(sound), abs=1)


def test_voices_are_equally_loud_however_they_were_recorded(tmp_path: Path) -> None:
    for place, level in enumerate((0.02, 0.05, 0.3)):
        (tmp_path / str(place)).mkdir()
        path = recording(tmp_path / str(place), noise(2, level), "pcm_f32le", "flt")
        sound = spoken(voice(path, 0, 2 * RATE), Store(tmp_path / "cache"))
        assert loudness_of(sound) == pytest.approx(-16, abs=0.1)


@pytest.mark.parametrize("level", [0.0, 0.001])
def test_a_recording_of_hiss_is_made_louder_by_20_db_at_most(tmp_path: Path, level: float) -> None:
    path = recording(tmp_path, noise(1) * np.float32(level / 0.1), "pcm_f32le", "flt")
    sound = spoken(voice(path, 0, RATE), Store(tmp_path / "cache"))
    assert float(sound.std()) == pytest.approx(10 * level, rel=0.03)


def test_a_voice_is_a_wav_file_and_no_other_sound_file(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "voice.wav", tone(1), "flac", "flac", form="s16")
    with pytest.raises(BrokenFileError, match=r"voice\.wav: is no WAV file"):
        spoken(voice(path, 0, RATE), Store(tmp_path / "cache"))


def test_a_voice_begins_where_its_scene_says_to_the_sample(tmp_path: Path) -> None:
    samples = np.zeros((1, RATE), np.float32)
    samples[:, 12_000] = 0.5
    plan = film(tmp_path, [Scene(None), Scene(None, 48, voice=voice(recording(tmp_path, samples), 14_000, RATE))])
    whole = mixed(plan, tmp_path)
    assert np.abs(whole[0]).argmax() == RATE + 14_000 + 12_000


def test_the_clip_steps_back_by_nine_decibels_under_its_voice_and_comes_up_again(tmp_path: Path) -> None:
    path = recording(tmp_path, tone(1, 2_000, 0.1))
    plan = film(tmp_path, [Scene(tone(4, 500, 0.1), 96, voice=voice(path, 1 * RATE, RATE))])
    whole = mixed(plan, tmp_path)

    def clip_at(second: float) -> float:
        part = whole[0, round(second * RATE) :][: RATE // 5]
        return float(20 * np.log10(np.abs(np.fft.rfft(part))[100] * 2 / len(part)))

    assert clip_at(0.5) == pytest.approx(-20, abs=0.05)
    assert clip_at(1.1) == pytest.approx(-29, abs=0.05)
    assert clip_at(1.75) == pytest.approx(-29, abs=0.05)
    assert clip_at(2.4) == pytest.approx(-20, abs=0.05)


@pytest.mark.parametrize(
    ("start", "samples"), [(0, 4_000), (0, 48_000), (40_000, 8_000), (46_000, 9_000), (100, 60_000)]
)
def test_room_is_made_wherever_in_the_scene_the_voice_lies(tmp_path: Path, start: int, samples: int) -> None:
    (tmp_path / "a").touch()
    gain = under(voice(tmp_path / "a", start, samples), 48_000)
    assert gain.shape == (48_000,)
    assert gain[start : start + samples].max() == pytest.approx(10 ** (-9 / 20))
    assert np.abs(np.diff(gain)).max() < 0.001
    assert gain.max() <= 1


def test_a_voice_over_a_held_picture_is_heard_after_the_clip_has_ended(tmp_path: Path) -> None:
    path = recording(tmp_path, tone(2, 500, 0.1))
    plan = film(tmp_path, [Scene(noise(1), 24, held=36, voice=voice(path, 12_000, 2 * RATE))])
    whole = mixed(plan, tmp_path)
    assert whole.shape == (2, 60 * 2_000)
    assert loudness_of(whole[:, 60_000:100_000]) == pytest.approx(-16, abs=0.5)


def test_a_faded_scene_fades_its_voice_as_well(tmp_path: Path) -> None:
    path = recording(tmp_path, tone(1, 500, 0.1))
    plan = film(tmp_path, [Scene(None, 24, voice=voice(path, 0, RATE)), Scene(None, 24)], fade=12)
    powers = [decibels(part) for part in np.split(mixed(plan, tmp_path)[:, 24_000:48_000], 4, axis=1)]
    assert powers[0] > powers[1] > powers[2] > powers[3] > powers[0] - 40


@pytest.mark.parametrize("data", [b"#EXTM3U\nsecret.wav\n", b"fLaC" + bytes(100), b"RIFF\x10\0\0\0WAVEfmt ", b""])
def test_what_is_no_wav_file_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "scene-000.wav").write_bytes(data)
    with pytest.raises(BrokenFileError, match=r"^scene-000\.wav: "):
        spoken(voice(tmp_path / "scene-000.wav", 0, RATE), Store(tmp_path / "cache"))


def test_a_recording_that_changed_since_it_was_judged_is_named(tmp_path: Path) -> None:
    path = recording(tmp_path, tone(1))
    planned = voice(path, 0, RATE)
    path.write_bytes(path.read_bytes()[:-2] + b"\1\1")
    with pytest.raises(SourceChangedError):
        spoken(planned, Store(tmp_path / "cache"))


def test_a_voice_is_not_decoded_again_for_a_clip_that_changed_under_it(tmp_path: Path) -> None:
    path = recording(tmp_path, noise(1))
    one = film(tmp_path, [Scene(noise(2), 48, voice=voice(path, 9_000, RATE))], loudness=-16.0)
    mixed(one, tmp_path)
    voices = {entry.name for entry in (tmp_path / "sound").iterdir()}
    two = film(tmp_path, [Scene(noise(2, 0.2, 1), 48, voice=voice(path, 9_000, RATE))], loudness=-16.0)
    whole = mixed(two, tmp_path)
    assert len(voices & {entry.name for entry in (tmp_path / "sound").iterdir()}) == 1
    assert whole.tobytes() == mixed(two, tmp_path / "new").tobytes()
