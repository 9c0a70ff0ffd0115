"""Whatever a sound file holds, a person's or a vendor's: sound that can be mixed, or an error that names the file."""

from __future__ import annotations

import asyncio
import math
import struct
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hostile.test_any_bytes import HURTS, hurt
from tests.media.here import Here
from tests.media.sound.films import sound_file, tone
from tests.toy import Server, Toy, voice_of
from vidpipe.errors import BrokenFileError, Exit
from vidpipe.media.sound.loudness import loudness_of
from vidpipe.media.sound.recording import recorded
from vidpipe.media.sound.voice import levelled
from vidpipe.media.wav import FLOAT, LOUDEST, check_wav, wav
from vidpipe.media.worker import shared
from vidpipe.providers.base import ReplyLostError, Speech, TextReply
from vidpipe.steps.narration import said_aloud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.project import Project

SECOND = 48_000
NO_NUMBERS = (math.nan, math.inf, -math.inf, 1e308, -1e308, 1e38, LOUDEST * 2)
KINDS = {
    "mp3": ("libmp3lame", "mp3", "fltp"),
    "m4a": ("aac", "mp4", "fltp"),
    "flac": ("flac", "flac", "s16"),
    "ogg": ("libopus", "ogg", "flt"),
    "wav": ("pcm_f32le", "wav", "flt"),
}

a_little = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
a_few = settings(a_little, max_examples=40)


def floats(samples: Sequence[float], bits: int = 32, rate: int = SECOND, code: int = FLOAT) -> bytes:
    """Return a WAV file of numbers as they are."""
    data = np.asarray(samples, np.float64).astype(f"<f{bits // 8}").tobytes()
    form = struct.pack("<HHIIHH", code, 1, rate, rate * bits // 8, bits // 8, bits)
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def quiet_but(value: float, count: int = 2 * SECOND) -> list[float]:
    return [0.01] * (count // 2) + [value] + [0.01] * (count // 2)


def at_rate(rate: int) -> bytes:
    return wav(bytes(4_000), SECOND).replace(struct.pack("<I", SECOND), struct.pack("<I", rate))


@cache
def whole(kind: str) -> bytes:
    """Return a tenth of a second of sound in a file of that kind."""
    codec, container, form = KINDS[kind]
    with TemporaryDirectory() as folder:
        return sound_file(Path(folder) / "x", tone(0.1), codec, container, form=form).read_bytes()


def is_right(data: bytes, name: str) -> bool:
    """Decode a file: samples that can be mixed, or an error that names it."""
    try:
        blocks = list(recorded(data, name, SECOND))
    except BrokenFileError as error:
        assert str(error).startswith(f"{name}: ")  # noqa: PT017
        return False
    assert all(np.abs(block).max(initial=0) <= LOUDEST for block in blocks)
    for block in blocks[:1]:
        assert not math.isnan(loudness_of(levelled(block)))
    return True


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


# Before anything is spent


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


# Replies


def speaking(speech: Speech) -> Toy:
    class Odd(Toy):
        async def speak(self, request: Any) -> Speech:
            return speech

    return Odd(Server())


@given(
    st.binary(max_size=200)
    | st.tuples(st.sampled_from(["s16", "f32"]), HURTS).map(
        lambda drawn: hurt(voice_of(0) if drawn[0] == "s16" else floats([0.1] * 400), drawn[1])
    )
    | st.lists(st.floats(width=32), min_size=1, max_size=40).map(lambda numbers: floats(numbers * 20))
)
@example(floats(quiet_but(math.nan)))
@example(at_rate(2**31 - 1))
@a_little
def test_any_speech_of_a_vendor_is_sound_or_counts_as_lost(data: bytes) -> None:
    try:
        speech = asyncio.run(said_aloud(speaking(Speech(data, 1, 1)), None))  # type: ignore[arg-type]
    except ReplyLostError as error:
        assert str(error).startswith("the answer: ")  # noqa: PT017
        return
    assert is_right(speech.data, "voice.wav")


def test_speech_that_is_no_sound_is_asked_for_again_and_both_are_counted(
    toy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak, said = Toy.speak, []

    async def garbled(self: Toy, request: Any) -> Speech:
        said.append(request)
        speech = await speak(self, request)
        return speech if len(said) > 1 else Speech(floats(quiet_but(math.nan)), 1, 1)

    monkeypatch.setattr(Toy, "speak", garbled)
    toy.spec(scenes=1, narration=True, audio=True)
    toy.done(until="narration")
    assert [each.status for each in toy.ledger().requests.values()] == ["settled", "unknown", "settled"]
    assert check_wav(toy.bytes("voice 0"), "voice").encoding == "pcm"


@pytest.mark.parametrize("tokens", [(-(10**9), -(10**9)), (-19, 50), (1, -(10**12)), (10**30, 10**30), (0, 0)])
def test_numbers_of_tokens_that_are_none_give_no_money_back(
    toy: Project, monkeypatch: pytest.MonkeyPatch, tokens: tuple[int, int]
) -> None:
    speak = Toy.speak

    async def odd(self: Toy, request: Any) -> Speech:
        return Speech((await speak(self, request)).data, *tokens)

    monkeypatch.setattr(Toy, "speak", odd)
    toy.spec(scenes=1, narration=True, audio=True)
    expected = toy.plan(until="narration").outcomes["voice 0"].price
    toy.done(until="storyboard")
    before = toy.spent()
    known = toy.plan(until="narration").outcomes["voice 0"].price
    toy.done(until="narration")
    assert toy.spent() - before == known <= expected
    assert toy.done(until="narration").did == set()


@pytest.mark.parametrize("tokens", [(-(10**9), -(10**9)), (1, -(10**12)), (10**30, 10**30)])
def test_a_storyboard_of_fewer_tokens_than_none_gives_no_money_back(
    toy: Project, monkeypatch: pytest.MonkeyPatch, tokens: tuple[int, int]
) -> None:
    write = Toy.write

    async def odd(self: Toy, request: Any) -> TextReply:
        return TextReply((await write(self, request)).text, *tokens)

    monkeypatch.setattr(Toy, "write", odd)
    toy.spec(scenes=1)
    expected = toy.plan(until="storyboard").outcomes["storyboard"].price
    toy.done(until="storyboard")
    assert toy.spent() == expected > 0
