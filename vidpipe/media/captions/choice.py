"""Choose the type for a film's captions: faces that have all the letters, or a message that says what is missing."""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.errors import VidpipeError
from vidpipe.files import sha256_file
from vidpipe.media import lettering
from vidpipe.media.captions.cmap import faces
from vidpipe.media.captions.fonts import Found, font_files, found_faces
from vidpipe.media.captions.letters import cleaned, is_hidden
from vidpipe.media.captions.scripts import is_shaped, package_for, regions, script_of
from vidpipe.media.captions.style import EMBEDDED, Face, Style, as_set, can_shape
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

MOST_SHOWN = 8


class NoFontError(VidpipeError):
    """Captions that cannot be drawn with what this machine has; the message says what to do."""


def style_for(texts: Iterable[str], environ: Mapping[str, str] = os.environ) -> Style:
    """Choose faces that have every letter of the texts. Raises NoFontError where there are none, or no shaping.

    Pillow's own type comes first, because it is the same on every machine; then one font of this machine for all of
    it; then Pillow's with accents drawn onto it; then several fonts. A text that needs shaping is set in one face.
    """
    wanted = [as_set(cleaned(text)) for text in texts]
    shaped = [text for text in wanted if is_shaped(text)]
    if shaped and not can_shape():
        raise NoFontError(_unshaped(shaped))
    letters = seen("".join(wanted))
    if not shaped and all(map(lettering.has_glyph, letters)):
        return Style((EMBEDDED_FACE,))
    files = font_files(environ)

    def candidates() -> Iterator[Found]:
        return found_faces(files, regions("".join(wanted)))

    one = _covering(candidates(), letters)
    if one is not None:
        return Style((_face(one),))
    if not shaped and is_drawable(letters):
        return Style((EMBEDDED_FACE,))
    return _several(candidates, shaped, letters)


def missing_letters(texts: Iterable[str], environ: Mapping[str, str] = os.environ) -> str:
    """Say which letters of the texts cannot be drawn on this machine, and what to do; "" where all can be."""
    try:
        style_for(texts, environ)
    except NoFontError as error:
        return str(error)
    return ""


EMBEDDED_FACE = Face(EMBEDDED, 0, "")


def seen(text: str) -> frozenset[str]:
    """Return the characters of a text that have a shape."""
    return frozenset(character for character in text if not character.isspace() and not is_hidden(character))


def is_drawable(letters: Iterable[str]) -> bool:
    """Whether Pillow's own type has these letters, with accents drawn onto them where need be."""
    return all(lettering.is_drawable(letter) for letter in letters)


def _covering(candidates: Iterator[Found], letters: frozenset[str]) -> Found | None:
    return next((found for found in candidates if all(letter in found.facts.coverage for letter in letters)), None)


def _several(candidates: Callable[[], Iterator[Found]], shaped: Sequence[str], letters: frozenset[str]) -> Style:
    """Choose a face for every text that needs shaping, then for the letters that are left as few as possible."""
    chosen: dict[tuple[str, int], Found] = {}
    for text in shaped:
        one = _covering(candidates(), seen(text))
        if one is None:
            raise NoFontError(_uncovered(seen(text), list(candidates()), whole=True))
        chosen[one.path, one.facts.index] = one
    others = [own(), *candidates()]
    left = {letter for letter in letters if not any(letter in found.facts.coverage for found in chosen.values())}
    while left:
        most = max(others, key=lambda found: sum(letter in found.facts.coverage for letter in left))
        has = {letter for letter in left if letter in most.facts.coverage}
        if not has:
            raise NoFontError(_uncovered(letters, others, whole=False))
        chosen[most.path, most.facts.index] = most
        left -= has
    return Style(tuple(map(_face, chosen.values())))


@lru_cache(maxsize=1)
def own() -> Found:
    """Return the face that Pillow carries."""
    return Found(EMBEDDED, faces(BytesIO(lettering.font_file()))[0])


def _face(found: Found) -> Face:
    if found.path == EMBEDDED:
        return EMBEDDED_FACE
    return Face(found.path, found.facts.index, _digest(found.path, os.stat(found.path).st_mtime_ns))  # noqa: PTH116


@lru_cache(maxsize=64)
def _digest(path: str, _mtime_ns: int) -> str:
    return sha256_file(Path(path))


def _uncovered(letters: frozenset[str], candidates: Sequence[Found], *, whole: bool) -> str:
    """Name the letters that no font has; where each is in some font, but no one font has all of them, say that."""
    lacking = sorted(letter for letter in letters if not any(letter in found.facts.coverage for found in candidates))
    if not lacking and whole:
        script = listing(_scripts(letters), "and")
        return (
            f"captions: no one font on this machine has all the letters of a narration in {script}, which has to be "
            f"set in one; {_remedy(letters)}"
        )
    return f"captions: no font on this machine has {_named(lacking)}; {_remedy(lacking)}"


def _unshaped(texts: Sequence[str]) -> str:
    letters = sorted(seen("".join(texts)))
    needing = [letter for letter in letters if is_shaped(letter)]
    script = listing(_scripts(needing), "and")
    return (
        f"captions: {script or 'a narration'} needs letters to be joined and ordered, which Pillow does here only with "
        "the library FriBidi; install it (Debian and Ubuntu: libfribidi0; macOS: brew install fribidi) or set "
        "captions: sidecar, then run again"
    )


def _remedy(letters: Iterable[str]) -> str:
    packages = dict.fromkeys(package_for(script) for script in _scripts(letters) or [""])
    return f"install {listing(packages, 'and')}, or set captions: sidecar, then run again"


def _scripts(letters: Iterable[str]) -> list[str]:
    return sorted({script_of(letter) for letter in letters} - {""})


def _named(letters: Sequence[str]) -> str:
    """Return letters as a message names them: each with its number and the name that Unicode gives it."""
    named = [f"{letter} (U+{ord(letter):04X} {unicodedata.name(letter, 'unnamed')})" for letter in letters]
    more = len(named) - MOST_SHOWN
    return listing([*named[:MOST_SHOWN], f"{more} more"] if more > 0 else named)
