"""What a worker does for a film (`worker.tasks`): every step that decodes, encodes, or reads a stranger's file."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import TYPE_CHECKING

import av

from vidpipe.files import fsync_file
from vidpipe.media import boundary
from vidpipe.media.cache import Piece
from vidpipe.media.edit import Source
from vidpipe.media.join import join
from vidpipe.media.pieces import Clip, make_pieces
from vidpipe.media.plain import a_bool, a_list, a_text, an_int, an_object, ints
from vidpipe.media.probe import probe_samples
from vidpipe.media.recipe import Recipe
from vidpipe.media.sound.form import plan_from_json
from vidpipe.media.sound.mix import mix
from vidpipe.media.verify import verify_film
from vidpipe.media.versions import ffmpeg_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.media.captions.style import Style
    from vidpipe.media.plain import Json
    from vidpipe.media.sound.mastering import Master


def versions(_arguments: Mapping[str, Json]) -> Json:
    """Return what encodes and decodes here: a piece made by another version is made anew."""
    return {"av": av.__version__, "ffmpeg": ffmpeg_version()}


def style(arguments: Mapping[str, Json]) -> Json:
    """Choose the type for `texts`; returns it as `style`, and as `look` all that decides how they look in it."""
    from vidpipe.media.captions.choice import style_for  # few films need it, and Pillow takes a while to import

    chosen = style_for([a_text(text) for text in a_list(arguments["texts"])])
    return {"style": chosen.to_json(), "look": chosen.key()}


def clip(arguments: Mapping[str, Json]) -> Json:
    """Probe the clip `source`; returns `Probed`."""
    source = Source.from_json(arguments["source"])
    return probe_samples(source.read(), source.name).to_json()


def meet(arguments: Mapping[str, Json]) -> Json:
    """Say whether the clip `before` ends on the picture that the clip `after` begins with, see `boundary.meet`."""
    return boundary.meet(Clip.from_json(arguments["before"]), Clip.from_json(arguments["after"]))


def pieces(arguments: Mapping[str, Json]) -> Json:
    """Encode `recipes` to `paths` from `clips`, by digest, with captions in `style`.

    Returns digest and `Probed` of each; the files are synced.
    """
    clips = {digest: Clip.from_json(value) for digest, value in an_object(arguments["clips"]).items()}
    recipes = [Recipe.from_json(value) for value in a_list(arguments["recipes"])]
    paths = [Path(a_text(value)) for value in a_list(arguments["paths"])]
    made: list[Json] = []
    for path in make_pieces(recipes, paths, clips, _style(arguments["style"])):
        fsync_file(path)
        data = path.read_bytes()
        probed = probe_samples(data, path.name)
        made.append({"digest": hashlib.sha256(data).hexdigest(), "probed": probed.to_json()})
    return made


def _style(value: Json) -> Style | None:
    if value is None:
        return None
    from vidpipe.media.captions.style import Style

    return Style.from_json(value)


def film(arguments: Mapping[str, Json]) -> Json:
    """Join `pieces` to `path`, with the `sound` that is planned, if any.

    Returns sentences that are to be `told`, and the film's `loudness` in LUFS, null where it was not steered or silent.
    """
    joined = [Piece.from_json(value) for value in a_list(arguments["pieces"])]
    masters: list[Master] = []
    plan = arguments["sound"]
    sounds = None if plan is None else mix(plan_from_json(plan), Path(a_text(arguments["cache"])), masters.append)
    join(joined, Path(a_text(arguments["path"])), sounds=sounds)
    loudness = next((round(master.after, 1) for master in masters if math.isfinite(master.after)), None)
    return {"told": [master.shortfall for master in masters if master.shortfall], "loudness": loudness}


def verified(arguments: Mapping[str, Json]) -> Json:
    """Check the film at `path`, called `name` in messages, see `verify_film`; returns nothing."""
    width, height = ints(arguments["size"])
    verify_film(
        Path(a_text(arguments["path"])),
        a_text(arguments["name"]),
        size=(width, height),
        joins=ints(arguments["joins"]),
        frames=an_int(arguments["frames"]),
        audio=a_bool(arguments["audio"]),
    )
    return None
