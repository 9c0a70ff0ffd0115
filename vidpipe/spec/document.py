"""A file of the user as plain values, with the place of each, whatever its format was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from vidpipe.errors import Problem
from vidpipe.words import shown, shown_text

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""The way to a value: `("references", 0, "image")`."""


class Place(NamedTuple):
    """A line and a column of a text file, counted from 1; (0, 0) stands for the whole file."""

    line: int
    column: int


WHOLE_FILE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a value, not yet tied to a file.

    `on_key` means the key itself, not its value. `reads` names the top-level keys that the judgement rests on: where
    one of them is wrong itself, the fault is not worth telling.
    """

    path: KeyPath
    message: str
    on_key: bool = False
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The values of one file; `spoilt` are the paths whose problems are told already."""

    file: str
    values: dict[str, object] = field(default_factory=dict)
    value_places: Mapping[KeyPath, Place] = field(default_factory=dict)
    key_places: Mapping[KeyPath, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    spoilt: frozenset[KeyPath] = frozenset()

    def knows(self, path: KeyPath) -> bool:
        """Tell whether the file names this very path."""
        return path in self.key_places or path in self.value_places

    def holds(self, path: KeyPath) -> bool:
        """Tell whether the file has this value, even where it names no place of its own, as in an inline table."""
        value: object = self.values
        for part in path:
            if not isinstance(value, dict) or part not in value:
                return False
            value = value[part]
        return True

    def problem(self, fault: Fault) -> Problem:
        """Tie a fault to the place of its value, or of the nearest enclosing value that the file names.

        Where that one is a short form, such as `stitch: cut`, it is what the message is about.
        """
        path = fault.path
        while path and not self.knows(path):
            path = path[:-1]
        first, second = (self.key_places, self.value_places)[:: 1 if fault.on_key else -1]
        place = (first.get(path) or second.get(path) or WHOLE_FILE) if path else WHOLE_FILE
        is_short_form = bool(path) and not isinstance(self._value_at(path), dict)
        return Problem(self.file, *place, key_text(path if is_short_form else fault.path), fault.message)

    def _value_at(self, path: KeyPath) -> object:
        value: object = self.values
        for part in path:
            try:
                value = value[part]  # type: ignore[index]
            except (LookupError, TypeError):
                break
        return value

    def is_spoilt(self, path: KeyPath) -> bool:
        """Tell whether a problem of this path, or of one around or inside it, has been told."""
        return any(path[: len(bad)] == bad or bad[: len(path)] == path for bad in self.spoilt)


class DocumentBuilder:
    """Collects what a reader finds on its way through a file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.value_places: dict[KeyPath, Place] = {}
        self.key_places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self.spoilt: set[KeyPath] = set()

    def tell(self, place: Place, path: KeyPath, message: str) -> None:
        """Note a problem and go on reading."""
        self.problems.append(Problem(self.file, *place, key_text(path), message))

    def spoil(self, place: Place, path: KeyPath, message: str) -> None:
        """Note a problem with a value, which then counts for nothing."""
        self.tell(place, path, message)
        self.spoilt.add(path)

    def check_text(self, text: str, place: Place, path: KeyPath) -> None:
        """Spoil a text that no file or terminal could carry."""
        if "\0" in text:
            self.spoil(place, path, "contains a NUL character")
        elif any("\ud800" <= character <= "\udfff" for character in text):
            self.spoil(place, path, "contains half of a surrogate pair: write the character itself")

    def document(self, values: dict[str, object]) -> Document:
        """Return what was collected."""
        return Document(
            self.file, values, self.value_places, self.key_places, tuple(self.problems), frozenset(self.spoilt)
        )


def key_text(path: KeyPath) -> str:
    """Write a path as messages show it: `references[0].image`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shown_text(part)}"
    return text.removeprefix(".")


def place_in(text: str, index: int) -> Place:
    """Return the place of a character by its index."""
    line = text.count("\n", 0, index) + 1
    return Place(line, index - (text.rfind("\n", 0, index) + 1) + 1)


def wrong_top(value: object) -> str:
    """Say that a file's outermost value is no mapping."""
    return f"must be a mapping of keys to values (got {shown(value)})"
