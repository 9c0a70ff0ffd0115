"""What vidpipe put somewhere: the digests of files that it may replace or remove, for nobody has edited them since."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.record import dump, load_json
from vidpipe.files import (
    backdate,
    create,
    fsync_file,
    make_directory,
    put,
    refuse_detour,
    refuse_larger,
    refuse_link,
    sha256_file,
    write_file,
)
from vidpipe.steps.kinds import LARGEST_FILM

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from vidpipe.engine.fingerprint import Json

ENDING = ".vidpipe-part"


@dataclass(frozen=True, slots=True)
class Placed:
    """The digests in a file of `.vidpipe/`, of which the last `most` are remembered."""

    note: Path
    most: int

    def digests(self) -> list[str]:
        """Return the digests of the files that vidpipe placed. Raises BrokenFileError."""
        placed = (load_json(self.note) or {}).get("digests")
        return [digest for digest in placed if isinstance(digest, str)] if isinstance(placed, list) else []

    def remember(self, digest: str, *, scratch: Path) -> None:
        """Note a digest before the file with it is placed, so that no crash makes a stranger of it."""
        known: list[Json] = [known for known in self.digests() if known != digest]
        for folder in (self.note.parent, scratch.parent, scratch):
            refuse_link(folder)
        write_file(self.note, dump({"digests": [*known[1 - self.most :], digest]}), scratch=scratch)


def digest_of(path: Path, largest: int = LARGEST_FILM) -> str | None:
    """Return the digest of a file's bytes, None where there is no file that can be read, or one of more bytes."""
    try:
        refuse_larger(path, path.stat().st_size, largest)
        return sha256_file(path)
    except OSError:
        return None


def leads_elsewhere(path: Path) -> bool:
    """Whether a path that was resolved once is, or is reached through, a symbolic link by now."""
    return os.path.realpath(path) != str(path)


def place_outside(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` write a file that appears whole or not at all, outside of the job directory.

    The draft that a killed run leaves beside it goes with the next placing. Raises OSError where the folder is
    exchanged for a link in the meantime.
    """
    path = Path(os.path.realpath(path.parent), path.name)
    make_directory(path.parent)
    _sweep(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}{ENDING}")
    try:
        with create(draft) as file:
            write(file)
        refuse_detour(path.parent)  # copying a film takes a while
        fsync_file(draft)
        backdate(draft)
        put(draft, path)
    finally:
        with suppress(OSError):
            refuse_detour(path.parent)
            draft.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what killed runs left half written beside a file."""
    ours = re.compile(rf"\.{re.escape(path.name)}(\.[0-9a-f]{{12}})?{re.escape(ENDING)}")
    for left in path.parent.iterdir():
        if ours.fullmatch(left.name) and (left.is_symlink() or not left.is_dir()):
            left.unlink(missing_ok=True)
