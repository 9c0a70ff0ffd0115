"""`vidpipe probe`: what video files really are, as a film would take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError
from vidpipe.media.clip import why_not_copied
from vidpipe.media.probe import probe as look
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vidpipe.media.clip import ClipInfo


@dataclass(frozen=True, slots=True)
class Probed:
    """One file: what it is, or what is wrong with it.

    `encoded` says why a film of the file's own size cannot take its pictures as they are; empty where it can.
    """

    path: Path
    info: ClipInfo | None
    problem: str = ""
    encoded: str = ""


def probe(paths: Sequence[Path]) -> list[Probed]:
    """Look into every file, and prove that it is whole: all of its packets are read and its first frame is decoded."""
    return [_probed(path) for path in paths]


def _probed(path: Path) -> Probed:
    try:
        info = look(path, shown_path(path))
    except BrokenFileError as error:
        return Probed(path, None, problem=str(error))
    return Probed(path, info, encoded=why_not_copied(info, (info.width, info.height)))
