"""Type from Pillow's embedded font: which text it can set, with accents and dashes that it lacks drawn by hand."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_SUBSTITUTES = {
    "\u2013": "\u2013",
    "\u2014": "\u2013",
    "\u2015": "\u2013",
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "\u0131": "i",
    "€": "EUR ",
    "£": "GBP ",
    "\u201a": ",",
    "„": "“",
    "\u2032": "'",
    "\u2033": '"',
    "¿": "",
    "¡": "",
    "ĳ": "ij",
    "ŋ": "n",
    "\u2012": "\u2013",
}
_DASH = "\u2013"
# Accents as strokes: x from -1 to 1 about the letter's middle; y up from its top, or, if negative, down from its foot.
_ACCENTS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "\u0300": (((-0.6, 1.0), (0.3, 0.1)),),
    "\u0301": (((0.6, 1.0), (-0.3, 0.1)),),
    "\u0302": (((-0.8, 0.1), (0.0, 0.9), (0.8, 0.1)),),
    "\u0303": (((-0.9, 0.2), (-0.45, 0.7), (0.45, 0.25), (0.9, 0.75)),),
    "\u0304": (((-0.8, 0.45), (0.8, 0.45)),),
    "\u0306": (((-0.8, 0.9), (-0.4, 0.25), (0.4, 0.25), (0.8, 0.9)),),
    "\u0307": (((0.0, 0.45), (0.0, 0.5)),),
    "\u0308": (((-0.6, 0.45), (-0.6, 0.5)), ((0.6, 0.45), (0.6, 0.5))),
    "\u030a": (((0.0, 0.95), (0.45, 0.5), (0.0, 0.05), (-0.45, 0.5), (0.0, 0.95)),),
    "\u030b": (((0.0, 1.0), (-0.5, 0.1)), ((0.9, 1.0), (0.4, 0.1))),
    "\u030c": (((-0.8, 0.9), (0.0, 0.1), (0.8, 0.9)),),
    "\u0326": (((0.1, -0.4), (-0.2, -1.0)),),
    "\u0327": (((0.0, -0.05), (0.35, -0.45), (-0.3, -0.8)),),
    "\u0328": (((0.3, -0.05), (0.0, -0.5), (0.5, -0.75)),),
}
_TALL = frozenset("bdfhiklt")


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the embedded font at a size in pixels."""
    loaded = ImageFont.load_default(size=size)
    if not isinstance(loaded, ImageFont.FreeTypeFont):
        message = "this Pillow was built without FreeType; install the wheel from PyPI"
        raise RuntimeError(message)
    return loaded


def font_file() -> bytes:
    """Return the embedded font as a file."""
    data = font(20).path
    assert isinstance(data, BytesIO)  # where Pillow keeps it, no file is
    return data.getvalue()


@lru_cache(maxsize=4096)
def has_glyph(character: str) -> bool:
    """Return whether the font can draw a character."""
    if character == " ":
        return True
    missing = font(32).getmask("\uffff")
    drawn = font(32).getmask(character)
    return bytes(drawn) != bytes(missing)


def is_drawable(character: str) -> bool:
    """Return whether a character can be drawn as it is, its accents by hand where the font lacks them."""
    parts = unicodedata.normalize("NFD", character)
    return all(part == _DASH or part in _ACCENTS or has_glyph(part) for part in parts)


def settable(text: str) -> str | None:
    """Return the text as it can be set, decomposed (NFD); None where its script cannot be set.

    Signs and emoji that the font lacks are left out; a letter that it lacks means another script.
    """
    kept: list[str] = []
    for character in text:
        whole = _SUBSTITUTES.get(character, character)
        for part in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", whole)):
            if part == _DASH or part in _ACCENTS or has_glyph(part):
                kept.append(part)
            elif unicodedata.category(part)[0] in {"L", "N"}:
                return None
            elif unicodedata.category(part)[0] in {"Z", "C"} and part not in {"\u200b", "\u200d", "\ufeff"}:
                kept.append(" ")
    line = " ".join("".join(kept).split())
    return line if any(character.isalnum() for character in line) else None


def _plain(text: str) -> str:
    return "".join(character for character in text if character not in _ACCENTS)


def width_of(text: str, size: int) -> float:
    """Return the width of a line in pixels."""
    face = font(size)
    return sum(face.getlength(_plain(run)) for run in text.split(_DASH)) + text.count(_DASH) * size * 0.62


def draw_line(mask: Image.Image, x: float, baseline: float, text: str, size: int) -> None:
    """Draw a line of settable text onto a mask ("L")."""
    draw, face = ImageDraw.Draw(mask), font(size)
    run = ""
    for index, character in enumerate(text):
        if character == _DASH:
            draw.text((x, baseline), run, font=face, fill=255, anchor="ls")
            x += face.getlength(run)
            run = ""
            middle, thick = baseline - size * 0.24, max(1, round(size * 0.065))
            draw.rectangle([x + size * 0.06, middle - thick, x + size * 0.56, middle], fill=255)
            x += size * 0.62
        elif character in _ACCENTS:
            before = text[index - 1] if index else " "
            wide = face.getlength(run[-1:])
            _accent(mask, x + face.getlength(run) - wide / 2, baseline, size, character, before)
        else:
            run += character
    draw.text((x, baseline), run, font=face, fill=255, anchor="ls")


def _accent(mask: Image.Image, x: float, baseline: float, size: int, accent: str, letter: str) -> None:
    """Draw one accent over or under the letter before it, four times larger for smooth edges."""
    over, reach = 4, size * 0.15
    tall = letter.isupper() or letter in _TALL
    top = baseline - size * (0.78 if tall and letter != "i" else 0.60)
    side = int(size * 1.2)
    patch = Image.new("L", (side * over, side * over), 0)
    draw = ImageDraw.Draw(patch)
    thick = max(over, round(size * 0.075 * over))
    middle = top if _ACCENTS[accent][0][0][1] > 0 else baseline
    left, up = int(x - side / 2), int(middle - side / 2)
    for stroke in _ACCENTS[accent]:
        points = []
        for across, above in stroke:
            y = top - above * reach * 1.25 if above >= 0 else baseline - above * reach * 1.3
            points.append(((x + across * reach - left) * over, (y - up) * over))
        draw.line(points, fill=255, width=thick, joint="curve")
        for px, py in (points[0], points[-1]):
            draw.ellipse([px - thick / 2, py - thick / 2, px + thick / 2, py + thick / 2], fill=255)
    small = patch.reduce(over)
    mask.paste(255, (left, up), small)
