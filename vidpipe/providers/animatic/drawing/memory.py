"""What a drawn picture remembers of its place, so that the next one can go on from there.

It is kept in a text chunk of the PNG, with the digest of the pixels: a picture that was repainted, or saved by another
program, remembers nothing and is taken for what it shows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from PIL.PngImagePlugin import PngImageFile, PngInfo

from vidpipe.providers.animatic.drawing.shots import WIDE
from vidpipe.providers.animatic.drawing.view import Shot
from vidpipe.providers.animatic.drawing.words import Brief

if TYPE_CHECKING:
    from PIL import Image

    from vidpipe.providers.base import Picture

_CHUNK = "vidpipe:place"
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture was drawn: what was there, the seed of its composition, the time spent there, and the shot.

    `text` tells the texts of scenes apart, `shot` is the one that its scene was seen in.
    """

    brief: Brief
    seed: str
    moment: int
    text: str
    shot: Shot = WIDE


def name_of(text: str) -> str:
    """Return a short name for a text of any length."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _digest(image: Image.Image) -> str:
    return sha256(image.tobytes()).hexdigest()


def encode(image: Image.Image, place: Place) -> bytes:
    """Return the picture as PNG that remembers its place."""
    info = PngInfo()
    kept = {
        "pixels": _digest(image),
        "seed": place.seed,
        "moment": place.moment,
        "brief": asdict(place.brief),
        "text": place.text,
        "shot": asdict(place.shot),
    }
    info.add_text(_CHUNK, json.dumps(kept, sort_keys=True))
    encoded = BytesIO()
    image.save(encoded, "PNG", compress_level=3, pnginfo=info)
    return encoded.getvalue()


def recall(picture: Picture, image: Image.Image) -> Place | None:
    """Return the place that an untouched picture of ours remembers; `image` is the picture opened."""
    if picture.media_type != "image/png":
        return None
    text = PngImageFile(BytesIO(picture.data)).info.get(_CHUNK)
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    try:
        kept = json.loads(text)
        brief = kept["brief"]
        place = Place(
            Brief(
                setting=str(brief["setting"]),
                forms=tuple(str(form) for form in brief["forms"]),
                figures=tuple(str(figure) for figure in brief["figures"]),
                hour=str(brief["hour"]),
                weather=str(brief["weather"]),
                mood=str(brief["mood"]),
            ),
            str(kept["seed"]),
            min(1000, max(0, int(kept["moment"]))),
            str(kept["text"]),
            Shot(
                min(2.0, max(1.0, float(kept["shot"]["closeness"]))), min(0.3, max(-0.3, float(kept["shot"]["aside"])))
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return place if kept.get("pixels") == _digest(image) and place.brief.known else None
