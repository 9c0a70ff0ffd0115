"""The type that a film's captions are set in: chosen once for all of them, so that no cue looks unlike another."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import PIL
from PIL import features

from vidpipe.media.plain import a_list, a_text, an_int

if TYPE_CHECKING:
    from vidpipe.media.plain import Json

VERSION = 1
"""Counts the ways in which captions have been drawn."""
EMBEDDED = ""
"""The path that stands for the type that Pillow carries."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a font file, with the file's hex sha256; the path is `EMBEDDED` for the one that Pillow carries."""

    path: str
    index: int
    digest: str


@dataclass(frozen=True, slots=True)
class Style:
    """Faces in the order in which they are asked for a letter."""

    faces: tuple[Face, ...]

    def to_json(self) -> Json:
        """Return the form in which a worker is told of it."""
        return [[face.path, face.index, face.digest] for face in self.faces]

    @classmethod
    def from_json(cls, value: Json) -> Style:
        """Read that form. Raises ValueError for anything else."""
        rows = [a_list(row) for row in a_list(value)]
        return cls(tuple(Face(a_text(row[0]), an_int(row[1]), a_text(row[2])) for row in rows))

    def key(self) -> Json:
        """Return what decides how captions look, on whatever machine: the fonts' digests, not where they lie."""
        shaper = [features.version("raqm"), features.version("harfbuzz")] if can_shape() else []
        return {
            "captions": VERSION,
            "fonts": [[face.index, face.digest] for face in self.faces],
            "pillow": [PIL.__version__, features.version("freetype2"), *shaper],
        }


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether this Pillow can shape complex scripts: it needs libfribidi, which its wheels do not carry."""
    return bool(features.check("raqm"))


def as_set(text: str) -> str:
    """Return a text as it is set: composed, so that as few marks as possible have to be placed."""
    return unicodedata.normalize("NFC", text)
