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

    from tests.crash.crashing import Vendor


@dataclass(slots=True)
class Disk:
    """The files of a project, and what of them is durable; whoever changes names below it holds the wire's lock."""

    root: Path
    synced_names: Names = field(default_factory=dict)
    synced: dict[int, bytes] = field(default_factory=dict)
    _pins: dict[int, int] = field(default_factory=dict)

    def look(self) -> tuple[Names, dict[int, bytes]]:
        """Return all names and contents; every file is held open, so that no other one gets its inode."""
        names: Names = {}
        contents: dict[int, bytes] = {}
        for folder, _, _ in os.walk(self.root):
            here = names[os.path.relpath(folder, self.root) if folder != str(self.root) else ROOT] = {}
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("vendor.pickle"):
                        continue
                    here[entry.name] = FOLDER if entry.is_dir() else entry.inode()
                    if not entry.is_dir():
                        with suppress(FileNotFoundError):
                            contents[entry.inode()] = self._read(entry)
        return names, contents

    def _read(self, entry: os.DirEntry[str]) -> bytes:
        inode = entry.inode()
        if inode not in self._pins:
            self._pins[inode] = _open(entry.path, os.O_RDONLY)
        return os.pread(self._pins[inode], entry.stat().st_size, 0)

    def sync_all(self) -> None:
        """Take all that is there for durable."""
        self.synced_names, self.synced = self.look()

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


_open = os.open


class Recorder(Wire):
    """Records the moment before every operation; a sync that is in `without` counts as left out.

    It is called after the function that syncs, or after that and the one that has called it: `put > fsync_directory`.
    """

    def __init__(self, root: Path, vendor: Vendor, without: Collection[str] = ()) -> None:
        super().__init__(root)
        self.moments: list[Moment] = []
        self._disk, self._vendor, self._without = Disk(root), vendor, frozenset(without)
        self._disk.sync_all()

    def step(self, what: str, place: str, tear: Callable[[], object] = lambda: None, *, idle: bool = False) -> None:
        """Record the moment before an operation, and what it makes durable."""
        with self._lock:
            super().step(what, place, tear, idle=idle)
            names, contents = self._disk.look()
            disk, vendor = self._disk, self._vendor
            self.moments.append(
                Moment(
                    self.names[-1],
                    names,
                    contents,
                    disk.synced_names,
                    disk.synced,
                    len(vendor.accepted),
                    len(vendor.operations),
                )
            )
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
