"""The bed of music: what may be one, how it is looped and faded, and how it steps back for the film's own sound."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from tests.media.edits import source
from tests.media.sound.films import FRAME, RATE, Scene, decibels, film, mixed, noise, sound_file, tone
from vidpipe.errors import BrokenFileError
from vidpipe.media.edit import Bed
from vidpipe.media.sound.music import Music
from vidpipe.media.sound.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SILENCE = Scene(None, 72)


def bed(folder: Path, samples: NDArray[np.float32], *, gain: float = 0.0, duck: float = 0.0) -> Bed:
    return Bed(source(sound_file(folder / "music.wav", samples, "pcm_f32le", "wav", form="flt")), gain, duck)


@pytest.mark.parametrize(
    ("name", "codec", "container", "form"),
    [
        ("a.wav", "pcm_s16le", "wav", "s16"),
        ("b.wav", "pcm_s24le", "wav", "s32"),
        ("c.mp3", "libmp3lame", "mp3", "fltp"),
        ("d.m4a", "aac", "mp4", "fltp"),
        ("e.flac", "flac", "flac", "s16"),
        ("g.ogg", "libopus", "ogg", "flt"),
        ("misnamed.mp3", "flac", "flac", "s16"),
    ],
)
def test_music_of_every_kind_is_heard_under_a_film(
    tmp_path: Path, name: str, codec: str, container: str, form: str
) -> None:
    file = sound_file(tmp_path / name, tone(3, 500, 0.2), codec, container, form=form)
    whole = mixed(film(tmp_path, [SILENCE], music=Bed(source(file), -6.0, 10.0)), tmp_path)
    middle = whole[0, 36_000:60_000]
    spectrum = np.abs(np.fft.rfft(middle)) / len(middle) * 2
    assert spectrum.argmax() == 250  # 500 Hz in half a second
    assert spectrum.max() == pytest.approx(0.1, rel=0.06)


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_music_of_any_rate_keeps_its_pitch(tmp_path: Path, rate: int, channels: int) -> None:
    time = np.arange(3 * rate) / rate
    samples = np.stack([0.2 * np.sin(2 * np.pi * 500 * time)] * channels).astype(np.float32)
    file = sound_file(tmp_path / "a.wav", samples, "pcm_s16le", "wav", rate=rate, form="s16")
    whole = mixed(film(tmp_path, [SILENCE], music=Bed(source(file), 0.0, 0.0)), tmp_path)
    assert np.abs(np.fft.rfft(whole[0, 36_000:60_000])).argmax() == 250


@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXTINF:1,\nsecret.wav\n",
        b"ffconcat version 1.0\nfile secret.wav\n",
        b"<html>error</html>",
        b"PK\x03\x04" + bytes(100),
        b"",
        b"RIFF\x00\x00\x00\x00AVI " + bytes(100),
    ],
    ids=["playlist", "list of files", "web page", "archive", "empty", "avi"],
)
def test_what_is_no_sound_file_is_refused_by_name_and_nothing_else_is_opened(tmp_path: Path, data: bytes) -> None:
    sound_file(tmp_path / "secret.wav", tone(3), "pcm_s16le", "wav", form="s16")
    (tmp_path / "music.wav").write_bytes(data)
    plan = film(tmp_path, [SILENCE], music=Bed(source(tmp_path / "music.wav"), 0.0, 0.0))
    with pytest.raises(BrokenFileError, match=r"music\.wav: this is no WAV, MP3, M4A, FLAC or Ogg file"):
        mixed(plan, tmp_path)


@pytest.mark.parametrize("container", ["wav", "flac", "mp4", "ogg"])
def test_a_head_without_a_sound_file_behind_it_is_told_as_damage(tmp_path: Path, container: str) -> None:
    heads = {"wav": b"RIFF\xff\xff\x00\x00WAVE", "flac": b"fLaC", "mp4": b"\0\0\0\x18ftypM4A ", "ogg": b"OggS"}
    (tmp_path / "music").write_bytes(heads[container] + b"#EXTM3U\nsecret.wav\n" * 20)
    with pytest.raises(BrokenFileError, match=r"^music: "):
        Music(Bed(source(tmp_path / "music"), 0.0, 0.0), RATE, Store(tmp_path / "cache"))


def test_a_video_without_sound_is_no_music(tmp_path: Path) -> None:
    from tests.media.clips import Kind, make_clip

    make_clip(tmp_path / "a.mp4", Kind(sound=None))
    with pytest.raises(BrokenFileError, match=r"a\.mp4: there is no sound in this file"):
        Music(Bed(source(tmp_path / "a.mp4"), 0.0, 0.0), RATE, Store(tmp_path / "cache"))


def test_music_of_less_than_a_second_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenFileError, match=r"0\.5 s of sound"):
        Music(bed(tmp_path, tone(0.5)), RATE, Store(tmp_path / "cache"))


def test_no_more_of_a_long_piece_is_decoded_than_the_film_needs(tmp_path: Path) -> None:
    Music(bed(tmp_path, noise(70)[:, :]), 2 * RATE, Store(tmp_path / "cache"))
    (entry,) = (tmp_path / "cache").iterdir()
    assert entry.stat().st_size == 64 + 60 * RATE * 8


def test_short_music_is_looped_with_a_seam_that_neither_clicks_nor_dips(tmp_path: Path) -> None:
    music = Music(bed(tmp_path, noise(4, 0.1)), 20 * RATE, Store(tmp_path / "cache"))
    whole = music.at(0, 20 * RATE)
    powers = [decibels(whole[:, start : start + RATE // 2]) for start in range(RATE, 18 * RATE, RATE // 2)]
    assert max(powers) - min(powers) < 2.5
    turns = [whole[:, 1_000 + turn * 3 * RATE + RATE :][:, :RATE] for turn in (1, 2, 4)]
    np.testing.assert_array_equal(turns[0], turns[1])
    np.testing.assert_array_equal(turns[0], turns[2])
    assert np.abs(np.diff(whole)).max() <= np.abs(np.diff(noise(4, 0.1))).max() * 1.2


def test_the_end_of_the_music_leads_smoothly_to_its_beginning(tmp_path: Path) -> None:
    rising = np.stack([np.linspace(0.05, 0.5, 4 * RATE)] * 2).astype(np.float32)
    music = Music(bed(tmp_path, rising), 10 * RATE, Store(tmp_path / "cache"))
    assert np.abs(np.diff(music.at(0, 10 * RATE))).max() < 0.001


def test_music_just_longer_than_the_film_is_not_looped(tmp_path: Path) -> None:
    sound = noise(4, 0.1)
    music = Music(bed(tmp_path, sound), round(3.9 * RATE), Store(tmp_path / "cache"))
    np.testing.assert_array_equal(music.at(RATE, RATE // 2), sound[:, RATE:][:, : RATE // 2])
    fading = music.at(0, round(3.9 * RATE))[:, 3 * RATE : round(3.7 * RATE)]
    assert np.corrcoef(np.sign(fading[0]), np.sign(sound[0, 3 * RATE : round(3.7 * RATE)]))[0, 1] == pytest.approx(1)


@pytest.mark.parametrize("change", ["gain", "duck", "length"])
def test_another_level_or_length_is_measured_anew(tmp_path: Path, change: str) -> None:
    sounds = [noise(1, 0.05), noise(3, 0.1, 1)]
    music = bed(tmp_path, noise(9, 0.1, 7), gain=-6.0, duck=10.0)
    mixed(film(tmp_path, sounds, loudness=-16.0, music=music), tmp_path / "a")
    if change == "length":
        sounds[0] = noise(1.25, 0.05)
    music = Bed(music.source, 6.0 if change == "gain" else -6.0, 0.0 if change == "duck" else 10.0)
    plan = film(tmp_path, sounds, loudness=-16.0, music=music)
    assert mixed(plan, tmp_path / "a").tobytes() == mixed(plan, tmp_path / "b").tobytes()


def test_the_demuxer_is_always_named_to_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left to guess, it would also take what some other file only looks like."""
    named = []
    opened = av.open

    def noted(*arguments: Any, **options: Any) -> Any:
        named.append(options["format"])
        return opened(*arguments, **options)

    music = bed(tmp_path, tone(2))
    monkeypatch.setattr("vidpipe.media.sound.recording.av.open", noted)
    Music(music, RATE, Store(tmp_path / "cache"))
    assert named == ["wav"]


