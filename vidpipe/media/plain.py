"""Plain JSON values, as they go to a worker and come back: read with their types checked, and never trusted.

What a worker answers was made by a decoder that read a stranger's file; so answers are data that is looked at here, one
value at a time, and nothing that could run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar, cast

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Object = Mapping[str, Json]

_FRACTION = re.compile(r"-?[0-9]{1,40}(/0*[1-9][0-9]{0,39})?")

_Plain = TypeVar("_Plain", int, str, bool)


def canonical(value: Json) -> bytes:
    """Write a value in the one form that digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def an_object(value: Json) -> Object:
    """Return the mapping that a value has to be. Like its siblings it raises ValueError for anything else."""
    if not isinstance(value, dict):
        raise ValueError(f"a mapping is wanted, not {value!r:.80}")
    return value


def a_list(value: Json) -> Sequence[Json]:
    """Return the list that a value has to be."""
    if not isinstance(value, list | tuple):
        raise ValueError(f"a list is wanted, not {value!r:.80}")
    return value


def _exactly(value: Json, kind: type[_Plain]) -> _Plain:
    if type(value) is not kind:
        raise ValueError(f"{kind.__name__} is wanted, not {value!r:.80}")
    return value


def an_int(value: Json) -> int:
    """Return the whole number that a value has to be."""
    return _exactly(value, int)


def a_float(value: Json) -> float:
    """Return a number as a float. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a number is wanted, not {value!r:.80}")
    return float(value)


def a_text(value: Json) -> str:
    """Return the text that a value has to be."""
    return _exactly(value, str)


def a_bool(value: Json) -> bool:
    """Return the truth value that a value has to be."""
    return _exactly(value, bool)


def a_fraction(value: Json) -> Fraction:
    """Return the fraction that a text such as "1/24" stands for."""
    text = a_text(value)
    if not _FRACTION.fullmatch(text):  # Fraction("1e999999999") would be worked out
        raise ValueError(f"a fraction is wanted, not {text!r:.80}")
    return Fraction(text)


def ints(value: Json) -> tuple[int, ...]:
    """Return a list of whole numbers."""
    found = tuple(a_list(value))
    if set(map(type, found)) - {int}:  # there may be ten thousand of them
        raise ValueError(f"whole numbers are wanted, not {value!r:.80}")
    return cast("tuple[int, ...]", found)
