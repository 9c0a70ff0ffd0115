"""What vidpipe put somewhere: the digests of files that it may replace or remove, for nobody has edited them since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.record import dump, load_json
from vidpipe.files import backdate, fsync_file, make_directory, put, sha256_file, write_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json


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
        write_file(self.note, dump({"digests": [*known[1 - self.most :], digest]}), scratch=scratch)


def digest_of(path: Path) -> str | None:
    """Return the digest of a file's bytes, None where there is no file that can be read."""
    try:
        return sha256_file(path)
    except OSError:
        return None


def place_outside(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` write a file that appears whole or not at all, outside of the job directory.

    Its draft is always called the same: the one that a killed run leaves behind goes with the next placing.
    """
    make_directory(path.parent)
    draft = path.with_name(f".{path.name}.vidpipe-part")
    draft.unlink(missing_ok=True)
    try:
        write(draft)
        fsync_file(draft)
        backdate(draft)
        put(draft, path)
    finally:
        draft.unlink(missing_ok=True)
