"""The edit decision list of a film: which files it is made of, and what is wanted of each. Plain data, no PyAV.

Nothing here is computed: `timeline` turns an edit into frames and samples once the clips are probed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from vidpipe.errors import BrokenFileError
from vidpipe.files import named, read_file
from vidpipe.media.plain import a_text, an_object

if TYPE_CHECKING:
    from vidpipe.media.plain import Json


LARGEST = 2 << 30
"""Bytes of a file that is read whole: more than any clip, recording or piece of a film may have."""


class SourceChangedError(BrokenFileError):
    """A file is not the one any more that was hashed when the film was judged."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the file changed while it was read; run again")
        self.name = name


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the film: its name in messages, where it is, and the hex sha256 of the bytes that are meant."""

    name: str
    path: Path
    digest: str

    def read(self) -> bytes:
        """Return the bytes that were hashed.

        Raises SourceChangedError for others and where the file is gone, OSError where it cannot be read.
        """
        try:
            with named(self.path):
                data = read_file(self.path, LARGEST)
        except FileNotFoundError:
            raise SourceChangedError(self.name) from None
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise SourceChangedError(self.name)
        return data

    def to_json(self) -> dict[str, Json]:
        """Return the form in which a worker is told of the file."""
        return {"name": self.name, "path": str(self.path), "digest": self.digest}

    @classmethod
    def from_json(cls, value: Json) -> Source:
        """Read that form. Raises ValueError for anything else."""
        found = an_object(value)
        return cls(a_text(found["name"]), Path(a_text(found["path"])), a_text(found["digest"]))


@dataclass(frozen=True, slots=True)
class Join:
    """How a scene leads to the next one; `seconds` and `transition` count in a crossfade only."""

    mode: Literal["cut", "crossfade"]
    seconds: float = 0.5
    transition: str = "fade"


CUT = Join("cut")


@dataclass(frozen=True, slots=True)
class Segment:
    """One scene of the film.

    `voice` is a WAV file that is spoken over it, `caption` the text to be read ("" for none). `drop_last` leaves out
    the clip's last frame at a cut, if the next scene shows it again as its first. `join` leads to the next segment;
    that of the last one has no meaning.
    """

    clip: Source
    join: Join = CUT
    voice: Source | None = None
    caption: str = ""
    drop_last: bool = False


@dataclass(frozen=True, slots=True)
class Bed:
    """Music under the whole film: how much louder it is made, and by how much it steps back under other sound."""

    source: Source
    gain_db: float
    duck_db: float


@dataclass(frozen=True, slots=True)
class Edit:
    """A film of `size` (width, height) pixels; `loudness` is in LUFS, None leaves the sound as loud as it is.

    Without `audio` the film has no sound track at all, and neither voices nor music count. `burn` draws the captions
    into the pictures.
    """

    segments: tuple[Segment, ...]
    size: tuple[int, int]
    audio: bool
    loudness: float | None = None
    music: Bed | None = None
    burn: bool = False
