"""What a power loss can leave of the files of a run: what was synced, and of the rest more or less."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crash.steady import Books, Taken

FOLDER = -1
"""Stands for a folder where a file would have the number of its inode."""
ROOT = ""
Names = dict[str, dict[str, int]]
"""Names by folder, with inodes; paths are relative to the project."""
Image = dict[str, bytes | None]
"""Files with their bytes, and folders (None), by path."""
Tail = Literal["none", "half", "zeros", "all"]


@dataclass(frozen=True, slots=True)
class Moment:
    """The disk just before an operation, and how much the vendor had taken in by then."""

    operation: str
    names: Names
    contents: dict[int, bytes]
    synced_names: Names
    synced: dict[int, bytes]
    taken: Taken

    def image(self, kind: str) -> Image:
        """Return what a power loss leaves at this moment (`KINDS`)."""
        return KINDS[kind](self)

    def kept(self) -> Image:
        """Return what is left if only the process ends."""
        return _left(self, lambda _: True, lambda _: "all")


@dataclass(frozen=True, slots=True)
class Trace:
    """A run from one moment to the next, and the vendor's books after it."""

    moments: list[Moment]
    books: Books

    def books_at(self, moment: Moment) -> Books:
        """Return the vendor's books as they were at a moment."""
        accepted, operations = self.books
        return accepted[: moment.taken[0]], operations[: moment.taken[1]]

    def images(self, kind: str) -> Iterator[tuple[Moment, Image]]:
        """Yield the images of one kind that differ in more than what a run removes, or appends to, without reading."""
        seen = set()
        for moment in self.moments:
            image = moment.image(kind)
            known = (_essence(image), moment.taken)
            if known not in seen:
                seen.add(known)
                yield moment, image


def _essence(image: Image) -> frozenset[tuple[str, bytes | None]]:
    """Return what of an image a run reads: no lock, no log, and only those drafts of which a pending record speaks."""
    pending = b"".join(data or b"" for place, data in image.items() if "/.vidpipe/pending/" in place)
    return frozenset(
        (place, data)
        for place, data in image.items()
        if not in_passing(place) or ("/.vidpipe/tmp/" in place and place.rpartition("/")[2].encode() in pending)
    )


def in_passing(place: str) -> bool:
    """Whether a file is one that the next run removes unread (a draft), or does not read at all."""
    return "/.vidpipe/tmp/" in place or place.endswith(("/.vidpipe/log.jsonl", "/.vidpipe/lock"))


def each(names: Names) -> Iterator[tuple[str, str, int]]:
    for folder, found in names.items():
        for name, inode in found.items():
            yield folder, name, inode


def _left(moment: Moment, survive: Callable[[str], bool], tail: Callable[[int], Tail]) -> Image:
    """Return an image: whether the unsynced names of a folder survive, and how much of a file's unsynced content."""
    names = {
        folder: (moment.names if survive(folder) and folder in moment.names else moment.synced_names).get(folder, {})
        for folder in moment.names.keys() | moment.synced_names.keys()
    }
    kept = {inode for _, _, inode in each(names)}
    sure = {inode for _, _, inode in each(moment.synced_names)}
    for folder, name, inode in each(moment.names):  # moved, not removed
        if inode in sure - kept:
            names[folder] = {**names[folder], name: inode}
    image: Image = {}
    folders = [ROOT]
    for folder in folders:
        for name, inode in names.get(folder, {}).items():
            place = f"{folder}/{name}" if folder else name
            if inode == FOLDER:
                folders.append(place)
            image[place] = None if inode == FOLDER else _content(moment, inode, tail(inode))
    return image


def _content(moment: Moment, inode: int, tail: Tail) -> bytes:
    synced = moment.synced.get(inode, b"")
    now = moment.contents.get(inode, synced)
    kept = synced if now.startswith(synced) else b""
    rest = now[len(kept) :]
    if not rest or tail == "none":
        return synced
    return {"half": kept + rest[: len(rest) // 2], "zeros": kept + bytes(len(rest)), "all": now}[tail]


def _mixed(moment: Moment) -> Image:
    """Let a coin fall for every folder and every file."""

    def coin(what: object) -> int:
        return zlib.crc32(f"{moment.operation} {what}".encode())

    tails: list[Tail] = ["none", "half", "zeros", "all"]
    order = {inode: number for number, (_, _, inode) in enumerate(each(moment.names))}
    return _left(moment, lambda folder: coin(folder) % 2 == 0, lambda inode: tails[coin(order.get(inode)) % 4])


KINDS: dict[str, Callable[[Moment], Image]] = {
    "nothing unsynced is left": lambda moment: _left(moment, lambda _: False, lambda _: "none"),
    "names are left": lambda moment: _left(moment, lambda _: True, lambda _: "none"),
    "names and halves are left": lambda moment: _left(moment, lambda _: True, lambda _: "half"),
    "names and zeros are left": lambda moment: _left(moment, lambda _: True, lambda _: "zeros"),
    "some of it is left": _mixed,
}
