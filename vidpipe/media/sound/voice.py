"""Voices: recordings made to speak as fast as their scene allows, and all of them equally loud."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.sound.cells import from_decibels, rising
from vidpipe.media.sound.form import voice_to_json
from vidpipe.media.sound.loudness import loudness_of
from vidpipe.media.sound.recording import recorded
from vidpipe.media.sound.store import key_of
from vidpipe.media.sound.weighting import filtered
from vidpipe.media.wav import LONGEST, read_wav

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vidpipe.media.plain import Object
    from vidpipe.media.sound.plan import Voice
    from vidpipe.media.sound.store import Store

VOICE_LUFS = -16.0
"""How loud every voice is made, before the film as a whole is made as loud as wanted."""
MOST_GAIN = 20.0
"""Decibels; a recording that would need more is noise rather than a voice."""
UNDER_VOICE = 9.0
"""Decibels by which a clip's own sound steps back under a voice."""
_BEFORE, _AFTER = SAMPLE_RATE // 5, SAMPLE_RATE * 3 // 10
"""Samples in which it does so, and comes back."""
_EDGE = SAMPLE_RATE // 200


def voice_facts(voice: Voice) -> Object:
    """Return what decides how a voice sounds and where."""
    return {"digest": voice.source.digest, **voice_to_json(voice)}


def spoken(voice: Voice, store: Store) -> NDArray[np.float32]:
    """Return a voice as float32 (2, `voice.samples`), levelled, from the store or anew.

    Raises BrokenFileError where the recording cannot be read, SourceChangedError where it is another one by now.
    """
    facts: Object = {"digest": voice.source.digest, "samples": voice.samples, "tempo": voice.tempo}
    return store.get(key_of("voice", facts), lambda: [_spoken(voice)], rows=voice.samples).read()


def _spoken(voice: Voice) -> NDArray[np.float32]:
    data = voice.source.read()
    read_wav(data, voice.source.name)
    blocks = list(recorded(data, voice.source.name, round(LONGEST * SAMPLE_RATE)))
    samples = np.concatenate(blocks, axis=1) if blocks else np.zeros((2, 0), np.float32)
    if voice.tempo != 1:
        samples = filtered(samples, [("atempo", f"tempo={voice.tempo!r}")])
    fitted = np.zeros((2, voice.samples), np.float32)
    count = min(voice.samples, samples.shape[1])
    fitted[:, :count] = samples[:, :count]
    edge = min(_EDGE, count // 2)
    fitted[:, :edge] *= rising(edge)
    fitted[:, count - edge : count] *= rising(edge)[::-1]
    return levelled(fitted)


def levelled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a voice at the loudness of all voices; silence, and what is too short to be measured, stays as it is."""
    loudness = loudness_of(samples)
    if math.isinf(loudness):
        return samples
    return samples * np.float32(from_decibels(min(VOICE_LUFS - loudness, MOST_GAIN)))


def under(voice: Voice, count: int) -> NDArray[np.float32]:
    """Return by what a scene's own sound, `count` samples, is multiplied to leave room for its voice."""
    low = np.float32(from_decibels(-UNDER_VOICE))
    gain = np.ones(_BEFORE + count + _AFTER, np.float32)
    start, stop = voice.start + _BEFORE, min(voice.start + voice.samples, count) + _BEFORE
    gain[start - _BEFORE : start] = 1 - (1 - low) * rising(_BEFORE)
    gain[start:stop] = low
    gain[stop : stop + _AFTER] = low + (1 - low) * rising(_AFTER)
    return gain[_BEFORE : _BEFORE + count]
