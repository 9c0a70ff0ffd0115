"""The captions beside the film: `film.srt` and `film.vtt`, and copies of them beside the copy that `output` asks for.

They are written from the storyboard's words and the times in the film's record, for which nothing is encoded, and
removed when they are no longer wanted. A file that vidpipe did not write, or that a person has edited since, stays as
it is.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.files import refuse_detour, remove_file
from vidpipe.media.captions.cues import columns_of, cues
from vidpipe.media.captions.sidecar import srt, vtt
from vidpipe.media.frame import frame_size
from vidpipe.place import shown_path
from vidpipe.steps.placed import Placed, digest_of, leads_elsewhere, place_outside

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
LARGEST = 16 << 20
"""Bytes: of a hundred scenes with as many words as a storyboard may have; what is larger is none of vidpipe's."""


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """A file of captions as it has to be; without content there is none.

    What is `outside` of the job directory has a path without links: a link there is a person's, and not followed.
    """

    path: Path
    content: bytes | None
    outside: bool = False

    def is_right(self, known: Sequence[str]) -> bool:
        """Whether nothing is to be done: it is as it has to be, or it is a person's."""
        present = self._present()
        if present is None:
            return self.content is None or os.path.lexists(self.path)
        return present == self.digest or present not in known

    def is_strange(self, known: Sequence[str]) -> bool:
        """Whether a person's file, or something that is none, stands where captions belong."""
        is_there = self.content is not None and os.path.lexists(self.path)
        return is_there and self._present() not in {self.digest, *known}

    def _present(self) -> str | None:
        return None if self.outside and leads_elsewhere(self.path) else digest_of(self.path, LARGEST)

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


def caption_files(film: Path, captions: Sequence[Caption], *, outside: bool = False) -> tuple[CaptionFile, ...]:
    """Return what the files beside a film (`film.mp4` in the job, or its copy outside of it) have to be."""
    return tuple(
        CaptionFile(film.with_suffix(ending), write(captions) if captions else None, outside)
        for ending, write in FORMS.items()
    )


def differ(job: Job, files: Sequence[CaptionFile]) -> bool:
    """Whether one of the files has to be written or removed."""
    known = _placed(job).digests()
    return not all(file.is_right(known) for file in files)


def write_captions(job: Job, files: Sequence[CaptionFile]) -> None:
    """Write and remove what has to be; say of a person's file that it stays as it is.

    Raises BrokenFileError or OSError where a folder leads elsewhere by now.
    """
    placed = _placed(job)
    known = placed.digests()
    for file in files:
        if file.outside:
            refuse_detour(file.path.parent)
        if file.is_strange(known):
            job.say(
                f"{shown_path(file.path)} was not written by vidpipe, or has been edited since, and stays as it is; "
                "move it away to get the captions of this film"
            )
        elif not file.is_right(known):
            _set_right(job, file, placed)


def _set_right(job: Job, file: CaptionFile, placed: Placed) -> None:
    content, digest = file.content, file.digest
    if content is None or digest is None:
        remove_file(file.path) if file.outside else job.store.remove(file.path)
        return
    placed.remember(digest, scratch=job.store.layout.scratch)
    if file.outside:
        place_outside(file.path, lambda copy: copy.write(content))
    else:
        job.store.write_bytes(file.path, content)


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
