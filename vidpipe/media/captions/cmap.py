"""Read from a font file which letters it has, and what it calls itself: only the tables that tell (ISO/IEC 14496-22).

Tables are read by themselves, because a font of all Han letters has twenty megabytes.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LARGEST_TABLE = 8 << 20
_MOST_FACES = 64
_COLLECTION, _OUTLINES = b"ttcf", (b"glyf", b"CFF ", b"CFF2")
_ENCODINGS = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
"""Unicode encodings (platform, encoding), the full ones first."""


class NotAFontError(ValueError):
    """A file that is no font whose letters can be told."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points of a face, as ranges `starts[i]` to `stops[i]`, the stops not included."""

    starts: tuple[int, ...]
    stops: tuple[int, ...]

    def __contains__(self, character: str) -> bool:
        place = bisect_right(self.starts, ord(character)) - 1
        return place >= 0 and ord(character) < self.stops[place]


@dataclass(frozen=True, slots=True)
class FaceFacts:
    """What a font file tells about one of its faces; `weight` is 400 for regular, 700 for bold."""

    index: int
    family: str
    weight: int
    italic: bool
    fixed: bool
    coverage: Coverage


def faces(file: BinaryIO) -> list[FaceFacts]:
    """Return the faces of a font file that have outlines and a Unicode table. Raises NotAFontError or OSError."""
    try:
        found = [_face(file, index, offset) for index, offset in enumerate(_offsets(file))]
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise NotAFontError("a damaged font") from error
    return [face for face in found if face is not None]


def _offsets(file: BinaryIO) -> list[int]:
    head = _read(file, 0, 12)
    if head[:4] in {b"\x00\x01\x00\x00", b"OTTO", b"true"}:
        return [0]
    if head[:4] != _COLLECTION:
        raise NotAFontError("neither TrueType nor OpenType")
    (count,) = struct.unpack_from(">L", head, 8)
    if count > _MOST_FACES:
        raise NotAFontError("too many faces")
    return list(struct.unpack(f">{count}L", _read(file, 12, 4 * count)))


def _face(file: BinaryIO, index: int, offset: int) -> FaceFacts | None:
    (count,) = struct.unpack_from(">H", _read(file, offset, 12), 4)
    entries = struct.iter_unpack(">4sLLL", _read(file, offset + 12, 16 * count))
    tables = {tag: (place, length) for tag, _, place, length in entries}
    if b"cmap" not in tables or not any(tag in tables for tag in _OUTLINES):
        return None
    coverage = _coverage(_table(file, tables, b"cmap"))
    os2, post = _table(file, tables, b"OS/2"), _table(file, tables, b"post")
    return FaceFacts(
        index=index,
        family=_family(_table(file, tables, b"name")),
        weight=struct.unpack_from(">H", os2, 4)[0] if len(os2) >= 64 else 400,
        italic=bool(struct.unpack_from(">H", os2, 62)[0] & 0x201) if len(os2) >= 64 else False,
        fixed=bool(struct.unpack_from(">L", post, 12)[0]) if len(post) >= 16 else False,
        coverage=coverage,
    )


def _table(file: BinaryIO, tables: dict[bytes, tuple[int, int]], tag: bytes) -> bytes:
    return _read(file, *tables[tag]) if tag in tables else b""


def _read(file: BinaryIO, place: int, length: int) -> bytes:
    if length > _LARGEST_TABLE:
        raise NotAFontError("a table too large")
    file.seek(place)
    data = file.read(length)
    if len(data) < length:
        raise NotAFontError("a font cut short")
    return data


def _family(name: bytes) -> str:
    """Return the family's name (name ID 16, else 1) in English or in whatever comes first."""
    if not name:
        return ""
    count, storage = struct.unpack_from(">HH", name, 2)
    best: tuple[tuple[bool, bool], str] | None = None
    for record in range(count):
        platform, _, language, kind, length, offset = struct.unpack_from(">6H", name, 6 + 12 * record)
        if platform not in {0, 3} or kind not in {1, 16}:
            continue
        rank = (language not in {0, 0x409}, kind != 16)
        if best is None or rank < best[0]:
            best = (rank, name[storage + offset : storage + offset + length].decode("utf-16-be"))
    return best[1] if best else ""


def _coverage(cmap: bytes) -> Coverage:
    (count,) = struct.unpack_from(">H", cmap, 2)
    records = [struct.unpack_from(">HHL", cmap, 4 + 8 * record) for record in range(count)]
    subtables = {(platform, encoding): offset for platform, encoding, offset in records}
    for encoding in _ENCODINGS:
        if encoding not in subtables:
            continue
        offset = subtables[encoding]
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form in {4, 12}:
            return _merged(_segments(cmap, offset) if form == 4 else _groups(cmap, offset))
    return Coverage((), ())


def _groups(cmap: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a subtable of format 12; glyph 0 stands for "missing" everywhere."""
    (count,) = struct.unpack_from(">L", cmap, offset + 12)
    for start, last, glyph in struct.iter_unpack(">LLL", cmap[offset + 16 : offset + 16 + 12 * count]):
        yield (start + (glyph == 0), last + 1)


def _segments(cmap: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a subtable of format 4."""
    (double,) = struct.unpack_from(">H", cmap, offset + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", cmap, offset + 14)
    starts = struct.unpack_from(f">{count}H", cmap, offset + 16 + double)
    deltas = struct.unpack_from(f">{count}H", cmap, offset + 16 + 2 * double)
    ranges_at = offset + 16 + 3 * double
    ranges = struct.unpack_from(f">{count}H", cmap, ranges_at)
    for place, (start, last, delta, reach) in enumerate(zip(starts, lasts, deltas, ranges, strict=True)):
        for code in range(start, min(last, 0xFFFE) + 1):
            if reach:
                at = ranges_at + 2 * place + reach + 2 * (code - start)
                glyph = struct.unpack_from(">H", cmap, at)[0] if at + 2 <= len(cmap) else 0
            else:
                glyph = code + delta & 0xFFFF
            if glyph:
                yield code, code + 1


def _merged(ranges: Iterable[tuple[int, int]]) -> Coverage:
    starts: list[int] = []
    stops: list[int] = []
    for start, stop in sorted(found for found in ranges if found[0] < found[1]):
        if stops and start <= stops[-1]:
            stops[-1] = max(stops[-1], stop)
        else:
            starts.append(start)
            stops.append(stop)
    return Coverage(tuple(starts), tuple(stops))
