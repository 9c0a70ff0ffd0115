"""Where everything of a film lies, in frames and samples: computed once, from the edit and the probed lengths."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """Frames `start` to `stop` of one segment, which no fade touches; from `held` on they repeat its last frame."""

    segment: int
    start: int
    stop: int

    @property
    def frames(self) -> int:
        """Count its frames."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Fade:
    """The last frames of one segment, from its frame `start` on, over the first ones of the next segment."""

    segment: int
    start: int
    frames: int
    transition: str


Part = Body | Fade


@dataclass(frozen=True, slots=True)
class Caption:
    """Words to be read from one frame of the film to another, `stop` not included."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One segment in the film, all in frames at 24 a second, but `voice_start`, a sample of the segment at 48 kHz.

    The segment begins at frame `start` of the film and is `frames` long: the first `clip_frames` show the clip (without
    the shared frame that was dropped), the others hold its last picture. The first `fade_in` and the last `fade_out`
    frames lie in fades with its neighbours. `voice_tempo` is how much faster than recorded the voice speaks.
    """

    start: int
    frames: int
    clip_frames: int
    fade_in: int
    fade_out: int
    voice_start: int = 0
    voice_samples: int = 0
    voice_tempo: float = 1.0
    captions: tuple[Caption, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole film: every segment, and the parts that it is joined of, in the order of the film."""

    segments: tuple[Placed, ...]
    parts: tuple[Part, ...]

    @property
    def frames(self) -> int:
        """Count the film's frames."""
        return sum(part.frames for part in self.parts)
