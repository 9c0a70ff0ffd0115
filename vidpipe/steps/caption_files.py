"""The captions beside the film: `film.srt` and `film.vtt`, and copies of them beside the copy that `output` asks for.

They are written from the storyboard's words and the times in the film's record, for which nothing is encoded, and
removed when they are no longer wanted. A file that vidpipe did not write, or that a person has edited since, stays as
it is.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from vidpipe.files import remove_file, write_file
from vidpipe.media.captions.cues import columns_of, cues
from vidpipe.media.captions.sidecar import srt, vtt
from vidpipe.media.frame import frame_size
from vidpipe.place import shown_path
from vidpipe.steps.placed import Placed, digest_of, place_outside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.record import Record
    from vidpipe.job import Job
    from vidpipe.media.timeline import Caption

FORMS = {".srt": srt, ".vtt": vtt}
MOST_KNOWN = 256
LONGEST = 10**8
"""Frames: weeks of film."""


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A file of captions as it has to be; without content there is none."""

    path: Path
    content: bytes | None

    def is_right(self, known: Sequence[str]) -> bool:
        """Whether nothing is to be done: it is as it has to be, or it is a person's."""
        present = digest_of(self.path)
        if present is None:
            return self.content is None or os.path.lexists(self.path)
        return present == self.digest or present not in known

    def is_strange(self, known: Sequence[str]) -> bool:
        """Whether a person's file, or something that is none, stands where captions belong."""
        is_there = self.content is not None and os.path.lexists(self.path)
        return is_there and digest_of(self.path) not in {self.digest, *known}

    @property
    def digest(self) -> str | None:
        """The hex sha256 of the content."""
        return None if self.content is None else hashlib.sha256(self.content).hexdigest()


def captions_of(job: Job, words: Sequence[str], record: Record) -> tuple[Caption, ...]:
    """Return the captions beside a film: the words of each scene that it shows, when its record says they are read."""
    if job.spec.captions != "sidecar":
        return ()
    columns = columns_of(frame_size(job.spec.aspect_ratio, job.spec.resolution))
    windows = windows_in(record.provenance)
    return tuple(
        caption
        for text, (start, stop) in zip(words, windows, strict=False)  # a record that is none of ours may hold anything
        for caption in cues(text, start, stop, columns)
    )


def caption_files(film: Path, captions: Sequence[Caption]) -> tuple[CaptionFile, ...]:
    """Return what the files beside a film (`film.mp4` in the job, or its copy) have to be."""
    return tuple(
        CaptionFile(film.with_suffix(ending), write(captions) if captions else None) for ending, write in FORMS.items()
    )


def differ(job: Job, files: Sequence[CaptionFile]) -> bool:
    """Whether one of the files has to be written or removed."""
    known = _placed(job).digests()
    return not all(file.is_right(known) for file in files)


def write_captions(job: Job, files: Sequence[CaptionFile]) -> None:
    """Write and remove what has to be; say of a person's file that it stays as it is."""
    placed, scratch = _placed(job), job.store.layout.scratch
    known = placed.digests()
    for file in files:
        if file.is_strange(known):
            job.say(
                f"{shown_path(file.path)} was not written by vidpipe, or has been edited since, and stays as it is; "
                "move it away to get the captions of this film"
            )
        elif not file.is_right(known):
            if file.content is None or file.digest is None:
                remove_file(file.path)
                continue
            placed.remember(file.digest, scratch=scratch)
            if file.path.parent == job.directory:
                write_file(file.path, file.content, scratch=scratch)
            else:
                place_outside(file.path, partial(_write, file.content))


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def windows_in(provenance: Mapping[str, Json]) -> tuple[tuple[int, int], ...]:
    """Return what a film's record holds as [[start frame, stop frame], ...], one for each scene that it shows."""
    rows = provenance.get("windows")
    return tuple(_window(row) for row in rows) if isinstance(rows, list | tuple) else ()


def _window(row: Json) -> tuple[int, int]:
    """Return a window; one of no frames where the record does not say."""
    if not isinstance(row, list | tuple) or len(row) != 2:
        return (0, 0)
    start, stop = row
    if type(start) is not int or type(stop) is not int:  # True is an int, too
        return (0, 0)
    return (start, stop) if 0 <= start < stop <= LONGEST else (0, 0)


def _placed(job: Job) -> Placed:
    return Placed(job.store.layout.private / "captions.json", MOST_KNOWN)
