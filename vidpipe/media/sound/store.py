"""Sound that was decoded or measured once: arrays of float32 in files named by what they were made from.

An entry is found by its name alone, so it is proved before it is used: its length and a digest of its content stand in
its header. That also covers a crash in the middle of writing, and is why nothing here waits for the disk.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vidpipe.files import create, open_regular, refuse_detour, remove_whole, temporary
from vidpipe.media.plain import canonical
from vidpipe.media.versions import ffmpeg_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from vidpipe.media.plain import Json

RECIPE_VERSION = 1
"""To be raised when anything that is cached here comes out differently."""

_HEADER = struct.Struct("<8sQQ32s8x")
_MAGIC = b"vpsound\x01"
_CHUNK = 1 << 20


def key_of(what: str, facts: Json) -> str:
    """Return the name of an entry: a digest of what it is, of all it is made from, and of the code that makes it."""
    named: Json = {"what": what, "recipe": RECIPE_VERSION, "ffmpeg": ffmpeg_version(), "facts": facts}
    return hashlib.sha256(canonical(named)).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An array of float32 in a file: `rows` follow each other in time, the `columns` of each belong together."""

    path: Path
    rows: int
    columns: int

    def read(self, start: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """Return rows `start` to `stop` (the end) as float32 (columns, n), a copy. Raises OSError if they are gone."""
        count = (self.rows if stop is None else stop) - start
        offset = _HEADER.size + 4 * self.columns * start
        values = np.fromfile(self.path, "<f4", count * self.columns, offset=offset)
        if len(values) != count * self.columns:
            raise OSError(f"{self.path}: became shorter while it was read; run again")
        return np.ascontiguousarray(values.reshape(count, self.columns).T)


class Store:
    """The entries in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._found: dict[str, Entry] = {}

    def find(self, key: str, columns: int, rows: int | None) -> Entry | None:
        """Return an entry that is there, whole, and of this form; None where there is none."""
        if key not in self._found:
            entry = _proved(self.folder / key)
            if entry is None or entry.columns != columns or rows not in {None, entry.rows}:
                return None
            self._found[key] = entry
        return self._found[key]

    def get(
        self, key: str, make: Callable[[], Iterable[NDArray[np.float32]]], columns: int = 2, rows: int | None = None
    ) -> Entry:
        """Return an entry, made where it is missing: of blocks (`columns`, n), one after the other, `rows` in all.

        Raises OSError where it cannot be written.
        """
        found = self.find(key, columns, rows)
        if found is not None:
            return found
        refuse_detour(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = temporary(self.folder, key)
        try:
            rows, columns = _write(draft, make())
            refuse_detour(self.folder)
            if (self.folder / key).is_dir():
                remove_whole(self.folder / key)
            draft.replace(self.folder / key)
        finally:
            draft.unlink(missing_ok=True)
        self._found[key] = Entry(self.folder / key, rows, columns)
        return self._found[key]

    def remove_unused(self) -> None:
        """Remove every file that was not asked for since this object was made."""
        refuse_detour(self.folder)
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self._found:
                    remove_whole(path)


def _write(path: Path, blocks: Iterable[NDArray[np.float32]]) -> tuple[int, int]:
    rows, columns, digest = 0, 0, hashlib.sha256()
    with create(path) as file:
        file.write(bytes(_HEADER.size))
        for block in blocks:
            plain = np.ascontiguousarray(block.T, "<f4")
            rows, columns = rows + plain.shape[0], plain.shape[1]
            digest.update(plain.data)
            file.write(plain.data)
        file.seek(0)
        file.write(_HEADER.pack(_MAGIC, rows, columns, _sealed(digest.digest(), rows, columns)))
    return rows, columns


def _sealed(content: bytes, rows: int, columns: int) -> bytes:
    return hashlib.sha256(content + struct.pack("<QQ", rows, columns)).digest()


def _proved(path: Path) -> Entry | None:
    try:
        with open_regular(path) as file:
            magic, rows, columns, seal = _HEADER.unpack(file.read(_HEADER.size))
            if magic != _MAGIC or path.stat().st_size != _HEADER.size + 4 * rows * columns:
                return None
            digest = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                if not np.isfinite(np.frombuffer(chunk, "<f4")).all():
                    return None
    except (OSError, struct.error):
        return None
    return Entry(path, rows, columns) if _sealed(digest.digest(), rows, columns) == seal else None
