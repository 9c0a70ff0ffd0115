"""The sound of each scene and of each part of the film: clips with their voices, faded where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.sound.cells import crossed, rising
from vidpipe.media.sound.decoded import decode_track
from vidpipe.media.sound.form import track_to_json
from vidpipe.media.sound.store import key_of
from vidpipe.media.sound.voice import spoken, under, voice_facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vidpipe.media.plain import Json, Object
    from vidpipe.media.sound.plan import SceneSound, SoundPlan
    from vidpipe.media.sound.store import Store

EDGE = SAMPLE_RATE // 200
"""Samples, 5 ms, in which sound comes and goes at a hard join and at both ends of the film, so that nothing clicks."""
DYING = SAMPLE_RATE // 4
"""Samples in which a clip's sound dies away before its last picture is held."""


class Scenes:
    """The sound of a plan's scenes and spans. The two scenes asked for last are in memory, in order to be faded."""

    def __init__(self, plan: SoundPlan, store: Store) -> None:
        self._plan = plan
        self._store = store
        self._held: dict[int, NDArray[np.float32]] = {}

    def span(self, place: int) -> NDArray[np.float32]:
        """Return the sound of a part of the film, float32 (2, its samples), without music.

        Raises BrokenFileError, SourceChangedError and OSError for files that cannot be read.
        """
        span = self._plan.spans[place]
        before = self._scene(span.scene)[:, span.start : span.start + span.samples]
        if not span.fades:
            return before
        return crossed(before, self._scene(span.scene + 1)[:, : span.samples])

    def facts(self, place: int) -> Json:
        """Return all that a span's sound is made from, but where in the film it lies."""
        span = self._plan.spans[place]
        scenes = self._plan.scenes[span.scene : span.scene + 1 + span.fades]
        return [span.start, span.samples, [_scene_facts(scene) for scene in scenes]]

    def _scene(self, place: int) -> NDArray[np.float32]:
        if place not in self._held:
            self._held = {other: sound for other, sound in self._held.items() if other == place - 1}
            self._held[place] = scene_sound(self._plan.scenes[place], self._store)
        return self._held[place]


def scene_sound(scene: SceneSound, store: Store) -> NDArray[np.float32]:
    """Return one scene's sound, float32 (2, `scene.samples`), its clip and its voice from the store or anew."""
    sound = np.zeros((2, scene.samples), np.float32)
    count = min(scene.clip_samples, scene.track.samples)
    if scene.track.stream is not None:
        sound[:, :count] = _clip(scene, store, count)
        _soften(sound, count, scene)
    if scene.voice is not None:
        sound *= under(scene.voice, scene.samples)
        stop = min(scene.voice.start + scene.voice.samples, scene.samples)
        sound[:, scene.voice.start : stop] += spoken(scene.voice, store)[:, : stop - scene.voice.start]
    return sound


def _clip(scene: SceneSound, store: Store, count: int) -> NDArray[np.float32]:
    facts: Object = {"digest": scene.source.digest, **track_to_json(scene.track)}
    track = scene.track
    entry = store.get(key_of("clip", facts), lambda: [decode_track(scene.source.read(), track)], rows=track.samples)
    return entry.read(0, count)


def _soften(sound: NDArray[np.float32], count: int, scene: SceneSound) -> None:
    if scene.begins_hard:
        edge = min(EDGE, count // 2)
        sound[:, :edge] *= rising(edge)
    held = scene.samples > count
    if scene.ends_hard or held:
        edge = min(DYING if held else EDGE, count // 2)
        sound[:, count - edge : count] *= rising(edge)[::-1]


def _scene_facts(scene: SceneSound) -> Json:
    return {
        "digest": scene.source.digest,
        **track_to_json(scene.track),
        "scene samples": scene.samples,
        "clip samples": scene.clip_samples,
        "hard": [scene.begins_hard, scene.ends_hard],
        "voice": None if scene.voice is None else voice_facts(scene.voice),
    }
