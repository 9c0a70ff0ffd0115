"""What video files are, for a person and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.report.escape import visible
from vidpipe.report.jsonout import SCHEMA
from vidpipe.report.measures import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from vidpipe.commands.probe import Probed
    from vidpipe.engine.fingerprint import Json
    from vidpipe.media.clip import ClipInfo, Colour, Sound
    from vidpipe.report.jsonout import Document
    from vidpipe.report.voice import Voice

NOT_SAID = 2
FULL = 2
BT709 = 1


def probed(found: Sequence[Probed], voice: Voice) -> list[str]:
    """Return the lines that describe files: pictures, sound, and what a film does with them."""
    told: list[str] = []
    for one in found:
        if one.info is None:
            told.append(visible(one.problem))
            continue
        told.append(voice.paint("bold", visible(shown_path(one.path))))
        told += [f"    pictures  {_pictures(one.info)}", f"    sound     {_sound(one.info.sound)}"]
        told.append(f"    in a film {_use(one)}")
    return told


def _pictures(info: ClipInfo) -> str:
    rate = "at uneven times" if info.step is None else f"{_number(1 / info.step)} a second"
    parts = [
        f"{info.codec} {info.profile}".strip(),
        f"{info.width}x{info.height}",
        f"{count(info.frames, 'frame')}, {rate}",
        f"{float(info.seconds):.3f} s",
        info.pixel_format,
        _colour(info.colour),
        f"pixels of {info.pixel_aspect}" if info.pixel_aspect != 1 else "",
        "mirrored" if info.mirrored else "",
        f"rotated by {info.rotation} degrees" if info.rotation else "",
        "interlaced" if info.interlaced else "",
        "frames hidden by an edit list" if info.edited else "",
        f"stream {info.stream}",
    ]
    return ", ".join(part for part in parts if part)


def _colour(colour: Colour) -> str:
    said = {colour.primaries, colour.transfer, colour.matrix} - {0, NOT_SAID}
    name = "colours not said" if not said else "BT.709" if said == {BT709} else f"colours {sorted(said)} of H.273"
    return f"{name}, full range" if colour.range == FULL else name


def _sound(sound: Sound | None) -> str:
    if sound is None:
        return "none"
    return f"{sound.codec}, {sound.rate} Hz, {count(sound.channels, 'channel')}, stream {sound.stream}"


def _use(one: Probed) -> str:
    assert one.info is not None
    frames = one.info.film_frames
    if one.refused:
        return f"not as a clip: {visible(one.refused)}"
    if one.encoded:
        return f"encoded anew, {count(frames, 'frame')}: {visible(one.encoded)}"
    return f"copied as it is into one of {one.info.width}x{one.info.height}, {count(frames, 'frame')}"


def _number(value: Fraction) -> str:
    return f"{float(value):.5g}"


def of_probe(found: Sequence[Probed]) -> Document:
    """Return the document of `probe`."""
    return {"schema": SCHEMA, "exit": int(exit_code(found)), "files": [_file(one) for one in found]}


def exit_code(found: Sequence[Probed]) -> Exit:
    """Return the exit code: failed where a file is no video, or is damaged."""
    return Exit.DONE if all(one.info for one in found) else Exit.FAILED


def _file(one: Probed) -> Json:
    value: dict[str, Json] = {"path": shown_path(one.path), "problem": one.problem or None}
    if one.info is None:
        return value
    info = one.info
    return value | {
        "pictures": {
            "stream": info.stream,
            "codec": info.codec,
            "profile": info.profile,
            "width": info.width,
            "height": info.height,
            "pixel_format": info.pixel_format,
            "pixel_aspect": str(info.pixel_aspect),
            "rotation": info.rotation,
            "mirrored": info.mirrored,
            "interlaced": info.interlaced,
            "colour": {
                "primaries": info.colour.primaries,
                "transfer": info.colour.transfer,
                "matrix": info.colour.matrix,
                "full_range": info.colour.range == FULL,
            },
            "frames": info.frames,
            "frame_rate": None if info.step is None else str(1 / info.step),
            "seconds": float(info.seconds),
            "edited": info.edited,
        },
        "sound": None
        if info.sound is None
        else {
            "stream": info.sound.stream,
            "codec": info.sound.codec,
            "rate": info.sound.rate,
            "channels": info.sound.channels,
        },
        "film": {
            "frames": info.film_frames,
            "copied": not (one.encoded or one.refused),
            "reason": one.refused or one.encoded or None,
            "refused": bool(one.refused),
        },
    }
