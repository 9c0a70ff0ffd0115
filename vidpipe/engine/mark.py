"""Marks: what a person said about a target, until a run has done it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.record import count_from, fingerprint_from, load_json
from vidpipe.errors import BrokenFileError
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Fingerprint, Json

NO_TAKE = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """What `redo` or `accept` left on a target: the digest it spoke of, and the last take and request there were.

    The first making after a `redo` binds the mark to the `fingerprint` that it is of: in another style, say, the takes
    there are come back for nothing as before.
    """

    digest: str | None
    take: int = NO_TAKE
    request: int = 0
    fingerprint: Fingerprint | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the mark as its file holds it."""
        bound = self.fingerprint.to_json() if self.fingerprint else None
        return {"digest": self.digest, "take": self.take, "request": self.request, "fingerprint": bound}


def read_mark(path: Path) -> Mark | None:
    """Read a mark; None where there is none. Raises BrokenFileError."""
    value = load_json(path)
    if value is None:
        return None
    try:
        digest, bound = value.get("digest"), value.get("fingerprint")
        if not (digest is None or isinstance(digest, str)):
            raise TypeError("no digest")
        take, request = count_from(value.get("take"), NO_TAKE), count_from(value.get("request"))
        return Mark(digest, take, request, None if bound is None else fingerprint_from(bound))
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenFileError(f"{shown_path(path)}: not readable as a mark of vidpipe; remove it to go on") from error
