"""The side files of the film's record: `film.json`, its provenance, and the copy that `output` asks for.

Missing or different, they are written again from records without encoding anything. `output` replaces only a file that
vidpipe put there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.engine.record import dump, load_json
from vidpipe.errors import DecisionError
from vidpipe.files import backdate, copy_file, fsync_directory, make_directory, put, sha256_file, write_file
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.record import Record
    from vidpipe.job import Job
    from vidpipe.steps.film import Finished


@dataclass(frozen=True, slots=True)
class SideFiles:
    """What the side files of a finished film have to be."""

    provenance: bytes
    film: Path
    digest: str
    output: Path | None


def wanted(job: Job, finished: Finished) -> SideFiles | None:
    """Return what the side files have to be; None where the film itself is still to be made."""
    if finished.film.digest is None or finished.film.record is None:
        return None
    output = job.loaded.output
    return SideFiles(_provenance(job, finished), finished.film.path, finished.film.digest, output)


def differ(job: Job, side: SideFiles) -> bool:
    """Whether a side file is missing or not as it has to be."""
    return _read(job.directory / "film.json") != side.provenance or (
        side.output is not None and _digest(side.output) != side.digest
    )


def write(job: Job, side: SideFiles) -> None:
    """Write the side files that are not as they have to be.

    Raises DecisionError where `output` names a file that vidpipe did not put there.
    """
    scratch = job.store.layout.scratch
    if _read(job.directory / "film.json") != side.provenance:
        write_file(job.directory / "film.json", side.provenance, scratch=scratch)
    if side.output is not None and _digest(side.output) != side.digest:
        _place(job, side, side.output)


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
    present = _digest(output)
    if present is None and output.exists():
        return f"output: {shown_path(output)} is no file that can be read; move it away, then run again"
    if present is None or present in _placed(job) or present == _digest(film):
        return None
    unless = "" if film.exists() else ", unless the film comes out the very same"
    return (
        f"output: {shown_path(output)} was not put there by vidpipe and stays as it is{unless}; "
        "move it away or name another output, then run again"
    )


def _note(job: Job) -> Path:
    return job.store.layout.private / "output.json"


def _placed(job: Job) -> list[str]:
    """Return the digests of the copies that vidpipe placed."""
    placed = (load_json(_note(job)) or {}).get("digests")
    return [digest for digest in placed if isinstance(digest, str)] if isinstance(placed, list) else []


def _place(job: Job, side: SideFiles, output: Path) -> None:
    trouble = obstacle(job)
    if trouble is not None:
        raise DecisionError(trouble)
    make_directory(output.parent)
    known: list[Json] = [digest for digest in _placed(job) if digest != side.digest]
    write_file(_note(job), dump({"digests": [*known[-31:], side.digest]}), scratch=job.store.layout.scratch)
    copy = output.with_name(f".{output.name}.vidpipe-part")  # always the same: a killed run's goes with the next one
    copy.unlink(missing_ok=True)
    try:
        copy_file(side.film, copy)
        backdate(copy)
        put(copy, output)
    finally:
        copy.unlink(missing_ok=True)
    fsync_directory(output.parent)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _digest(path: Path) -> str | None:
    try:
        return sha256_file(path)
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
        "gaps": [
            {"scene": part.scene, "shown": part.kind, "reason": part.gap}
            for part in finished.shots
            if part.kind != "clip"
        ],
        "targets": told,
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _used(job: Job, records: dict[str, Record], finished: Finished) -> list[Record]:
    """Return the records of what the film is made of, the storyboard first, orphans left out."""
    clips = [part.made.name for part in finished.shots if part.made is not None]
    frames = sorted(name for name in records if name.startswith("keyframes/") and name in job.outcomes)
    wanted_names = ["storyboard.json", *frames, *clips, finished.film.name]
    return [records[name] for name in wanted_names if name in records]


def _told(record: Record) -> dict[str, Json]:
    return {
        "name": record.target,
        "digest": record.digest,
        "made_by": record.origin,
        "cost_usd": float(record.cost),
        "model": record.fingerprint.parts.get("model"),
        **{name: value for name, value in sorted(record.provenance.items()) if name != "request"},
    }
