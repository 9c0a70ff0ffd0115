"""Where a preview is put, beside the job directory: vidpipe replaces its own there, and nobody else's file."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.engine.links import check_way
from vidpipe.errors import DecisionError
from vidpipe.files import CHUNK, make_directory, open_regular, sha256_file
from vidpipe.place import shown_path
from vidpipe.steps.placed import Placed, digest_of, place_outside

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

MOST_KNOWN = 32


@dataclass(frozen=True, slots=True)
class Place:
    """The place `film`; `made` is where the preview is made, `note` remembers what was put into its place.

    `vidpipe clean` removes `made` and leaves `film`, and so `note`: else vidpipe's own preview would be a stranger.
    """

    film: Path
    made: Path
    note: Path

    @property
    def _placed(self) -> Placed:
        return Placed(self.note, MOST_KNOWN)

    def check(self) -> None:
        """Raise DecisionError where something stands there that vidpipe did not put there.

        Raises UsageError where a folder or file of the preview's making is a symbolic link.
        """
        for path in (self.made, self.note):
            check_way(self.film.parent, path)
        if self.film.is_symlink():
            raise DecisionError(f"{shown_path(self.film)} is a symbolic link; move it away, then preview again")
        if self.film.is_dir():
            raise DecisionError(f"{shown_path(self.film)} is a folder; move it away, then preview again")
        present = digest_of(self.film)
        if present is None and os.path.lexists(self.film):
            raise DecisionError(
                f"{shown_path(self.film)} is no file that can be read; move it away or delete it, then preview again"
            )
        if present is not None and present not in {digest_of(self.made), *self._placed.digests()}:
            raise DecisionError(
                f"{shown_path(self.film)} was not put there by vidpipe, or has been edited since, and stays as it is; "
                "move it away or delete it, then preview again"
            )

    def publish(self, scratch: Path) -> Path:
        """Copy what was made to its place. Raises DecisionError where a hand put something there in the meantime."""
        self.check()
        digest = sha256_file(self.made)
        make_directory(self.note.parent)
        self._placed.remember(digest, scratch=scratch)
        if digest_of(self.film) != digest:
            place_outside(self.film, partial(_copy, self.made))
        return self.film


def _copy(source: Path, copy: BinaryIO) -> None:
    with open_regular(source) as file:
        shutil.copyfileobj(file, copy, CHUNK)
