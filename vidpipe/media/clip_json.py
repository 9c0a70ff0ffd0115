"""A `ClipInfo` as JSON: from a worker to its parent, and in the cache of a film."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from vidpipe.media.clip import ClipInfo, Colour, Sound
from vidpipe.media.plain import a_bool, a_fraction, a_text, an_int, an_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.media.plain import Json


_MOST = 10_000_000
_LATEST = 1 << 63


def clip_to_json(info: ClipInfo) -> dict[str, Json]:
    """Return everything of it; fractions are texts like "1/24", parameter sets are in hex."""
    found = {field.name: getattr(info, field.name) for field in fields(info)}
    return found | {
        "pixel_aspect": str(info.pixel_aspect),
        "time_base": str(info.time_base),
        "seconds": str(info.seconds),
        "step": None if info.step is None else str(info.step),
        "parameter_sets": info.parameter_sets.hex(),
        "colour": {field.name: getattr(info.colour, field.name) for field in fields(Colour)},
        "sound": info.sound and {field.name: getattr(info.sound, field.name) for field in fields(Sound)},
    }


def clip_from_json(value: Json) -> ClipInfo:
    """Return the clip that `clip_to_json` wrote. Raises ValueError for anything else."""
    found = _fields(value, ClipInfo)
    step, sound = found["step"], found["sound"]
    info = ClipInfo(
        name=a_text(found["name"]),
        stream=an_int(found["stream"]),
        codec=a_text(found["codec"]),
        profile=a_text(found["profile"]),
        width=an_int(found["width"]),
        height=an_int(found["height"]),
        pixel_format=a_text(found["pixel_format"]),
        pixel_aspect=a_fraction(found["pixel_aspect"]),
        rotation=an_int(found["rotation"]),
        mirrored=a_bool(found["mirrored"]),
        interlaced=a_bool(found["interlaced"]),
        colour=Colour(**{name: an_int(part) for name, part in _fields(found["colour"], Colour).items()}),
        parameter_sets=bytes.fromhex(a_text(found["parameter_sets"])),
        time_base=a_fraction(found["time_base"]),
        start=an_int(found["start"]),
        frames=an_int(found["frames"]),
        step=None if step is None else a_fraction(step),
        seconds=a_fraction(found["seconds"]),
        delay=an_int(found["delay"]),
        edited=a_bool(found["edited"]),
        opens_clean=a_bool(found["opens_clean"]),
        changes_sets=a_bool(found["changes_sets"]),
        sound=None if sound is None else _sound(sound),
    )
    _refuse_nonsense(info)
    return info


def _refuse_nonsense(info: ClipInfo) -> None:
    """Raise ValueError for what no video can be: the rest of the program counts on it, and divides by some of it."""
    counts = (info.width, info.height, info.frames)
    parts = (info.pixel_aspect, info.time_base, info.seconds, *([] if info.step is None else [info.step]))
    if not all(0 < count <= _MOST for count in counts) or not all(0 < part <= _MOST for part in parts):
        raise ValueError("a video of an impossible size or length")
    if not all(0 <= count <= _MOST for count in (info.stream, info.delay)) or abs(info.start) > _LATEST:
        raise ValueError("a video with impossible streams or times")


def _sound(value: Json) -> Sound:
    found = _fields(value, Sound)
    sound = Sound(an_int(found["stream"]), a_text(found["codec"]), an_int(found["rate"]), an_int(found["channels"]))
    if not (0 <= sound.stream <= _MOST and 0 < sound.rate <= _MOST and 0 < sound.channels <= _MOST):
        raise ValueError("impossible sound")
    return sound


def _fields(value: Json, kind: type[ClipInfo | Colour | Sound]) -> Mapping[str, Json]:
    found = an_object(value)
    if found.keys() != {field.name for field in fields(kind)}:
        raise ValueError(f"not a {kind.__name__}")
    return found
