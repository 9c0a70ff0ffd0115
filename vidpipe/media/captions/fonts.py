"""Find fonts where systems keep them, those first that captions look best in; no program is asked for them."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.files import open_regular
from vidpipe.media.captions.cmap import FaceFacts, NotAFontError, faces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_MOST_FILES = 5_000
_FAMILIES = (
    *("notosans", "opensans", "roboto", "inter", "sourcesans", "dejavusans", "liberationsans", "arial", "helvetica"),
    *("sfns", "segoeui", "verdana", "tahoma", "ubuntu", "cantarell", "freesans", "hiragino", "pingfang", "yugoth"),
    *("applesdgothic", "meiryo", "msyh", "malgun", "droidsans", "geezapro", "arialunicode", "notoserif"),
)
"""Families that read well over a picture, the best first, as their files begin."""
_UNSUITED = re.compile(
    r"italic|oblique|mono|condensed|narrow|light|thin|black|heavy|display|looped|rashi|blank|lastresort|emoji|math"
)
_HEAVY = re.compile(r"bold")
_REGULAR = 400


@dataclass(frozen=True, slots=True)
class Found:
    """One face of a font file on this machine."""

    path: str
    facts: FaceFacts


def folders(environ: Mapping[str, str], platform: str = sys.platform) -> list[Path]:
    """Return the folders in which a system keeps its fonts, the user's own first; not all of them need be there."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "/")
    if platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    if platform == "win32":
        local = environ.get("LOCALAPPDATA") or str(home / "AppData/Local")
        return [Path(local, "Microsoft/Windows/Fonts"), Path(environ.get("WINDIR") or "C:/Windows", "Fonts")]
    data = environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    shared = (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [Path(data, "fonts"), home / ".fonts", *(Path(folder, "fonts") for folder in shared if folder)]


def font_files(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the paths of this system's font files, those first that suit captions best."""
    found: dict[str, None] = {}
    for folder in folders(environ):
        for root, below, names in os.walk(folder):
            below.sort()
            for name in names:
                if os.path.splitext(name)[1].lower() in _ENDINGS and len(found) < _MOST_FILES:  # noqa: PTH122
                    found[os.path.join(root, name)] = None  # noqa: PTH118
    return sorted(found, key=_rank)


def _rank(path: str) -> tuple[bool, int, bool, int, str]:
    name = re.sub(r"[^a-z0-9.]", "", os.path.basename(path).lower())  # noqa: PTH119
    place = next((place for place, family in enumerate(_FAMILIES) if name.startswith(family)), len(_FAMILIES))
    return _UNSUITED.search(name) is not None, place, _HEAVY.search(name) is not None, len(name), path


def found_faces(files: list[str], regions: tuple[str, ...]) -> Iterator[Found]:
    """Yield the faces of font files; of a collection those first whose names end with one of the `regions`."""
    for path in files:
        yield from sorted(_faces_of(path), key=lambda found: _rank_of_face(found.facts, regions))


def _rank_of_face(facts: FaceFacts, regions: tuple[str, ...]) -> tuple[bool, bool, int, int, int]:
    region = next((place for place, name in enumerate(regions) if facts.family.endswith(name)), len(regions))
    return facts.fixed, facts.italic, abs(facts.weight - _REGULAR), region, facts.index


@lru_cache(maxsize=_MOST_FILES)
def _faces_of(path: str) -> tuple[Found, ...]:
    try:
        with open_regular(Path(path)) as file:
            return tuple(Found(path, facts) for facts in faces(file))
    except (OSError, NotAFontError):
        return ()
