"""TOML by the standard library's parser, with the places of its keys found again in the text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

from vidpipe.errors import Problem, SpecError
from vidpipe.spec.document import WHOLE_FILE, Document, DocumentBuilder, KeyPath, Place, place_in

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 20
TOO_DEEP = f"nested too deeply: at most {DEEPEST} levels are read"
MOST_DIGITS = 30
TOO_LARGE = f"is too large a number: at most {MOST_DIGITS} digits are read"

PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
KEY = rf"{PART}(?:\s*\.\s*{PART})*"
BEYOND_INT = re.compile(r"(?<![\w.+-])[+-]?[0-9][0-9_]{600,}")
"""What may be a number of more digits than Python reads; its parser does not tell the place of one."""
HEADER = re.compile(rf"\s*(?P<item>\[)?\[\s*(?P<key>{KEY})\s*\](?(item)\])\s*(?:#.*)?")
ENTRY = re.compile(rf"\s*(?P<key>{KEY})\s*=\s*(?P<value>.*)")
WHERE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)


def read_toml(text: str, file: str) -> Document:
    """Read one TOML document. Raises SpecError where its syntax cannot be followed."""
    places = list(_places(text))
    too_deep = next((place for path, place, _ in places if len(path) > DEEPEST), None)
    if too_deep:  # the parser takes quadratic time over such keys
        raise SpecError([Problem(file, *too_deep, "", TOO_DEEP)])
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise SpecError([Problem(file, 0, 0, "", TOO_DEEP)]) from error
    except tomllib.TOMLDecodeError as error:
        raise SpecError([_syntax_problem(str(error), file)]) from error
    except ValueError as error:  # Python's own limit for the digits of a number
        digits = BEYOND_INT.search(text)
        place = place_in(text, digits.start()) if digits else WHOLE_FILE
        raise SpecError([Problem(file, *place, "", TOO_LARGE)]) from error
    builder = DocumentBuilder(file)
    for path, key_place, value_place in places:
        for length in range(1, len(path) + 1):
            builder.key_places.setdefault(path[:length], key_place)
        builder.value_places.setdefault(path, value_place)
    return builder.document({key: _checked(builder, value, (key,)) for key, value in values.items()})


def _syntax_problem(message: str, file: str) -> Problem:
    match = WHERE.fullmatch(message)
    what = match["what"] if match else message
    line, column = (int(match["line"] or 0), int(match["column"] or 0)) if match else (0, 0)
    return Problem(file, line, column, "", f"is not valid TOML: {what[:1].lower()}{what[1:]}")


def _places(text: str) -> Iterator[tuple[KeyPath, Place, Place]]:
    """Find tables and keys line by line; what stands inside a value of several lines is passed over."""
    table: KeyPath = ()
    items: Counter[KeyPath] = Counter()
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):  # as the parser counts: no other character breaks a line
        if closing:
            closing = "" if closing in line else closing
            continue
        header = HEADER.fullmatch(line)
        if header:
            table = _table(_parts(header["key"]), items, is_new=header["item"] is not None)
            place = Place(number, header.start("key") + 1)
            yield table, place, place
            continue
        entry = ENTRY.fullmatch(line)
        if entry:
            path = (*table, *_parts(entry["key"]))
            yield path, Place(number, entry.start("key") + 1), Place(number, entry.start("value") + 1)
            opening = entry["value"][:3]
            closing = opening if opening in {'"""', "'''"} and opening not in entry["value"][3:] else ""


def _table(parts: KeyPath, items: Counter[KeyPath], *, is_new: bool) -> KeyPath:
    """Return the path of a table; a table of a list is the list's next one, or the last one that was begun."""
    path: KeyPath = ()
    for number, part in enumerate(parts, 1):
        path = (*path, part)
        if is_new and number == len(parts):
            items[path] += 1
        if items[path]:
            path = (*path, items[path] - 1)
    return path


def _parts(key: str) -> KeyPath:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(PART, key))


def _checked(builder: DocumentBuilder, value: object, path: KeyPath) -> object:
    """Return a value; refuse what is too deep or too large to be meant, and texts that no file could carry."""
    known = (builder.value_places.get(path[:length]) for length in range(len(path), 0, -1))
    place = next(filter(None, known), WHOLE_FILE)
    if len(path) > DEEPEST:
        raise SpecError([Problem(builder.file, *place, str(path[0]), TOO_DEEP)])
    if isinstance(value, dict):
        return {key: _checked(builder, inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_checked(builder, inner, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, str):
        builder.check_text(value, place, path)
    elif isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
        builder.spoil(place, path, TOO_LARGE)
        return None
    return value
