"""`vidpipe probe`: what video files really are, as a film would take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.media.clip import why_not_copied
from vidpipe.media.clip_json import clip_from_json
from vidpipe.media.mp4 import CLIP_LIMITS
from vidpipe.media.worker.failure import nonsense
from vidpipe.media.worker.shared import close_shared_workers, shared_workers
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.media.clip import ClipInfo


@dataclass(frozen=True, slots=True)
class Probed:
    """One file: what it is, or what is wrong with it.

    `encoded` says why a film of the file's own size cannot take its pictures as they are; empty where it can. `refused`
    says why none takes it as a clip at all: it is more than a clip may be, as a finished film is.
    """

    path: Path
    info: ClipInfo | None
    problem: str = ""
    encoded: str = ""
    refused: str = ""


def probe(paths: Sequence[Path]) -> list[Probed]:
    """Look into every file, and prove that it is whole: all of its packets are read and its first frame is decoded.

    Worker processes do that, with limits on memory and time: a file that crashes the decoder has only itself to answer
    for.
    """
    try:
        return [_probed(path) for path in paths]
    finally:
        close_shared_workers()


def _probed(path: Path) -> Probed:
    name = shown_path(path)
    try:
        info = _look(path, name)
        size = path.stat().st_size
    except BrokenFileError as error:
        return Probed(path, None, problem=str(error))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else nonsense(str(error))
        return Probed(path, None, problem=f"{name}: {why}")
    encoded = why_not_copied(info, (info.width, info.height))
    return Probed(path, info, encoded=encoded, refused=_why_no_clip(info, size))


def _look(path: Path, name: str) -> ClipInfo:
    arguments = {"path": str(path.absolute()), "name": name, "limits": "film"}
    return clip_from_json(shared_workers().call("probe", arguments, name=name))


def _why_no_clip(info: ClipInfo, size: int) -> str:
    most = CLIP_LIMITS
    if info.seconds > most.seconds:
        return f"{float(info.seconds):,.1f} s is longer than the {most.seconds} s that a clip may last"
    if info.frames > most.frames:
        return f"{info.frames:,} frames are more than the {most.frames:,} that a clip may have"
    return f"{size:,} bytes are more than the {most.bytes:,} that a clip may have" if size > most.bytes else ""
