"""A job directory holds its own files: nothing in it may lead a run elsewhere, or keep it waiting for ever.

It may come from a stranger's pull request: a folder that is a symbolic link would be written to, and emptied, wherever
it leads; a picture that is one would be sent to a provider; reading a pipe never ends.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.errors import BrokenFileError, UsageError
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vidpipe.engine.layout import Layout

SINGLE = ("storyboard.json", "film.mp4", "film.json", "film.srt", "film.vtt")


def check_tree(layout: Layout, boundary: Path) -> None:
    """Raise UsageError where something that vidpipe reads or writes in a job directory leads out of `boundary`.

    Folders must be folders of the directory itself. A file may be a symbolic link (git-annex and DVC make such) to a
    regular file inside `boundary`, the project's root, or inside the job directory.
    """
    root = layout.root
    if root.is_symlink() and not _is_inside(root, (boundary, root.parent)):
        raise UsageError(f"{shown_path(root)} is a symbolic link that leads out of the project; {_way_out(root)}")
    private = layout.private
    for path in (private, *layout.folders):
        if path.is_symlink():
            raise _led_astray(path)
    singles = [path for path in (root / name for name in SINGLE) if os.path.lexists(path)]
    for path, is_link in (*((path, path.is_symlink()) for path in singles), *_below(private)):
        _check_file(path, is_link, (boundary, root), ours=path.is_relative_to(private))
    for folder in layout.folders:
        for path, is_link in _below(folder):
            _check_file(path, is_link, (boundary, root), ours=False)


def check_place(layout: Layout, path: Path) -> None:
    """Raise BrokenFileError where a folder on the way from the job directory to `path` is a symbolic link.

    Called just before something is written: a folder may have been exchanged since the run began.
    """
    try:
        check_way(layout.root, path.parent)
    except UsageError as error:
        raise BrokenFileError(str(error)) from error


def check_way(top: Path, path: Path) -> None:
    """Raise UsageError where `path`, or a folder on the way to it from `top`, is a symbolic link; `top` may be one."""
    place = top
    for part in path.relative_to(top).parts:
        place /= part
        if place.is_symlink():
            raise _led_astray(place)


def _below(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield what is no regular file below a folder, and whether it is a link. Raises UsageError for a linked folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(path)
        elif entry.is_symlink() and _leads_to_folder(entry):
            raise _led_astray(path)
        elif entry.is_symlink() or not entry.is_file():
            yield path, entry.is_symlink()


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError as error:
        if error.errno == errno.ELOOP:  # to itself, or in a circle: as good as a link to nothing
            return False
        raise


def _check_file(path: Path, is_link: bool, bounds: tuple[Path, ...], *, ours: bool) -> None:
    """Judge one file: of vidpipe's own must be a regular one, of the user's the engine tells what is wrong with it."""
    if is_link and not _is_inside(path, bounds):
        raise UsageError(f"{shown_path(path)} is a symbolic link that leads out of the project; {_way_out(path)}")
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # a link to nothing, inside the project: as good as no file
    if (ours or path.name == "film.json") and not stat.S_ISREG(mode):
        raise UsageError(f"{shown_path(path)} is no regular file; {_way_out(path)}")


def _is_inside(path: Path, bounds: tuple[Path, ...]) -> bool:
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(os.path.realpath(bound)) for bound in bounds)


def _led_astray(path: Path) -> UsageError:
    said = f"{shown_path(path)} is a symbolic link, and what vidpipe writes must stay in the job's own folders"
    return UsageError(f"{said}; {_way_out(path)}")


def _way_out(path: Path) -> str:
    return f"remove the link {path.name} and put what it leads to in its place" if path.is_symlink() else "remove it"
