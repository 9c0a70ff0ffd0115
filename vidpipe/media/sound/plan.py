"""All that a film's sound is made from, with the place of everything: plain data, computed from edit and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.media.frame import SAMPLES_PER_FRAME
from vidpipe.media.sound.track import Track
from vidpipe.media.timeline import Fade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.media.clip import ClipInfo
    from vidpipe.media.edit import Bed, Edit, Segment, Source
    from vidpipe.media.timeline import Placed, Timeline


@dataclass(frozen=True, slots=True)
class Voice:
    """A WAV file that is spoken from sample `start` of its scene on, `tempo` times as fast, `samples` long then."""

    source: Source
    start: int
    samples: int
    tempo: float


@dataclass(frozen=True, slots=True)
class SceneSound:
    """The sound of one segment, `samples` long; the first `clip_samples` are the clip's own, then it is held.

    `begins_hard` and `ends_hard` say that no crossfade leads in, or out.
    """

    source: Source
    track: Track
    samples: int
    clip_samples: int
    begins_hard: bool
    ends_hard: bool
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One part of the film: `samples` of one scene from its sample `start` on, over the first of the next in a fade."""

    scene: int
    start: int
    samples: int
    fades: bool


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """The sound of a film; `loudness` is in LUFS, None leaves it as loud as it is."""

    scenes: tuple[SceneSound, ...]
    spans: tuple[Span, ...]
    loudness: float | None
    music: Bed | None

    @property
    def samples(self) -> int:
        """Count the film's samples at 48 kHz."""
        return sum(span.samples for span in self.spans)


def sound_plan(edit: Edit, timeline: Timeline, infos: Sequence[ClipInfo]) -> SoundPlan:
    """Return what the film's sound is made from; `infos` are those of the edit's segments, in order."""
    scenes = (_scene(*each) for each in zip(edit.segments, timeline.segments, infos, strict=True))
    spans = (
        Span(part.segment, part.start * SAMPLES_PER_FRAME, part.frames * SAMPLES_PER_FRAME, isinstance(part, Fade))
        for part in timeline.parts
    )
    return SoundPlan(tuple(scenes), tuple(spans), edit.loudness, edit.music)


def _scene(segment: Segment, placed: Placed, info: ClipInfo) -> SceneSound:
    voice = None
    if segment.voice is not None and placed.voice_samples:
        voice = Voice(segment.voice, placed.voice_start, placed.voice_samples, placed.voice_tempo)
    return SceneSound(
        source=segment.clip,
        track=Track.of(info),
        samples=placed.frames * SAMPLES_PER_FRAME,
        clip_samples=placed.clip_frames * SAMPLES_PER_FRAME,
        begins_hard=placed.fade_in == 0,
        ends_hard=placed.fade_out == 0,
        voice=voice,
    )
