"""Fonts for tests: Pillow's own with another table of letters, so that a font can have any letter and draw it."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterable

Tables = dict[bytes, bytes]


def embedded() -> bytes:
    """Return the font file that Pillow carries."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert isinstance(font.path, BytesIO)
    return font.path.getvalue()


def tables_of(font: bytes) -> Tables:
    (count,) = struct.unpack_from(">H", font, 4)
    entries = struct.iter_unpack(">4sLLL", font[12 : 12 + 16 * count])
    return {tag: font[place : place + length] for tag, _, place, length in entries}


def font_of(tables: Tables, base: int = 0) -> bytes:
    """Return a font file of these tables; `base` is where it will lie in a collection."""
    head = struct.pack(">4sHHHH", b"\x00\x01\x00\x00" if b"glyf" in tables else b"OTTO", len(tables), 0, 0, 0)
    place = base + 12 + 16 * len(tables)
    directory, data = b"", b""
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sLLL", tag, 0, place + len(data), len(table))
        data += table + b"\x00" * (-len(table) % 4)
    return head + directory + data


def with_letters(letters: Iterable[str], family: str = "Test Sans") -> Tables:
    """Return the tables of a font that has exactly these letters, all drawn alike, in a table of format 12."""
    groups = b"".join(struct.pack(">LLL", ord(letter), ord(letter), 40) for letter in sorted(set(letters)))
    form12 = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups
    cmap = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + form12
    name = family.encode("utf-16-be")
    names = struct.pack(">HHH6H", 0, 1, 18, 3, 1, 0x409, 1, len(name), 0) + name
    return tables_of(embedded()) | {b"cmap": cmap, b"name": names}


def collection(*fonts: Tables) -> bytes:
    """Return a font collection."""
    head = 12 + 4 * len(fonts)
    body, offsets = b"", []
    for tables in fonts:
        offsets.append(head + len(body))
        body += font_of(tables, head + len(body))
    return struct.pack(f">4sLL{len(fonts)}L", b"ttcf", 0x10000, len(fonts), *offsets) + body
