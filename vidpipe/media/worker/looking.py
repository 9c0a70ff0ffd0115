"""The tasks that look into a file and change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.files import open_regular
from vidpipe.media import verify
from vidpipe.media.clip_json import clip_to_json
from vidpipe.media.edit import Source
from vidpipe.media.frame import SAMPLE_RATE
from vidpipe.media.mp4 import CLIP_LIMITS, FILM_LIMITS
from vidpipe.media.plain import an_int
from vidpipe.media.probe import probe as probe_clip

if TYPE_CHECKING:
    from vidpipe.media.plain import Json


def check_clip(arguments: dict[str, Json]) -> Json:
    """Check the clip at `path`, called `name` in messages; see `verify.check_clip`."""
    verify.check_clip(Path(str(arguments["path"])), str(arguments["name"]))
    return None


def check_film(arguments: dict[str, Json]) -> Json:
    """Check the film at `path`, called `name` in messages; see `verify.check_film`."""
    verify.check_film(Path(str(arguments["path"])), str(arguments["name"]))
    return None


def check_music(arguments: dict[str, Json]) -> Json:
    """Decode the first `seconds` of the music at `path`, called `name` in messages; see `music.check_music`."""
    from vidpipe.media.sound.music import check_music as check

    path, name, seconds = Path(str(arguments["path"])), str(arguments["name"]), an_int(arguments["seconds"])
    with open_regular(path) as file:
        check(file.read(), name, seconds * SAMPLE_RATE)
    return None


def probe(arguments: dict[str, Json]) -> Json:
    """Return what the video at `path` is, for `clip_json.clip_from_json`; `limits` is "clip" (the usual) or "film".

    With a `digest`, the hex sha256 of the bytes that are meant, raises SourceChangedError for any others.
    """
    path, name, digest = Path(str(arguments["path"])), str(arguments["name"]), arguments.get("digest")
    limits = {"clip": CLIP_LIMITS, "film": FILM_LIMITS}[str(arguments.get("limits", "clip"))]
    source = path if digest is None else Source(name, path, str(digest)).read()
    return clip_to_json(probe_clip(source, name, limits))
