"""A sound plan as JSON, for the worker that mixes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.media.edit import Bed, Source
from vidpipe.media.plain import a_bool, a_float, a_fraction, a_list, a_text, an_int, an_object
from vidpipe.media.sound.plan import SceneSound, SoundPlan, Span, Voice
from vidpipe.media.sound.track import Track

if TYPE_CHECKING:
    from vidpipe.media.plain import Json, Object


def plan_to_json(plan: SoundPlan) -> Object:
    """Return the form of a plan that `plan_from_json` reads."""
    return {
        "scenes": [_scene_to_json(scene) for scene in plan.scenes],
        "spans": [[span.scene, span.start, span.samples, span.fades] for span in plan.spans],
        "loudness": plan.loudness,
        "music": None if plan.music is None else bed_to_json(plan.music),
    }


def plan_from_json(value: Json) -> SoundPlan:
    """Read a plan. Raises ValueError or KeyError where it is none."""
    found = an_object(value)
    loudness, music = found["loudness"], found["music"]
    return SoundPlan(
        tuple(_scene_from_json(scene) for scene in a_list(found["scenes"])),
        tuple(_span_from_json(span) for span in a_list(found["spans"])),
        None if loudness is None else a_float(loudness),
        None if music is None else bed_from_json(music),
    )


def track_to_json(track: Track) -> Object:
    """Return all that decides how a clip's sound is decoded, but its name."""
    return {
        "stream": track.stream,
        "start": str(track.start),
        "seconds": str(track.seconds),
        "samples": track.samples,
    }


def voice_to_json(voice: Voice) -> Object:
    """Return all that decides how a voice sounds."""
    return {"start": voice.start, "samples": voice.samples, "tempo": voice.tempo}


def bed_to_json(bed: Bed) -> Object:
    """Return the form of a bed of music."""
    return {"source": bed.source.to_json(), "gain_db": bed.gain_db, "duck_db": bed.duck_db}


def bed_from_json(value: Json) -> Bed:
    """Read a bed of music."""
    found = an_object(value)
    return Bed(Source.from_json(found["source"]), a_float(found["gain_db"]), a_float(found["duck_db"]))


def _scene_to_json(scene: SceneSound) -> Object:
    voice = scene.voice
    return {
        "source": scene.source.to_json(),
        "name": scene.track.name,
        "track": track_to_json(scene.track),
        "samples": scene.samples,
        "clip_samples": scene.clip_samples,
        "begins_hard": scene.begins_hard,
        "ends_hard": scene.ends_hard,
        "voice": None if voice is None else {"source": voice.source.to_json(), **voice_to_json(voice)},
    }


def _scene_from_json(value: Json) -> SceneSound:
    found = an_object(value)
    return SceneSound(
        source=Source.from_json(found["source"]),
        track=_track_from_json(found["track"], a_text(found["name"])),
        samples=an_int(found["samples"]),
        clip_samples=an_int(found["clip_samples"]),
        begins_hard=a_bool(found["begins_hard"]),
        ends_hard=a_bool(found["ends_hard"]),
        voice=None if found["voice"] is None else _voice_from_json(found["voice"]),
    )


def _track_from_json(value: Json, name: str) -> Track:
    found = an_object(value)
    stream = None if found["stream"] is None else an_int(found["stream"])
    return Track(name, stream, a_fraction(found["start"]), a_fraction(found["seconds"]), an_int(found["samples"]))


def _voice_from_json(value: Json) -> Voice:
    found = an_object(value)
    source = Source.from_json(found["source"])
    return Voice(source, an_int(found["start"]), an_int(found["samples"]), a_float(found["tempo"]))


def _span_from_json(value: Json) -> Span:
    scene, start, samples, fades = a_list(value)
    return Span(an_int(scene), an_int(start), an_int(samples), a_bool(fades))