def test_a_list_of_files_behind_the_tag_of_an_mp3_opens_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FFmpeg passes over such a tag when it guesses what a file is."""
    monkeypatch.chdir(tmp_path)
    sound_file(tmp_path / "secret.wav", tone(3), "pcm_s16le", "wav", form="s16")
    (tmp_path / "a.mp3").write_bytes(b"ID3\4\0\0\0\0\0\0ffconcat version 1.0\nfile secret.wav\n" + b"#\n" * 2_000)
    with pytest.raises(BrokenFileError, match=r"a\.mp3: "):
        Music(Bed(source(tmp_path / "a.mp3"), 0.0, 0.0), RATE, Store(tmp_path / "cache"))


@pytest.mark.parametrize("seconds", [2.2, 4.0, 30.0])
def test_music_asked_for_in_pieces_is_the_music_asked_for_at_once(tmp_path: Path, seconds: float) -> None:
    music = Music(bed(tmp_path, noise(seconds)), 12 * RATE, Store(tmp_path / "cache"))
    whole = music.at(0, 12 * RATE)
    borders = [0, 2_000, 70_000, 140_000, 146_000, 260_000, 530_000, 12 * RATE]
    pieces = [music.at(start, stop - start) for start, stop in pairwise(borders)]
    np.testing.assert_array_equal(np.concatenate(pieces, axis=1), whole)


def test_music_fades_in_over_half_a_second_and_out_over_the_last_two(tmp_path: Path) -> None:
    music = Music(bed(tmp_path, np.full((2, 12 * RATE), 0.5, np.float32)), 10 * RATE, Store(tmp_path / "cache"))
    whole = music.at(0, 10 * RATE)[0]
    assert whole[0] < 1e-4
    assert whole[12_000] == pytest.approx(0.25, abs=0.01)
    np.testing.assert_array_equal(whole[24_000 : 8 * RATE], np.float32(0.5))
    assert whole[9 * RATE] == pytest.approx(0.25, abs=0.01)
    assert whole[-1] < 1e-4
    assert np.all(np.diff(whole[8 * RATE :]) <= 0)


@pytest.mark.parametrize("level", [0.3, 0.003])
def test_music_steps_back_under_the_films_own_sound_and_comes_up_again(tmp_path: Path, level: float) -> None:
    """By `duck` decibels, and whether the clips are loud or quiet."""
    scenes = [Scene(None, 72), Scene(tone(3, 2_000, level), 72), Scene(None, 96)]
    plan = film(tmp_path, scenes, music=bed(tmp_path, tone(12, 500, 0.1), duck=12.0))
    whole = mixed(plan, tmp_path)[0].astype(np.float64)

    def music_at(second: float) -> float:
        part = whole[round(second * RATE) :][: RATE // 5]
        return float(20 * np.log10(np.abs(np.fft.rfft(part))[100] * 2 / len(part)))

    assert music_at(2.5) == pytest.approx(-20, abs=0.1)
    assert music_at(3.4) == pytest.approx(-32, abs=0.3)
    assert music_at(5.5) == pytest.approx(-32, abs=0.3)
    assert -31 < music_at(6.2) < -22
    assert music_at(7.9) == pytest.approx(-20, abs=0.6)


def test_ducking_does_not_step_from_one_sample_to_the_next(tmp_path: Path) -> None:
    from vidpipe.media.sound.cells import ramps
    from vidpipe.media.sound.ducking import ducked

    own = np.concatenate([np.zeros(240), np.full(240, 4.0), np.zeros(480)])
    curve = ramps(ducked(own, 20.0))
    assert len(curve) == 960 * 400
    assert np.abs(np.diff(curve)).max() < 0.001
    assert curve.min() == pytest.approx(0.1, abs=0.001)
    assert curve[:96_000].min() == 1
    assert curve[97_000] > 0.4


def test_hiss_between_two_sounds_does_not_hold_the_music_down(tmp_path: Path) -> None:
    own = [noise(2, 0.1), noise(3, 0.002, 1), noise(2, 0.1, 2)]
    music = bed(tmp_path, tone(9, 500, 0.1), duck=12.0)
    whole = mixed(film(tmp_path, own, music=music), tmp_path)
    part = whole[0, 4 * RATE : round(4.4 * RATE)]
    assert np.abs(np.fft.rfft(part))[200] * 2 / len(part) == pytest.approx(0.1, rel=0.1)


def test_a_film_with_music_from_the_cache_is_the_film_made_anew(tmp_path: Path) -> None:
    sounds = [noise(2, 0.05), noise(1, 0.2, 1), noise(3, 0.01, 2)]
    music = bed(tmp_path, noise(3, 0.1, 7), gain=-6.0, duck=10.0)
    mixed(film(tmp_path, sounds, fade=6, loudness=-16.0, music=music), tmp_path / "a")
    sounds[1] = noise(1, 0.1, 5)
    plan = film(tmp_path, sounds, fade=6, loudness=-16.0, music=music)
    whole = mixed(plan, tmp_path / "a")
    assert whole.tobytes() == mixed(plan, tmp_path / "a").tobytes() == mixed(plan, tmp_path / "b").tobytes()


@pytest.mark.parametrize("duck", [0.0, 12.0])
def test_a_film_with_music_is_as_loud_as_wanted(tmp_path: Path, duck: float) -> None:
    from tests.media.sound.films import metered, through_aac

    sounds = [noise(3, 0.05), np.zeros((2, 48 * FRAME), np.float32), noise(2, 0.2, 1)]
    plan = film(tmp_path, sounds, fade=6, loudness=-16.0, music=bed(tmp_path, noise(20, 0.1, 7), gain=-3.0, duck=duck))
    loudness, peak = metered(through_aac(mixed(plan, tmp_path)))
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak < -1.4


def test_damage_in_the_middle_of_music_is_told(tmp_path: Path) -> None:
    file = sound_file(tmp_path / "a.m4a", noise(5), "aac", "mp4")
    data = bytearray(file.read_bytes())
    start = data.index(b"mdat")
    data[start + 8_000 : start + 30_000] = bytes(22_000)
    file.write_bytes(data)
    with pytest.raises(BrokenFileError, match=r"a\.m4a: the sound file is damaged"):
        Music(Bed(source(file), 0.0, 0.0), 10 * RATE, Store(tmp_path / "cache"))
