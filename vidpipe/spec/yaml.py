"""YAML read from PyYAML's pure-Python events: plain values with places, and none of YAML's surprises.

The C loader crashes on deep nesting and PyYAML's constructors build whatever a tag asks for; neither is used. Events
arrive one by one, so a hostile file is left as soon as it goes too deep or grows too many values.
"""

from __future__ import annotations

from typing import cast

from yaml import events as yaml_events
from yaml.error import MarkedYAMLError
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from vidpipe.errors import Problem, SpecError
from vidpipe.spec.document import WHOLE_FILE, Document, DocumentBuilder, KeyPath, Place, key_text, place_in, wrong_top
from vidpipe.spec.scalars import plain_scalar
from vidpipe.spec.yaml_errors import syntax_problem
from vidpipe.words import shown_text

DEEPEST = 20
MOST_VALUES = 5_000
YAML_1_2 = (1, 2)
OLD_BREAKS = "\x85\u2028\u2029"
"""They break lines in YAML 1.1 only: https://yaml.org/spec/1.2.2/#54-line-break-characters"""
PRIVATE = range(0xE000, 0xF900)
"""Characters without a meaning, which stand wherever those above may."""


class _Events(Reader, Scanner, Parser):
    """PyYAML's reader, scanner and parser without its composer and constructor.

    PyYAML breaks lines at characters that are text like any other in YAML 1.2. Each is read as a private character that
    the text itself does not hold; `meant` puts them back.
    """

    def __init__(self, text: str) -> None:
        there = [character for character in OLD_BREAKS if character in text]
        unused = (chr(number) for number in PRIVATE if chr(number) not in text)
        stand_ins = list(zip(there, unused, strict=False))
        self.meant = {ord(stand_in): character for character, stand_in in stand_ins}
        for character, stand_in in stand_ins:
            text = text.replace(character, stand_in)
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def read_yaml(text: str, file: str) -> Document:
    """Read one YAML document whose top is a mapping. Raises SpecError where its syntax cannot be followed."""
    reader = _Reader(file)
    try:
        parser = _Events(text)
    except ReaderError as error:
        message = f"contains a character that YAML does not allow (U+{error.character:04X}): remove it"
        raise SpecError([Problem(file, *place_in(text, error.position), "", message)]) from error
    try:
        values = reader.read(parser)
    except MarkedYAMLError as error:
        place, message = syntax_problem(error)
        raise reader.stop(place, (), message) from error
    except (ValueError, OverflowError) as error:  # PyYAML's own int() and chr() of what a file says
        place = Place(parser.line + 1, parser.column + 1)
        raise reader.stop(place, (), "a number or an escape that no YAML reader could mean") from error
    return reader.builder.document(values)


class _Reader:
    """One pass over the events of one file."""

    def __init__(self, file: str) -> None:
        self.builder = DocumentBuilder(file)
        self.count = 0

    def stop(self, place: Place, path: KeyPath, message: str) -> SpecError:
        """Return the error that ends the reading, with everything told so far."""
        told = self.builder.problems
        return SpecError([*told, Problem(self.builder.file, *place, key_text(path), message)])

    def read(self, parser: _Events) -> dict[str, object]:
        self.parser = parser
        self._next()  # stream start
        start = self._next()
        if isinstance(start, yaml_events.StreamEndEvent):
            raise self.stop(WHOLE_FILE, (), "is empty")
        self._check_directives(start)
        first = self._next()
        value = self._value(first, (), 1)
        self._next()  # document end
        after = self._next()
        if not isinstance(after, yaml_events.StreamEndEvent):
            raise self.stop(_place(after), (), "a second document starts here: one file holds one document")
        if not isinstance(value, dict):
            message = "is empty" if value is None and not self.builder.problems else wrong_top(value)
            raise self.stop(_place(first), (), message)
        return value

    def _next(self) -> yaml_events.Event:
        event = cast("yaml_events.Event", self.parser.get_event())  # type: ignore[no-untyped-call]
        if self.parser.meant and isinstance(event, yaml_events.ScalarEvent):
            event.value = event.value.translate(self.parser.meant)
        return event

    def _check_directives(self, start: yaml_events.Event) -> None:
        version, tags = getattr(start, "version", None), getattr(start, "tags", None)
        if version not in {None, YAML_1_2}:
            self.builder.tell(_place(start), (), "files are read as YAML 1.2: remove the %YAML line")
        if tags:
            self.builder.tell(_place(start), (), "tags are not allowed: remove the %TAG line")

    def _value(self, event: yaml_events.Event, path: KeyPath, depth: int) -> object:
        place = _place(event)
        self.count += 1
        if self.count > MOST_VALUES:
            raise self.stop(place, path[:1], f"too many values: a file may hold {MOST_VALUES:,}")
        if isinstance(event, yaml_events.AliasEvent):
            name = shown_text(str(event.anchor))
            self.builder.spoil(place, path, f"aliases are not allowed (*{name}): write the value out, or quote it")
            return None
        self.builder.value_places.setdefault(path, place)
        self._check_properties(event, place, path)
        if isinstance(event, yaml_events.ScalarEvent):
            return self._scalar(event, place, path)
        if depth > DEEPEST:
            raise self.stop(place, path[:1], f"nested too deeply: at most {DEEPEST} levels are read")
        if isinstance(event, yaml_events.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._mapping(path, depth)

    def _check_properties(self, event: yaml_events.Event, place: Place, path: KeyPath) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            message = f"anchors are not allowed (&{shown_text(anchor)}): remove it, or quote the text"
            self.builder.spoil(place, path, message)
        if tag is not None:
            self.builder.spoil(place, path, "tags are not allowed (!): remove it, or quote the text")

    def _scalar(self, event: yaml_events.ScalarEvent, place: Place, path: KeyPath) -> object:
        text = event.value
        self.builder.check_text(text, place, path)
        if event.style:
            return text
        try:
            return plain_scalar(text)
        except ValueError as error:
            self.builder.spoil(place, path, str(error))
            return None

    def _sequence(self, path: KeyPath, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml_events.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: KeyPath, depth: int) -> dict[str, object]:
        items: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml_events.MappingEndEvent):
            key = self._key(event, path)
            is_new = key not in items
            if is_new:
                self.builder.key_places[*path, key] = _place(event)
            else:
                line = self.builder.key_places[*path, key].line
                message = f"is named twice: the first time in line {line}"
                self.builder.tell(_place(event), (*path, key), message)
            value = self._value(self._next(), (*path, key), depth + 1)
            if is_new:
                items[key] = value
        return items

    def _key(self, event: yaml_events.Event, path: KeyPath) -> str:
        place = _place(event)
        if isinstance(event, yaml_events.AliasEvent):
            raise self.stop(
                place, path, f"aliases are not allowed (*{shown_text(str(event.anchor))}): write the key out"
            )
        if not isinstance(event, yaml_events.ScalarEvent):
            raise self.stop(place, path, "a key must be plain text: is a line break, a quote or a bracket missing?")
        key = event.value
        self._check_properties(event, place, (*path, key))
        if key == "<<" and not event.style:
            self.builder.spoil(place, (*path, key), "merge keys are not allowed: write the keys out")
        return key


def _place(event: yaml_events.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else WHOLE_FILE
