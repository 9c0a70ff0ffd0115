"""The bookkeeping of one job directory: records, archived takes, marks. Reading never writes."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.judge import eligible
from vidpipe.engine.layout import FORMAT, Layout, is_target_name
from vidpipe.engine.links import check_place
from vidpipe.engine.mark import read_mark
from vidpipe.engine.pending import read_pending
from vidpipe.engine.record import (
    MOST_TAKES,
    Record,
    dump,
    load_json,
    read_record,
)
from vidpipe.errors import BrokenFileError, UnreadableFileError, UsageError
from vidpipe.files import raise_unless_gone, remove_file, write_file
from vidpipe.place import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vidpipe.engine.fingerprint import Fingerprint, Json
    from vidpipe.engine.mark import Mark
    from vidpipe.engine.pending import Pending

ROOM = 10**6
"""Takes that a job must still have numbers for: what is bought must find one."""


class Store:
    """Everything under `.vidpipe/` that belongs to targets."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._archived: list[Record] | None = None
        self._live: dict[str, Record] | None = None
        self._last_take: int | None = None
        self._lock = threading.RLock()  # targets are looked at and put in place in threads, side by side

    def check_format(self) -> None:
        """Raise UsageError for a directory that a newer vidpipe wrote."""
        value = load_json(self.layout.job)
        number = value.get("format", FORMAT) if value else FORMAT
        if not isinstance(number, int) or number > FORMAT:
            said = (
                f"{shown_path(self.layout.root)}: written by a newer vidpipe (format {number}, this one knows {FORMAT})"
            )
            raise UsageError(f"{said}; upgrade vidpipe")

    def record(self, name: str) -> Record | None:
        """Return a target's record. Raises BrokenFileError."""
        return read_record(self.layout.record(name))

    def records(self) -> dict[str, Record]:
        """Return every sound record by target; a damaged one is judged where it is wanted.

        Raises UnreadableFileError or OSError where the system cannot read one: it may be of what has been paid for.
        """
        with self._lock:
            if self._live is None:
                self._live = dict(self._readable(self.layout.records))
            return dict(self._live)

    def _readable(self, folder: Path) -> Iterator[tuple[str, Record]]:
        for path in _json_below(folder):
            name = path.relative_to(folder).as_posix().removesuffix(".json")
            try:
                record = read_record(path)
            except UnreadableFileError:
                raise
            except BrokenFileError:
                continue
            if record is not None:
                yield name, record

    def archived(self) -> list[Record]:
        """Return the records of all archived takes, oldest first. Raises as `records` does."""
        with self._lock:
            if self._archived is None:
                found = (record for _, record in self._readable(self.layout.archive / "records"))
                self._archived = sorted(found, key=lambda record: record.take)
            return self._archived

    def takes(self, name: str) -> list[Record]:
        """Return the archived takes of one target, oldest first."""
        return [record for record in self.archived() if record.target == name]

    def known(self, name: str, digest: str | None) -> Record | None:
        """Return the newest archived record of this target with that digest, if any."""
        return next((record for record in reversed(self.takes(name)) if record.digest == digest), None)

    def restorable(self, wanted: Fingerprint, *, since: int, paid: bool, upgrade: bool) -> list[tuple[Record, Path]]:
        """Return every take, live or archived, that can stand in, with where its bytes should be, the best first.

        An exact match goes before one that differs in vidpipe's own parts only, then the newest goes first.
        """
        live = self.records()
        places = {record.digest: self.layout.target(name) for name, record in live.items()}
        found = [
            (record.fingerprint.parts == wanted.parts, record.take, record)
            for record in [*self.archived(), *live.values()]
            if eligible(record, wanted, since=since, paid=paid, upgrade=upgrade)
        ]
        found.sort(key=lambda item: item[:2], reverse=True)
        contents = [(record, self.layout.content(record.digest)) for _, _, record in found]
        return [
            (record, content if content.is_file() else places.get(record.digest, content))
            for record, content in contents
        ]

    def next_take(self) -> int:
        """Return a new take number, above all there ever were."""
        with self._lock:
            if self._last_take is None:
                self._last_take = self.last_take()
            self._last_take += 1
            return self._last_take

    def last_take(self) -> int:
        """Return the highest take number in use. Raises BrokenFileError where that leaves no room for more."""
        pending = [entry.record.take for entry in self.pendings().values()]
        taken = [record.take for record in [*self.records().values(), *self.archived()]]
        marks = [mark.take for _, mark in self.marks("redo")]
        last = max([0, *pending, *taken, *marks, self._last_take or 0])
        if last > MOST_TAKES - ROOM:
            said = f"a record or a mark in it says that there have been {last:,} takes, which cannot be"
            raise BrokenFileError(f"{shown_path(self.layout.private)}: {said}; find it by that number and remove it")
        return last

    def pending(self, name: str) -> Pending | None:
        """Return what stands between "made" and "recorded" of one target. Raises BrokenFileError."""
        return read_pending(self.layout.pending(name))

    def pendings(self) -> dict[str, Pending]:
        """Return what stands between "made" and "recorded". Raises BrokenFileError."""
        folder = self.layout.pendings
        found = {}
        for path in _json_below(folder):
            if pending := read_pending(path):
                found[path.relative_to(folder).as_posix().removesuffix(".json")] = pending
        return found

    def mark(self, kind: str, name: str) -> Mark | None:
        """Return the mark of that kind on a target. Raises BrokenFileError."""
        return read_mark(self.layout.mark(kind, name))

    def marks(self, kind: str) -> Iterator[tuple[str, Mark]]:
        """Yield every target that bears a mark of that kind. Raises BrokenFileError."""
        folder = self.layout.marks / kind
        for path in _json_below(folder):
            name = path.relative_to(folder).as_posix().removesuffix(".json")
            if mark := self.mark(kind, name):
                yield name, mark

    def write_mark(self, kind: str, name: str, mark: Mark) -> None:
        """Leave a mark on a target, durably."""
        self.layout.target(name)
        self.write(self.layout.mark(kind, name), mark.to_json())

    def drop_mark(self, kind: str, name: str) -> None:
        """Remove a mark."""
        self.remove(self.layout.mark(kind, name))

    def write(self, path: Path, value: Mapping[str, Json]) -> None:
        """Write one of vidpipe's own JSON files, whole or not at all."""
        self.write_bytes(path, dump(value))

    def write_bytes(self, path: Path, data: bytes) -> None:
        """Write a file of the job directory, whole or not at all. Raises BrokenFileError where its place leads away."""
        for place in (path, self.layout.scratch / path.name):
            check_place(self.layout, place)
        write_file(path, data, scratch=self.layout.scratch)

    def remove(self, path: Path) -> None:
        """Remove a file of the job directory durably. Raises BrokenFileError where its place leads away."""
        check_place(self.layout, path)
        remove_file(path)

    def write_record(self, record: Record) -> None:
        """Write a target's record."""
        self.write(self.layout.record(record.target), record.to_json())
        with self._lock:
            if self._live is not None:
                self._live[record.target] = record

    def write_take(self, record: Record) -> None:
        """Write the record of an archived take."""
        self.write(self.layout.take(record.target, record.take), record.to_json())
        with self._lock:
            if self._archived is not None:
                others = [take for take in self._archived if (take.target, take.take) != (record.target, record.take)]
                self._archived = sorted([*others, record], key=lambda take: take.take)


def _json_below(folder: Path) -> list[Path]:
    """List the JSON files below a folder of our own, in order; one that leads elsewhere holds none of them.

    What no target is called is none of them either. Raises OSError where a folder is there and cannot be read.
    """
    if folder.is_symlink():
        return []
    places = (Path(place, name) for place, _, names in os.walk(folder, onerror=raise_unless_gone) for name in names)
    found = sorted(path for path in places if path.suffix == ".json")
    return [path for path in found if is_target_name(path.relative_to(folder).as_posix().removesuffix(".json"))]
