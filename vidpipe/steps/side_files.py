"""The side files of the film's record: `film.json`, its provenance, captions, and the copy that `output` asks for.

Missing or different, they are written again from records without encoding anything. `output` replaces only a file that
vidpipe put there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from shutil import copyfile
from typing import TYPE_CHECKING

from vidpipe.errors import DecisionError
from vidpipe.files import write_file
from vidpipe.place import shown_path
from vidpipe.purchase.books import REQUEST_COST
from vidpipe.steps import caption_files
from vidpipe.steps.placed import Placed, digest_of, place_outside

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.record import Record
    from vidpipe.job import Job
    from vidpipe.steps.caption_files import CaptionFile
    from vidpipe.steps.film import Finished

MOST_KNOWN = 32
UNTOLD = frozenset({"request", REQUEST_COST, "windows"})
"""What of a record's provenance is for vidpipe's own books, or has a file of its own."""


@dataclass(frozen=True, slots=True)
class SideFiles:
    """What the side files of a finished film have to be: `captions` beside it, `copies` of them beside `output`."""

    provenance: bytes
    film: Path
    digest: str
    output: Path | None
    captions: tuple[CaptionFile, ...] = ()
    copies: tuple[CaptionFile, ...] = ()


def wanted(job: Job, finished: Finished) -> SideFiles | None:
    """Return what the side files have to be; None where the film itself is still to be made."""
    film = finished.film
    if film.digest is None or film.record is None:
        return None
    output = job.loaded.output
    shown = [finished.words[part.scene] for part in finished.shots if part.made is not None]
    cues = caption_files.captions_of(job, shown, film.record)
    captions = caption_files.caption_files(film.path, cues)
    copies = caption_files.caption_files(output, cues) if output is not None else ()
    return SideFiles(_provenance(job, finished), film.path, film.digest, output, captions, copies)


def differ(job: Job, side: SideFiles) -> bool:
    """Whether a side file is missing or not as it has to be."""
    return (
        _read(job.directory / "film.json") != side.provenance
        or (side.output is not None and digest_of(side.output) != side.digest)
        or caption_files.differ(job, [*side.captions, *side.copies])
    )


def write(job: Job, side: SideFiles) -> None:
    """Write the side files that are not as they have to be.

    Raises DecisionError where `output` names a file that vidpipe did not put there.
    """
    scratch = job.store.layout.scratch
    if _read(job.directory / "film.json") != side.provenance:
        write_file(job.directory / "film.json", side.provenance, scratch=scratch)
    caption_files.write_captions(job, side.captions)
    if side.output is not None and digest_of(side.output) != side.digest:
        _place(job, side, side.output)
    caption_files.write_captions(job, side.copies)


def obstacle(job: Job) -> str | None:
    """Say why the copy that `output` asks for cannot be placed: a folder, or a file that is not vidpipe's, is there.

    A file that is the film already, whoever put it there, is in nobody's way.
    """
    output, film = job.loaded.output, job.store.layout.target("film.mp4")
    if output is None:
        return None
    if output.is_dir():
        return f"output: {shown_path(output)} is a folder; move it away or name another output, then run again"
    if output.resolve() != output:  # it was resolved when the spec was read
        return f"output: {shown_path(output)} leads elsewhere now, through a symbolic link; remove that, then run again"
    present = digest_of(output)
    if present is None and output.exists():
        return f"output: {shown_path(output)} is no file that can be read; move it away, then run again"
    if present is None or present in _placed(job).digests() or present == digest_of(film):
        return None
    unless = "" if film.exists() else ", unless the film comes out the very same"
    return (
        f"output: {shown_path(output)} was not put there by vidpipe and stays as it is{unless}; "
        "move it away or name another output, then run again"
    )


def _placed(job: Job) -> Placed:
    return Placed(job.store.layout.private / "output.json", MOST_KNOWN)


def _place(job: Job, side: SideFiles, output: Path) -> None:
    trouble = obstacle(job)
    if trouble is not None:
        raise DecisionError(trouble)
    _placed(job).remember(side.digest, scratch=job.store.layout.scratch)
    place_outside(output, partial(copyfile, side.film))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _provenance(job: Job, finished: Finished) -> bytes:
    records = job.store.records()
    told = [_told(record) for record in _used(job, records, finished)]
    value: dict[str, Json] = {
        "schema": 1,
        "name": job.spec.name,
        "complete": finished.complete,
        "cost_usd": float(job.purchases.ledger.spent()),
        "gaps": _gaps(finished),
        "targets": told,
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _gaps(finished: Finished) -> list[Json]:
    told: list[tuple[int, str, str]] = [
        (part.scene, part.kind, part.gap) for part in finished.shots if part.kind != "clip"
    ]
    told += [(each.scene, "silent", each.refused) for each in finished.voices if each.refused]
    return [{"scene": scene, "shown": shown, "reason": reason} for scene, shown, reason in sorted(told)]


def _used(job: Job, records: dict[str, Record], finished: Finished) -> list[Record]:
    """Return the records of what the film is made of, the storyboard first, orphans left out."""
    clips = [part.made.name for part in finished.shots if part.made is not None]
    shown = {part.scene for part in finished.shots if part.made is not None}
    voices = [each.made.name for each in finished.voices if each.made is not None and each.scene in shown]
    frames = sorted(name for name in records if name.startswith("keyframes/") and name in job.outcomes)
    wanted_names = ["storyboard.json", *voices, *frames, *clips, finished.film.name]
    return [records[name] for name in wanted_names if name in records]


def _told(record: Record) -> dict[str, Json]:
    return {
        "name": record.target,
        "digest": record.digest,
        "made_by": record.origin,
        "cost_usd": float(record.cost),
        "model": record.fingerprint.parts.get("model"),
        **{name: value for name, value in sorted(record.provenance.items()) if name not in UNTOLD},
    }
