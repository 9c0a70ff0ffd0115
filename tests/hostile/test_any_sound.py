"""Whatever a sound file holds, a person's or a vendor's: sound that can be mixed, or an error that names the file."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile.odd import HURTS, a_few, a_little, hurt
from tests.hostile.sounds import at_rate, floats, is_right
from tests.media.sound.films import sound_file, tone
from vidpipe.errors import BrokenFileError
from vidpipe.media.wav import LOUDEST, check_wav, wav

KINDS = {
    "mp3": ("libmp3lame", "mp3", "fltp"),
    "m4a": ("aac", "mp4", "fltp"),
    "flac": ("flac", "flac", "s16"),
    "ogg": ("libopus", "ogg", "flt"),
    "wav": ("pcm_f32le", "wav", "flt"),
}


@cache
def whole(kind: str) -> bytes:
    """Return a tenth of a second of sound in a file of that kind."""
    codec, container, form = KINDS[kind]
    with TemporaryDirectory() as folder:
        return sound_file(Path(folder) / "x", tone(0.1), codec, container, form=form).read_bytes()


@given(HURTS, st.sampled_from(["s16", "f32", "f64"]), st.booleans())
@a_little
def test_a_wav_file_with_odd_bytes_is_sound_or_broken(
    places: list[tuple[int, int]], form: str, in_its_header: bool
) -> None:
    data = wav(bytes(range(200)) * 10, 24_000) if form == "s16" else floats([0.1] * 500, int(form[1:]))
    spoilt = hurt(data[:60], places) + data[60:] if in_its_header else hurt(data, places)
    try:
        found = check_wav(spoilt, "voice.wav")
    except BrokenFileError as error:
        assert str(error).startswith("voice.wav: ")  # noqa: PT017
        is_right(spoilt, "voice.wav")
        return
    assert found.frames > 0
    is_right(spoilt, "voice.wav")


@given(st.lists(st.floats(width=64) | st.floats(-2, 2), min_size=1, max_size=30), st.sampled_from([32, 64]))
@example([math.nan], 32)
@example([1e308], 64)
@example([LOUDEST], 32)
@a_little
def test_any_numbers_are_sound_or_broken_and_both_looks_agree(numbers: list[float], bits: int) -> None:
    with np.errstate(over="ignore"):
        data = floats(numbers * 40, bits)
    try:
        check_wav(data, "voice.wav")
    except BrokenFileError as error:
        assert "samples that are no sound" in str(error)  # noqa: PT017
        return
    assert is_right(data, "voice.wav")


@given(st.sampled_from(sorted(KINDS)), HURTS, st.booleans())
@a_little
def test_music_of_any_kind_with_odd_bytes_is_sound_or_broken(
    kind: str, places: list[tuple[int, int]], near_the_start: bool
) -> None:
    data = whole(kind)
    is_right(hurt(data[:300], places) + data[300:] if near_the_start else hurt(data, places), f"music.{kind}")


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 4_000))
@a_few
def test_music_that_is_cut_off_anywhere_is_sound_or_broken(kind: str, length: int) -> None:
    is_right(whole(kind)[:length], f"music.{kind}")


@pytest.mark.parametrize("rate", [0, 1, 3_999, 768_001, 2**31 - 1, 2**32 - 1])
def test_music_of_an_absurd_rate_is_refused_by_its_name(rate: int) -> None:
    assert not is_right(at_rate(rate), "music.wav")
