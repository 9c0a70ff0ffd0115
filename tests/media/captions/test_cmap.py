"""Which letters a font has is read from its file, and agrees with what is drawn."""

from __future__ import annotations

import struct
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.captions.typefaces import collection, embedded, font_of, tables_of, with_letters
from vidpipe.media.captions.cmap import NotAFontError, faces
from vidpipe.media.lettering import has_glyph

EMBEDDED = embedded()


def test_the_letters_of_pillows_own_font_are_those_that_it_draws() -> None:
    (face,) = faces(BytesIO(EMBEDDED))
    for code in (*range(33, 127), *range(161, 1200), *range(0x2000, 0x2100), 0x20AC):
        if chr(code).isprintable() and not chr(code).isspace():
            assert (chr(code) in face.coverage) == has_glyph(chr(code)), hex(code)


def test_a_font_says_what_it_is() -> None:
    (face,) = faces(BytesIO(EMBEDDED))
    assert (face.family, face.weight, face.italic, face.fixed) == ("Aileron", 400, False, False)


def test_a_table_of_format_12_reaches_beyond_sixteen_bits() -> None:
    (face,) = faces(BytesIO(font_of(with_letters("aж猫𝄞"))))
    assert all(letter in face.coverage for letter in "aж猫𝄞")
    assert not any(letter in face.coverage for letter in "bзд𝄟\U0010ffff\x00")


def test_a_letter_that_stands_for_the_missing_glyph_is_missing() -> None:
    group = struct.pack(">HHLLLLLL", 12, 0, 28, 0, 1, ord("a"), ord("c"), 0)
    tables = with_letters("x") | {b"cmap": struct.pack(">HHHHL", 0, 1, 3, 10, 12) + group}
    (face,) = faces(BytesIO(font_of(tables)))
    assert [letter in face.coverage for letter in "abc"] == [False, True, True]


def test_a_table_of_format_4_tells_missing_glyphs_by_difference_and_by_list() -> None:
    lists = struct.pack(">3H", 7, 0, 9)  # the glyphs of k, l and m
    segments = [("a", "c", -ord("a"), 0), ("k", "m", 0, 4), ("\uffff", "\uffff", 1, 0)]
    columns = [[ord(row[1]) for row in segments], [ord(row[0]) for row in segments]]
    columns += [[row[2] & 0xFFFF for row in segments], [row[3] for row in segments]]
    ends, *others = (struct.pack(">3H", *column) for column in columns)
    body = ends + b"\0\0" + b"".join(others) + lists
    form4 = struct.pack(">7H", 4, 14 + len(body), 0, 6, 4, 1, 2) + body
    tables = with_letters("x") | {b"cmap": struct.pack(">HHHHL", 0, 1, 3, 1, 12) + form4}
    (face,) = faces(BytesIO(font_of(tables)))
    assert [letter for letter in "abcdjklmn\uffff" if letter in face.coverage] == ["b", "c", "k", "m"]


def test_every_face_of_a_collection_is_read() -> None:
    found = faces(BytesIO(collection(with_letters("a", "Test JP"), with_letters("b", "Test SC"))))
    assert [(face.index, face.family, "a" in face.coverage) for face in found] == [
        (0, "Test JP", True),
        (1, "Test SC", False),
    ]


def test_a_font_of_bitmaps_alone_is_left_out() -> None:
    tables = {tag: table for tag, table in with_letters("a").items() if tag not in {b"glyf", b"CFF "}}
    assert faces(BytesIO(font_of(tables))) == []


@pytest.mark.parametrize("data", [b"", b"<html>", EMBEDDED[:500], b"ttcf" + b"\xff" * 8, b"OTTO\xff\xff" + b"\0" * 90])
def test_what_is_no_font_is_told_apart(data: bytes) -> None:
    with pytest.raises(NotAFontError):
        faces(BytesIO(data))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_font_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    font = bytearray(font_of({tag: table for tag, table in tables_of(EMBEDDED).items() if len(table) < 5000}))
    for _ in range(data.draw(st.integers(1, 8))):
        font[data.draw(st.integers(0, len(font) - 1))] = data.draw(st.integers(0, 255))
    with suppress(NotAFontError):
        faces(BytesIO(bytes(font)))
