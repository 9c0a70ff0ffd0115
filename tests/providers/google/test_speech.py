"""Speech by Gemini's text-to-speech models, over the wire."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.loopback.deeds import Block, Cut, Garble, Say, Truncate, busy, unavailable
from tests.loopback.speech import camel, samples, tokens_of
from vidpipe.errors import UsageError
from vidpipe.media.wav import read_wav, wav
from vidpipe.providers.base import NotAcceptedError, RefusedError, ReplyLostError, Speech, SpeechRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.loopback.deeds import Deed
    from tests.providers.google.conftest import Rig
    from vidpipe.providers.google import Google

NEW = "gemini-3.8-flash-tts"
LITE = "gemini-3.8-flash-lite-tts"
OLD = "gemini-3.1-flash-tts-preview"
WORDS = "Waves beat on the old pier."


def speaking(words: str = WORDS, voice: str | None = "Kore", model: str = NEW) -> Callable[[Google], Awaitable[Speech]]:
    async def speak(google: Google) -> Speech:
        return await google.speech(model).speak(SpeechRequest(words, voice))

    return speak


@pytest.mark.parametrize("model", [NEW, LITE, OLD])
def test_words_come_back_as_a_whole_wav_file_with_the_tokens_that_are_billed(either: Rig, model: str) -> None:
    speech = either.run(speaking(model=model))
    found = read_wav(speech.data, "voice.wav")
    assert (found.rate, found.channels, found.bits) == (24_000, 1, 16)
    assert speech.data[found.start :] == samples(WORDS, 1)
    assert (speech.tokens_in, speech.tokens_out) == tokens_of(WORDS)[:2]
    assert either.vendor.count("speech") == 1


def test_nothing_but_the_words_and_a_voice_is_sent(either: Rig) -> None:
    either.run(speaking())
    ((_, body),) = either.vendor.bodies
    assert isinstance(body, dict)
    assert body["contents"] == [{"role": "user", "parts": [{"text": WORDS}]}]
    voice = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Kore"}}}
    assert camel(body["generationConfig"]) == {"responseModalities": ["AUDIO"], "speechConfig": voice}


def test_a_voice_that_not_all_models_have_goes_by_its_id(either: Rig) -> None:
    either.run(speaking(voice="en-us-storyteller-07"))
    body: Any = either.vendor.bodies[0][1]
    assert camel(body["generationConfig"]["speechConfig"]) == {"voiceConfig": {"voice": "en-us-storyteller-07"}}


def test_an_unknown_voice_is_told_and_nothing_is_billed(either: Rig) -> None:
    with pytest.raises(NotAcceptedError, match="Voice name Kora is not supported") as caught:
        either.run(speaking(voice="Kora"))
    assert not caught.value.retry
    assert either.vendor.accepted == []


@pytest.mark.parametrize(("kind", "rate"), [("audio/L16;codec=pcm;rate=16000", 16_000), ("audio/l16", 24_000)])
def test_bare_samples_are_taken_at_the_rate_that_they_name(keyed: Rig, kind: str, rate: int) -> None:
    halves = [{"inlineData": {"mimeType": kind, "data": base64.b64encode(bytes(100)).decode()}}] * 2
    answer = {"candidates": [{"content": {"parts": halves}, "finishReason": "STOP"}]}
    keyed.vendor.on("speech", Garble(json.dumps(answer).encode()))
    assert keyed.run(speaking()) == Speech(wav(bytes(200), rate))


def test_a_thought_is_no_speech(keyed: Rig) -> None:
    thought = {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}, "thought": True}
    answer = {"candidates": [{"content": {"parts": [thought]}, "finishReason": "STOP"}]}
    keyed.vendor.on("speech", Garble(json.dumps(answer).encode()))
    with pytest.raises(ReplyLostError, match="the answer holds no sound"):
        keyed.run(speaking())


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        (Say("", "OTHER"), r"the answer holds no sound \(OTHER\)"),
        (Say("Waves beat."), r"the answer holds no sound \(STOP\)"),
        (Cut(), "no answer that could be read"),
        (Truncate(), "no answer that could be read"),
        (Garble(), "no answer that could be read"),
        (unavailable(503, accepted=True), "answered 503"),
    ],
    ids=repr,
)
def test_an_answer_without_speech_may_have_been_billed(either: Rig, deed: Deed, message: str) -> None:
    either.vendor.on("speech", deed)
    with pytest.raises(ReplyLostError, match=message):
        either.run(speaking())
    assert either.vendor.count("speech") == 1


def test_speech_that_breaks_off_is_not_taken_for_the_whole(keyed: Rig) -> None:
    sound = {"inlineData": {"mimeType": "audio/wav", "data": base64.b64encode(wav(bytes(200), 24_000)).decode()}}
    answer = {"candidates": [{"content": {"parts": [sound]}, "finishReason": "OTHER"}]}
    keyed.vendor.on("speech", Garble(json.dumps(answer).encode()))
    with pytest.raises(ReplyLostError, match=r"the answer breaks off \(OTHER\)"):
        keyed.run(speaking())


@pytest.mark.parametrize("block", [Block("prompt", "PROHIBITED_CONTENT"), Block("reply", "SAFETY")], ids=repr)
def test_blocked_words_are_refused_with_the_reason_and_not_billed(either: Rig, block: Block) -> None:
    either.vendor.on("speech", block)
    with pytest.raises(RefusedError) as caught:
        either.run(speaking())
    assert caught.value.refusal.codes == (block.reason,)
    assert either.vendor.accepted == []


def test_a_full_quota_may_be_tried_again_after_the_time_that_is_asked_for(either: Rig) -> None:
    either.vendor.on("speech", busy(retry_info=7.0))
    with pytest.raises(NotAcceptedError) as caught:
        either.run(speaking())
    assert (caught.value.retry, caught.value.retry_after) == (True, 7.0)


def test_without_credentials_no_port_is_handed_out(rig: Rig) -> None:
    with pytest.raises(UsageError, match="there are no credentials for google"):
        rig.run(speaking())
