"""What a disk holds after a power loss: what was synced is sure, and of the rest each file system keeps another part.

A run is recorded once: before every operation on its files, what is on the disk, and what of it was synced by then.
A file's content is as sure as its last sync, and so are the names in a folder; a file that was moved is never lost to
both names, for file systems move as a whole. From every such moment `images` builds what a power loss can leave.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.crash.images import FOLDER, ROOT, Moment, Names, each
from tests.crash.wire import SYNCS, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from tests.crash.steady import Taken

_open = os.open


@dataclass(slots=True)
class Disk:
    """The files of a project, and what of them is durable; whoever changes names below it holds the wire's lock."""

    root: Path
    synced_names: Names = field(default_factory=dict)
    synced: dict[int, bytes] = field(default_factory=dict)
    _pins: dict[int, int] = field(default_factory=dict)
    _seen: dict[int, bytes] = field(default_factory=dict)

    def look(self) -> tuple[Names, dict[int, bytes]]:
        """Return all names and contents; every file is held open, so that no other one gets its inode."""
        names: Names = {}
        contents: dict[int, bytes] = {}
        for folder, _, _ in os.walk(self.root):
            here = names[os.path.relpath(folder, self.root) if folder != str(self.root) else ROOT] = {}
            with os.scandir(folder) as entries:
                for entry in entries:
                    here[entry.name] = FOLDER if entry.is_dir() else entry.inode()
                    if not entry.is_dir():
                        with suppress(FileNotFoundError):
                            contents[entry.inode()] = self._read(entry)
        return names, contents

    def _read(self, entry: os.DirEntry[str]) -> bytes:
        inode = entry.inode()
        if inode not in self._pins:
            self._pins[inode] = _open(entry.path, os.O_RDONLY)
        now = os.pread(self._pins[inode], entry.stat().st_size, 0)
        if self._seen.get(inode) != now:  # what has not changed is kept once, however many moments hold it
            self._seen[inode] = now
        return self._seen[inode]

    def sync_all(self) -> None:
        """Take all that is there for durable."""
        self.synced_names, self.synced = self.look()

    def sync_as(self, killed: Moment) -> None:
        """Take for durable what was so at the moment at which the run was killed that left these files."""
        names, contents = self.look()
        now = {old: names[folder][name] for folder, name, old in each(killed.names) if old != FOLDER}
        gone = {inode for _, _, inode in each(killed.synced_names)} - now.keys() - {FOLDER}
        now |= {inode: -2 - number for number, inode in enumerate(sorted(gone))}
        now[FOLDER] = FOLDER
        self.synced_names = {
            folder: {name: now[inode] for name, inode in found.items()} for folder, found in killed.synced_names.items()
        }
        self.synced = {now[inode]: data for inode, data in killed.synced.items() if inode in now}
        assert {place: contents[now[inode]] for place, inode in _places(killed)} == {
            place: killed.contents[inode] for place, inode in _places(killed)
        }, "these are not the files that the killed run has left"

    def sync(self, place: str, names: Names, contents: dict[int, bytes]) -> None:
        """Take one file's content, or the names in one folder, for durable from now on."""
        place = ROOT if place == "." else place
        if place not in names:
            folder, _, name = place.rpartition("/")
            inode = names[folder][name]
            self.synced = {**self.synced, inode: contents[inode]}
            return
        before, self.synced_names = self.synced_names.get(place, {}), {**self.synced_names, place: names[place]}
        gone = set(before.values()) - set(names[place].values()) - {FOLDER}
        for folder, name, inode in each(names):  # what was moved elsewhere is there, now that it is here no more
            if inode in gone:
                self.synced_names[folder] = {**self.synced_names.get(folder, {}), name: inode}


def _places(moment: Moment) -> list[tuple[str, int]]:
    return [(f"{folder}/{name}", inode) for folder, name, inode in each(moment.names) if inode in moment.contents]


class Recorder(Wire):
    """Records the moment before every operation; a sync that is in `without` counts as left out.

    It is called after the function that syncs, or after that and the one that has called it: `put > fsync_directory`.
    `taken` tells how much the vendor has taken in. All files that are there count as durable, unless they are what a
    run has left that was killed at a moment (`since`).
    """

    def __init__(
        self, root: Path, taken: Callable[[], Taken], without: Collection[str] = (), since: Moment | None = None
    ) -> None:
        super().__init__(root)
        self.moments: list[Moment] = []
        self._disk, self._taken, self._without = Disk(root), taken, frozenset(without)
        if since is None:
            self._disk.sync_all()
        else:
            self._disk.sync_as(since)

    def step(self, what: str, place: str, tear: Callable[[], object] = lambda: None, *, idle: bool = False) -> None:
        """Record the moment before an operation, and what it makes durable."""
        with self._lock:
            super().step(what, place, tear, idle=idle)
            names, contents = self._disk.look()
            disk = self._disk
            self.moments.append(Moment(self.names[-1], names, contents, disk.synced_names, disk.synced, self._taken()))
            if what in SYNCS and not self._is_left_out():
                self._disk.sync(place, names, contents)

    def _is_left_out(self) -> bool:
        frame = sys._getframe(4)  # behind this, step, counted and alone: who syncs
        name, caller = frame.f_code.co_name, frame.f_back.f_code.co_name if frame.f_back else ""
        return not self._without.isdisjoint({name, f"{caller} > {name}"})

    def _wrapped(self, name: str, operation: Callable[..., Any], position: int) -> Callable[..., Any]:
        counted = super()._wrapped(name, operation, position)

        def alone(*given: Any, **named: Any) -> Any:
            with self._lock:  # nobody looks while a name is changed
                return counted(*given, **named)

        return alone
