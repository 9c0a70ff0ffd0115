"""Speech by Gemini's text-to-speech models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vidpipe.media.wav import wav
from vidpipe.providers.base import ReplyLostError, Speech
from vidpipe.providers.google.refusals import raise_if_refused
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import Blob, Candidate, GenerateContentResponse, VoiceConfig

    from vidpipe.providers.base import SpeechRequest
    from vidpipe.providers.google.line import Line

BARE = re.compile(r"audio/(?:l16|pcm)\b(?P<parameters>.*)", re.IGNORECASE)
"""Bare samples of 16 bits. Google's are little-endian, whatever the standard says of this media type."""
RATE = re.compile(r"rate=(\d{4,6})")
USUAL_RATE = 24_000
USUAL_VOICE = "Kore"


class Speaker:
    """One speech model."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def speak(self, request: SpeechRequest) -> Speech:
        """Ask once for words to be spoken. Raises RefusedError, NotAcceptedError or ReplyLostError.

        An answer without whole speech counts as lost: it was billed, and the same request often succeeds.
        """

        async def send(client: AsyncClient) -> GenerateContentResponse:
            from google.genai.types import GenerateContentConfig, SpeechConfig

            # Words are spoken as they stand, so there is no prompt; a temperature is refused by the newer models.
            config = GenerateContentConfig(
                response_modalities=["AUDIO"], speech_config=SpeechConfig(voice_config=self._voice(request.voice))
            )
            return await client.models.generate_content(model=self._line.model.id, contents=request.text, config=config)

        response = await self._line.buy(send)
        data = sound_in(raise_if_refused(response))
        usage = response.usage_metadata
        if usage is None:
            return Speech(data)
        tokens_out = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        return Speech(data, usage.prompt_token_count or 0, tokens_out)

    def _voice(self, voice: str | None) -> VoiceConfig:
        """Name a voice: those that every model has by their names, any other one by its id."""
        from google.genai.types import PrebuiltVoiceConfig, VoiceConfig

        known = self._line.model.voices
        name = voice or next(iter(known), USUAL_VOICE)
        if name in known or not known:
            return VoiceConfig(prebuilt_voice_config=PrebuiltVoiceConfig(voice_name=name))
        return VoiceConfig(voice=name)


def sound_in(candidate: Candidate | None) -> bytes:
    """Return the sound of an answer as a WAV file. Raises ReplyLostError where there is none, or not all of it."""
    reason = candidate.finish_reason.value if candidate and candidate.finish_reason else "STOP"
    parts = (candidate.content.parts or ()) if candidate and candidate.content else ()
    sounds = [part.inline_data for part in parts if part.inline_data and part.inline_data.data and not part.thought]
    if not sounds:
        raise ReplyLostError(f"the answer holds no sound ({redacted(reason)})")
    if reason != "STOP":
        raise ReplyLostError(f"the answer breaks off ({redacted(reason)})")
    bare = BARE.match(sounds[0].mime_type or "")
    if bare is None:  # a whole file; whoever asked looks into it
        return sounds[0].data or b""
    rate = RATE.search(bare["parameters"])
    return wav(b"".join(map(_samples, sounds)), int(rate[1]) if rate else USUAL_RATE)


def _samples(sound: Blob) -> bytes:
    return sound.data or b""
