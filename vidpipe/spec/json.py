"""Strict JSON with the place of every value, which the standard library's parser does not keep."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]

from vidpipe.errors import Problem, SpecError
from vidpipe.spec.document import Document, DocumentBuilder, KeyPath, Place, key_text, wrong_top
from vidpipe.words import shown_text

DEEPEST = 20
MOST_VALUES = 5_000
LONGEST_NUMBER = 30

SPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WORD = re.compile(r"[A-Za-z_]+|.?", re.DOTALL)
CONSTANTS = {"true": True, "false": False, "null": None}


def read_json(text: str, file: str) -> Document:
    """Read one JSON object. Raises SpecError where its syntax cannot be followed."""
    return _Reader(text, file).read()


class _Reader:
    """One pass over the text of one file; every method returns the value and the index after it."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.builder = DocumentBuilder(file)
        self.count = 0
        self.line_starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def read(self) -> Document:
        value, end = self._value(self._skip(0), (), 1)
        end = self._skip(end)
        if end < len(self.text):
            raise self._stop(end, (), "nothing may follow the closing brace: is one too many?")
        if not isinstance(value, dict):
            raise self._stop(self._skip(0), (), wrong_top(value))
        return self.builder.document(value)

    def _stop(self, index: int, path: KeyPath, message: str) -> SpecError:
        problem = Problem(self.builder.file, *self._place(index), key_text(path), message)
        return SpecError([*self.builder.problems, problem])

    def _place(self, index: int) -> Place:
        line = bisect_right(self.line_starts, index)
        return Place(line, index - self.line_starts[line - 1] + 1)

    def _skip(self, index: int) -> int:
        match = SPACE.match(self.text, index)
        return match.end() if match else index

    def _value(self, index: int, path: KeyPath, depth: int) -> tuple[object, int]:
        self.count += 1
        if self.count > MOST_VALUES:
            raise self._stop(index, path[:1], f"too many values: a file may hold {MOST_VALUES:,}")
        if depth > DEEPEST:
            raise self._stop(index, path[:1], f"nested too deeply: at most {DEEPEST} levels are read")
        self.builder.value_places.setdefault(path, self._place(index))
        match self.text[index : index + 1]:
            case "{":
                return self._object(index, path, depth)
            case "[":
                return self._array(index, path, depth)
            case '"':
                return self._string(index, path)
            case _:
                return self._bare(index, path)

    def _bare(self, index: int, path: KeyPath) -> tuple[object, int]:
        number = NUMBER.match(self.text, index)
        if number:
            return self._number(number, path), number.end()
        word = WORD.match(self.text, index)
        found = word[0] if word else ""
        if found in CONSTANTS:
            return CONSTANTS[found], index + len(found)
        raise self._stop(index, path, f"a value is missing here{f' (got {shown_text(found)})' if found else ''}")

    def _number(self, match: re.Match[str], path: KeyPath) -> int | float:
        digits = match[0]
        if len(digits) > LONGEST_NUMBER:
            message = f"is a number of {len(digits):,} characters: at most {LONGEST_NUMBER} are read"
            raise self._stop(match.start(), path, message)
        if match[1] is None and match[2] is None:
            return int(digits)
        if not math.isfinite(float(digits)):
            raise self._stop(match.start(), path, f"{digits} is too large a number")
        return float(digits)

    def _string(self, index: int, path: KeyPath) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, index + 1, True)
        except JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                raise self._stop(index, path, "a quote is opened here and never closed") from error
            if error.msg.startswith("Invalid control character"):
                message = "a line break or tab in a text is written \\n or \\t; is a closing quote missing?"
                raise self._stop(error.pos, path, message) from error
            raise self._stop(error.pos, path, "unknown escape in a text: write \\\\ for \\") from error
        self.builder.check_text(text, self._place(index), path)
        return text, end

    def _array(self, index: int, path: KeyPath, depth: int) -> tuple[list[object], int]:
        items: list[object] = []
        index = self._skip(index + 1)
        if self.text[index : index + 1] == "]":
            return items, index + 1
        while True:
            value, end = self._value(index, (*path, len(items)), depth + 1)
            items.append(value)
            index, is_last = self._separator(end, "]", path)
            if is_last:
                return items, index

    def _object(self, index: int, path: KeyPath, depth: int) -> tuple[dict[str, object], int]:
        items: dict[str, object] = {}
        index = self._skip(index + 1)
        if self.text[index : index + 1] == "}":
            return items, index + 1
        while True:
            key, colon = self._key(index, path)
            is_new = key not in items
            if is_new:
                self.builder.key_places[*path, key] = self._place(index)
            else:
                line = self.builder.key_places[*path, key].line
                self.builder.tell(self._place(index), (*path, key), f"is named twice: the first time in line {line}")
            value, end = self._value(self._skip(colon), (*path, key), depth + 1)
            if is_new:
                items[key] = value
            index, is_last = self._separator(end, "}", path)
            if is_last:
                return items, index

    def _key(self, index: int, path: KeyPath) -> tuple[str, int]:
        """Read a key and its colon."""
        if self.text[index : index + 1] != '"':
            raise self._stop(index, path, "a key in double quotes is missing here")
        key, end = self._string(index, path)
        colon = self._skip(end)
        if self.text[colon : colon + 1] != ":":
            raise self._stop(colon, (*path, key), "a colon is missing after the key")
        return key, colon + 1

    def _separator(self, end: int, closing: str, path: KeyPath) -> tuple[int, bool]:
        """Read what follows an item; return the index after it and whether it closed the object or array."""
        index = self._skip(end)
        found = self.text[index : index + 1]
        if found == closing:
            return index + 1, True
        if found != ",":
            raise self._stop(end, path, f"a comma or {closing} is missing here")
        following = self._skip(index + 1)
        if self.text[following : following + 1] == closing:
            raise self._stop(index, path, f"a comma too many: {closing} follows")
        return following, False
