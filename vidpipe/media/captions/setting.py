"""Set a caption's lines in type: a mask of where its letters are, and how much light falls through.

Simple scripts are laid out by Pillow alone, letter after letter, which gives the same bytes on every machine; only
scripts that need it are shaped (Raqm, which asks HarfBuzz and FriBidi).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PIL import Image, ImageDraw, ImageFont

from vidpipe.files import sha256_file
from vidpipe.media import lettering
from vidpipe.media.captions.choice import NoFontError, is_drawable, seen
from vidpipe.media.captions.cmap import faces
from vidpipe.media.captions.letters import is_hidden
from vidpipe.media.captions.scripts import is_shaped
from vidpipe.media.captions.style import EMBEDDED, Face, as_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.media.captions.cmap import Coverage
    from vidpipe.media.captions.style import Style

SAFE = 0.05
"""What stays free at each edge, as a part of the frame's side (EBU R 95: 5 % for graphics)."""
_HEIGHT, _TALL_HEIGHT = 0.05, 0.034
_LEADING = 1.28
"""From one line's foot to the next one's, in sizes of the type."""
_DESCENT = 0.28
_LEAST = 4
_REGULAR = 400


class Typeface(Protocol):
    """What sets one line: letters of one face or of several, at a size in pixels."""

    def width(self, line: str, size: int) -> float:
        """Return how wide a line is, in pixels."""
        ...

    def draw(self, mask: Image.Image, place: tuple[float, float], line: str, size: int) -> None:
        """Draw a line onto a mask ("L") from its left end on the baseline."""
        ...


def mask_of(text: str, frame: tuple[int, int], style: Style) -> tuple[Image.Image, int]:
    """Return a mask ("L") of the frame's size with the caption centred at its foot, and the size of its type.

    Type is a twentieth of the frame's height, less in a tall one, and smaller where a line would be too wide.
    """
    width, height = frame
    lines = [line for line in as_set(text).split("\n") if line.strip()]
    typeface = typeface_for(as_set(text), style)
    size = max(8, round(height * (_HEIGHT if width >= height else _TALL_HEIGHT)))
    room, rows = width * (1 - 2 * SAFE), height * 0.4
    size = min(size, max(_LEAST, int(rows / (_LEADING * len(lines)))))
    while (wide := max(typeface.width(line, size) for line in lines)) > room and size > _LEAST:
        size = max(_LEAST, min(size - 1, int(size * room / wide)))
    mask = Image.new("L", frame, 0)
    foot = height * (1 - SAFE) - size * _DESCENT
    for above, line in enumerate(reversed(lines)):
        left = round((width - typeface.width(line, size)) / 2)
        typeface.draw(mask, (left, round(foot - above * size * _LEADING)), line, size)
    return mask, size


def typeface_for(text: str, style: Style) -> Typeface:
    """Return what sets a text (NFC) in a style. Raises NoFontError where the style's fonts have changed."""
    letters = seen(text)
    if is_shaped(text):
        for face in style.faces:
            if face.path != EMBEDDED and all(letter in _coverage(face) for letter in letters):
                return _Shaped(face, "rtl" if _is_right_to_left(text) else "ltr")
    elif [face.path for face in style.faces] == [EMBEDDED]:
        if is_drawable(letters):
            return _Drawn()
    elif all(any(letter in _coverage(face) for face in style.faces) for letter in letters):
        return _Plain(sorted(style.faces, key=lambda face: not all(letter in _coverage(face) for letter in letters)))
    raise NoFontError("captions: the fonts that they were to be set in have changed; run again")


def _is_right_to_left(text: str) -> bool:
    """Whether a paragraph runs from right to left: its first letter with a direction says (UAX #9, P2 and P3)."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((way for way in directions if way in {"L", "R", "AL"}), "L") != "L"


class _Drawn:
    """Pillow's own type, with accents drawn by hand."""

    def width(self, line: str, size: int) -> float:
        return lettering.width_of(_decomposed(line), size)

    def draw(self, mask: Image.Image, place: tuple[float, float], line: str, size: int) -> None:
        lettering.draw_line(mask, *place, _decomposed(line), size)


class _Plain:
    """Letter after letter, each from the first face that has it."""

    def __init__(self, order: Sequence[Face]) -> None:
        self._order = order

    def _runs(self, line: str, size: int) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        visible = [character for character in line if not is_hidden(character)]
        runs = groupby(visible, key=self._face_of)
        return [(_font(face, size, ImageFont.Layout.BASIC), "".join(run)) for face, run in runs]

    def _face_of(self, character: str) -> Face:
        return next((face for face in self._order if character in _coverage(face)), self._order[0])

    def width(self, line: str, size: int) -> float:
        return sum(font.getlength(run) for font, run in self._runs(line, size))

    def draw(self, mask: Image.Image, place: tuple[float, float], line: str, size: int) -> None:
        left, baseline = place
        for font, run in self._runs(line, size):
            ImageDraw.Draw(mask).text((left, baseline), run, font=font, fill=255, anchor="ls")
            left += font.getlength(run)


class _Shaped:
    """One face, shaped and ordered."""

    def __init__(self, face: Face, direction: str) -> None:
        self._face = face
        self._direction = direction

    def width(self, line: str, size: int) -> float:
        return self._font(size).getlength(line, direction=self._direction)

    def draw(self, mask: Image.Image, place: tuple[float, float], line: str, size: int) -> None:
        ImageDraw.Draw(mask).text(place, line, font=self._font(size), fill=255, anchor="ls", direction=self._direction)

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        return _font(self._face, size, ImageFont.Layout.RAQM)


def _decomposed(line: str) -> str:
    visible = "".join(character for character in line if not is_hidden(character))
    return unicodedata.normalize("NFD", visible).replace("\u2014", "\u2013")


@lru_cache(maxsize=8)
def _data(face: Face) -> bytes:
    """Return the font file that was chosen, and no other."""
    if face.path == EMBEDDED:
        return lettering.font_file()
    path = Path(face.path)
    try:
        if sha256_file(path) == face.digest:
            return path.read_bytes()
    except OSError:
        pass
    raise NoFontError(f"captions: the font {face.path} changed while the film was made; run again")


@lru_cache(maxsize=8)
def _coverage(face: Face) -> Coverage:
    return next(facts.coverage for facts in faces(BytesIO(_data(face))) if facts.index == face.index)


@lru_cache(maxsize=8)
def _font(face: Face, size: int, layout: ImageFont.Layout) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(BytesIO(_data(face)), size, index=face.index, layout_engine=layout)
    try:
        axes = font.get_variation_axes()
    except OSError:  # a font of one weight
        return font
    font.set_variation_by_axes([_REGULAR if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes])
    return font
