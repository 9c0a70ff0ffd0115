"""Where the sound of a clip is, as plain data: a film is planned with it where nothing is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from vidpipe.media.clip import ClipInfo


@dataclass(frozen=True, slots=True)
class Track:
    """What has to be known of a clip to decode its sound.

    `stream` is the place of the sound among all streams of the file, None where there is none. The pictures begin at
    `start` seconds of the file's own time and last for `seconds`; in the film, that is `samples` at 48 kHz.
    """

    name: str
    stream: int | None
    start: Fraction
    seconds: Fraction
    samples: int

    @classmethod
    def of(cls, info: ClipInfo) -> Track:
        """Return that of a probed clip."""
        stream = None if info.sound is None else info.sound.stream
        return cls(info.name, stream, info.start * info.time_base, info.seconds, info.film_samples)
