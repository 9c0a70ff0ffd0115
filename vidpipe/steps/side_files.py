"""The side files of the film's record: `film.json`, its provenance, captions, and the copy that `output` asks for.

Missing or different, they are written again from records without encoding anything. `output` replaces only a file that
vidpipe put there.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.errors import DecisionError
from vidpipe.files import CHUNK, open_regular, sha256_file
from vidpipe.place import shown_path
from vidpipe.purchase.books import REQUEST_COST
from vidpipe.steps import caption_files
from vidpipe.steps.kinds import LARGEST_FILM
from vidpipe.steps.placed import Placed, digest_of, leads_elsewhere, place_outside

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
    copies = caption_files.caption_files(output, cues, outside=True) if output is not None else ()
    return SideFiles(_provenance(job, finished), film.path, film.digest, output, captions, copies)


def unlike(job: Job, side: SideFiles) -> tuple[str, ...]:
    """Return the side files that are missing or not as they have to be, as paths are shown."""
    told = job.directory / "film.json"
    found = [] if _holds(told, side.provenance) else [told]
    if side.output is not None and not _is_there(side.output, side.digest):
        found.append(side.output)
    found += [file.path for file in (*side.captions, *side.copies) if caption_files.differ(job, [file])]
    return tuple(map(shown_path, found))


def write(job: Job, side: SideFiles) -> None:
    """Write the side files that are not as they have to be.

    Raises DecisionError where `output` names a file that vidpipe did not put there, BrokenFileError or OSError where a
    folder leads elsewhere by now.
    """
    if not _holds(job.directory / "film.json", side.provenance):
        job.store.write_bytes(job.directory / "film.json", side.provenance)
    caption_files.write_captions(job, side.captions)
    if side.output is not None and not _is_there(side.output, side.digest):
        _place(job, side, side.output)
    caption_files.write_captions(job, side.copies)


def obstacle(job: Job) -> str | None:
    """Say why the copy that `output` asks for cannot be placed: a folder, or a file that is not vidpipe's, is there.

    A file that is the film already, whoever put it there, is in nobody's way.
    """
    output, film = job.loaded.output, job.store.layout.target("film.mp4")
    if output is None:
        return None
    unfit = _unfit(output)
    if unfit:
        return f"output: {shown_path(output)} {unfit}, then run again"
    present = digest_of(output)
    if present is None or present in _placed(job).digests() or present == digest_of(film):
        return None
    unless = "" if film.exists() else ", unless the film comes out the very same"
    return (
        f"output: {shown_path(output)} was not put there by vidpipe and stays as it is{unless}; "
        "move it away or name another output, then run again"
    )


def _unfit(output: Path) -> str:
    """Say why nothing that stands there can be the copy of a film, and what to do; empty where it may be, or none is.

    A path without links: it was resolved when the spec was read.
    """
    if leads_elsewhere(output):
        return "leads elsewhere now, through a symbolic link; remove that"
    if output.is_dir():
        return "is a folder; move it away or name another output"
    if output.is_file() and output.stat().st_size > LARGEST_FILM:
        return f"is no film of vidpipe's, which has at most {LARGEST_FILM:,} bytes; move it away or name another output"
    try:
        sha256_file(output)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read ({error.strerror}); move it away"
    return ""


def _placed(job: Job) -> Placed:
    return Placed(job.store.layout.private / "output.json", MOST_KNOWN)


def _place(job: Job, side: SideFiles, output: Path) -> None:
    trouble = obstacle(job)
    if trouble is not None:
        raise DecisionError(trouble)
    _placed(job).remember(side.digest, scratch=job.store.layout.scratch)
    with open_regular(side.film) as film:
        place_outside(output, lambda copy: shutil.copyfileobj(film, copy, CHUNK))


def _is_there(output: Path, digest: str) -> bool:
    return not leads_elsewhere(output) and digest_of(output) == digest


def _holds(path: Path, content: bytes) -> bool:
    """Whether a file is just as it has to be; no more of it is read than that takes."""
    try:
        with open_regular(path) as file:
            return file.read(len(content) + 1) == content
    except OSError:
        return False


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
