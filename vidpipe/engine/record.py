"""The record: what vidpipe remembers of a target it made or adopted, one JSON file per target, written last."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from vidpipe.engine.fingerprint import Fingerprint, Json
from vidpipe.engine.layout import is_target_name
from vidpipe.errors import BrokenFileError, UnreadableFileError
from vidpipe.files import NO_FILE, open_regular
from vidpipe.place import shown_path
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vidpipe.files import Stamp

Origin = Literal["vidpipe", "user"]
RECORD_LIMIT = 4 << 20
LONGEST_AMOUNT = 60
MOST_DOLLARS = 10**9
MOST_TAKES = 10**9
"""A take's number is part of a file's name, and the next one is one more."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One take of a target.

    `take` numbers the takes of a job in the order they came; `digest` is the hex sha256 of the output (of the canonical
    content, for a storyboard); `cost` is what was paid for this take in USD; `stamp` is the file's when it was recorded
    and lets an unchanged file go unread; `recorded_ns` is the wall clock then.
    """

    target: str
    digest: str
    take: int
    origin: Origin
    fingerprint: Fingerprint
    cost: Decimal = Decimal(0)
    provenance: Mapping[str, Json] = field(default_factory=dict)
    stamp: Stamp | None = None
    recorded_ns: int = 0

    def at(self, target: str, take: int) -> Record:
        """Return this record as a new take of another target (or the same)."""
        return replace(self, target=target, take=take, stamp=None, recorded_ns=0)

    def to_json(self) -> dict[str, Json]:
        """Return the form on disk."""
        return {
            "target": self.target,
            "digest": self.digest,
            "take": self.take,
            "origin": self.origin,
            "cost_usd": str(self.cost),
            "fingerprint": self.fingerprint.to_json(),
            "provenance": dict(self.provenance),
            "stamp": list(self.stamp) if self.stamp else None,
            "recorded_ns": self.recorded_ns,
        }


def dump(value: Mapping[str, Json]) -> bytes:
    """Return the bytes of one of vidpipe's own JSON files."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "backslashreplace")


def load_json(path: Path) -> dict[str, object] | None:
    """Read one of vidpipe's own JSON files; None where there is none.

    Raises BrokenFileError: UnreadableFileError where the system cannot read it.
    """
    try:
        with open_regular(path) as file:
            data = file.read(RECORD_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        kind = BrokenFileError if error.errno in NO_FILE else UnreadableFileError
        raise kind(f"{shown_path(path)}: {error.strerror}") from error
    try:
        if len(data) > RECORD_LIMIT:
            raise ValueError("too large")
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(value, dict):
        raise _unreadable(path, "not an object")
    return value


def _unreadable(path: Path, why: object) -> BrokenFileError:
    return BrokenFileError(f"{shown_path(path)}: not readable as a record of vidpipe ({why}); remove it to go on")


def read_record(path: Path) -> Record | None:
    """Read a record; None where there is none. Raises BrokenFileError where it cannot be understood."""
    value = load_json(path)
    return None if value is None else record_from(value, path)


def record_from(value: Mapping[str, object], path: Path) -> Record:
    """Make a record of its form on disk. Raises BrokenFileError that names `path`."""
    try:
        return _record(value)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        said = f"{type(error).__name__}: {error}"
        raise _unreadable(path, said) from error


def fingerprint_from(value: object) -> Fingerprint:
    """Make a fingerprint of its form on disk. Raises KeyError or TypeError."""
    parts = _typed(value, dict)
    return Fingerprint(_typed(parts["user"], dict), _typed(parts["own"], dict))


def _record(value: Mapping[str, object]) -> Record:
    stamp = value.get("stamp")
    digest = _typed(value["digest"], str)
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):  # it names a file of the archive
        raise ValueError("digest is not a sha256")
    target = _typed(value["target"], str)
    if not is_target_name(target):  # so does this
        raise ValueError(f"{target!r} is no target")
    if value["origin"] not in get_args(Origin):  # what is a person's must not be overwritten by mistake
        raise ValueError(f"unknown origin {value['origin']!r}")
    return Record(
        target=target,
        digest=digest,
        take=count_from(value["take"], 1),
        origin="user" if value["origin"] == "user" else "vidpipe",
        fingerprint=fingerprint_from(value["fingerprint"]),
        cost=dollars_from(value["cost_usd"]),
        provenance=_typed(value["provenance"], dict),
        stamp=_stamp(stamp) if isinstance(stamp, list) else None,
        recorded_ns=_typed(value.get("recorded_ns", 0), int),
    )


def dollars_from(value: object) -> Decimal:
    """Read an amount of money that something cost. Raises TypeError, ValueError or InvalidOperation."""
    text = _typed(value, str)
    amount = Decimal(text[:LONGEST_AMOUNT])
    if len(text) > LONGEST_AMOUNT or not amount.is_finite() or not 0 <= amount < MOST_DOLLARS:
        raise ValueError(f"{shown_text(text)} is no price")
    return amount


def count_from(value: object, least: int = 0) -> int:
    """Read the number of a take or of a request. Raises TypeError or ValueError."""
    if isinstance(value, bool):
        raise TypeError("a number wanted, true or false found")
    number = _typed(value, int)
    if not least <= number <= MOST_TAKES:
        raise ValueError(f"a number from {least} to {MOST_TAKES:,} wanted")
    return number


def _typed(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} wanted, {type(value).__name__} found")
    return value


def _stamp(value: list[object]) -> Stamp:
    size, mtime, ctime, inode = (_typed(part, int) for part in value)
    return (size, mtime, ctime, inode)
