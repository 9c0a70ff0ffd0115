"""The kinds of file that the steps make, as the engine needs to know them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from vidpipe.engine.kind import Kind
from vidpipe.errors import BrokenFileError
from vidpipe.files import open_regular, sha256_file
from vidpipe.media.wav import check_wav
from vidpipe.place import shown_path
from vidpipe.spec.board import board_digest, parse_board

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO


MIB = 1 << 20
LARGEST_BOARD = 64 * MIB  # far beyond what a storyboard may have, which the parser tells better
LARGEST_VOICE = 512 * MIB  # ten minutes of sound, the most that is taken, at any rate and depth
LARGEST_PICTURE = 512 * MIB  # of 50 megapixels, the most that is opened, a PNG cannot be larger
LARGEST_CLIP = 500_000_000
LARGEST_FILM = 150 * LARGEST_CLIP  # see media.mp4, which is slow to import


def _read(path: Path, largest: int) -> bytes:
    """Return a file's bytes. Raises BrokenFileError, with nothing read, for one that is too large."""
    with open_regular(path) as file:
        _check_size(file, path, largest)
        return file.read(largest)


def _check_size(file: BinaryIO, path: Path, largest: int) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > largest:
        said = f"{size >> 20:,} MiB, and {largest >> 20} MiB is the most"
        if largest % MIB:
            said = f"{size:,} bytes, and {largest:,} bytes is the most"
        raise BrokenFileError(f"{shown_path(path)}: {said}; restore it")


def _digest(largest: int) -> Callable[[Path], str]:
    """Return what hashes a file, unless it is so large that this would take for ever: then it is broken."""

    def digest(path: Path) -> str:
        with open_regular(path) as file:
            _check_size(file, path, largest)
        return sha256_file(path)

    return digest


def read_board(path: Path) -> bytes:
    """Return the bytes of a storyboard's file. Raises OSError, or BrokenFileError for one that is too large."""
    return _read(path, LARGEST_BOARD)


def _board_digest(path: Path) -> str:
    return board_digest(parse_board(read_board(path), shown_path(path)))


def _check_board(path: Path) -> None:
    parse_board(read_board(path), shown_path(path))


def _check_picture(path: Path) -> None:
    from vidpipe.media.picture import check_picture

    check_picture(_read(path, LARGEST_PICTURE), shown_path(path))


def _check_voice(path: Path) -> None:
    check_wav(_read(path, LARGEST_VOICE), shown_path(path))


def _check_clip(path: Path) -> None:
    _look("check_clip", path)


def _check_film(path: Path) -> None:
    _look("check_film", path)


def _look(task: str, path: Path) -> None:
    """Let a worker process decode: a file that crashes the decoder is one broken target, and the run goes on."""
    from vidpipe.media.worker.shared import shared_workers

    name = shown_path(path)
    shared_workers().call(task, {"path": str(path.absolute()), "name": name}, name=name)


STORYBOARD = Kind("storyboard", _check_board, _board_digest)
NARRATION = Kind("narration", _check_voice, _digest(LARGEST_VOICE))
KEYFRAME = Kind("keyframe", _check_picture, _digest(LARGEST_PICTURE))
CLIP = Kind("clip", _check_clip, _digest(LARGEST_CLIP))
FILM = Kind("film", _check_film, _digest(LARGEST_FILM))

KINDS = {kind.step: kind for kind in (STORYBOARD, NARRATION, KEYFRAME, CLIP, FILM)}
STEPS = tuple(KINDS)


def kind_of(name: str) -> Kind:
    """Return the kind of a target by its name."""
    if name.startswith("narration/"):
        return NARRATION
    if name.startswith("keyframes/"):
        return KEYFRAME
    if name.startswith("clips/"):
        return CLIP
    return FILM if name == "film.mp4" else STORYBOARD
