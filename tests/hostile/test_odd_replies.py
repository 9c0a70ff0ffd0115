"""A vendor's speech that is no sound counts as lost, and numbers of tokens that are none give no money back."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile.odd import HURTS, a_little, hurt
from tests.hostile.sounds import at_rate, floats, is_right, quiet_but
from tests.toy import Server, Toy, voice_of
from vidpipe.media.wav import check_wav
from vidpipe.providers.base import ReplyLostError, Speech, TextReply
from vidpipe.steps.narration import said_aloud

if TYPE_CHECKING:
    from tests.project import Project


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
