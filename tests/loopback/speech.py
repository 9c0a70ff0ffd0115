"""Speech by `generateContent`: the newer models answer with a WAV file, the older ones with bare samples."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

from tests.loopback.deeds import Say
from tests.loopback.offers import OFFERS
from tests.loopback.replies import MILLION, blocked, lost, reply
from tests.loopback.wire import Answer, BreachError, ErrorAnswer, checked, fields, json_answer, text
from vidpipe.media.wav import wav

if TYPE_CHECKING:
    from tests.loopback.vendor import Vendor
    from tests.loopback.wire import Body

PREBUILT = frozenset({"Kore", "Puck", "Zephyr", "Charon", "Sulafat"})
"""Some of the voices that all models have."""
EXTENDED = frozenset({"en-us-storyteller-07"})
"""Some of those that the newer ones have besides, by their ids."""
RATE = 24_000
PER_SECOND = 25
LETTERS_PER_SECOND = 14


def speak(vendor: Vendor, model: str, body: Body, words: str, pictures: int) -> Answer:
    """Answer a request for speech."""
    config = fields(body.get("generationConfig"), "generationConfig", set(), {"responseModalities", "speechConfig"})
    if checked(config["responseModalities"], list, "responseModalities") != ["AUDIO"]:
        raise BreachError("responseModalities: a speech model makes AUDIO and nothing else")
    if pictures or "systemInstruction" in body:
        raise BreachError("contents: a speech model takes words alone")
    offer = OFFERS[model]
    _check_voice(config["speechConfig"], bare=offer.bare)
    vendor.bodies.append(("speech", body))
    deed = vendor.play("speech", words)
    answered = blocked(vendor, "speech", words, deed) or lost(deed, accepted=False)
    if answered:
        return answered
    tokens = tokens_of(words)
    price = (tokens[0] * offer.prices["tokens_in"] + tokens[1] * offer.prices["tokens_out"]) / MILLION
    serial = vendor.accept("speech", model, words, price)
    answered = lost(deed, accepted=True)
    if answered:
        return answered
    if isinstance(deed, Say):  # billed, and no sound in it: both kinds of model do this now and then
        return json_answer(reply(model, [{"text": deed.text}] if deed.text else [], deed.finish, tokens))
    return json_answer(reply(model, [{"inlineData": _sound(words, serial, bare=offer.bare)}], "STOP", tokens))


def tokens_of(words: str) -> tuple[int, int, int]:
    """Return what a speech is billed for: tokens of the text, of the sound, and none of thoughts."""
    return len(words) // 4 + 1, PER_SECOND * len(samples(words, 0)) // (2 * RATE) + 1, 0


def samples(words: str, serial: int) -> bytes:
    """Return what is heard: a level that is told apart by its serial number, as long as the words take."""
    level = hashlib.sha256(b"voice %d" % serial).digest()[0] % 100
    return bytes((level, 0)) * (RATE * len(words) // LETTERS_PER_SECOND)


def _sound(words: str, serial: int, *, bare: bool) -> Body:
    sound = samples(words, serial)
    kind, data = ("audio/L16;codec=pcm;rate=24000", sound) if bare else ("audio/wav", wav(sound, RATE))
    return {"mimeType": kind, "data": base64.b64encode(data).decode()}


def camel(value: object) -> object:
    """Return a message with its fields in camel case: the SDK writes some in snake case, and the services take both."""
    if not isinstance(value, dict):
        return value
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name): camel(inner) for name, inner in value.items()}


def _check_voice(config: object, *, bare: bool) -> None:
    """Hold the voice against those that there are: names of prebuilt ones, and for the newer models ids besides."""
    speech = fields(camel(config), "speechConfig", {"languageCode"}, {"voiceConfig"})
    by_id = set() if bare else {"voice"}
    voice = fields(speech["voiceConfig"], "voiceConfig", {"prebuiltVoiceConfig"} | by_id)
    if len(voice) != 1:
        raise BreachError("voiceConfig: exactly one voice is wanted")
    if "voice" in voice:
        known, name = PREBUILT | EXTENDED, text(voice["voice"], "voice")
    else:
        prebuilt = fields(voice["prebuiltVoiceConfig"], "prebuiltVoiceConfig", set(), {"voiceName"})
        known, name = PREBUILT, text(prebuilt["voiceName"], "voiceName")
    if name not in known:
        raise ErrorAnswer(400, "INVALID_ARGUMENT", f"Voice name {name} is not supported.")
