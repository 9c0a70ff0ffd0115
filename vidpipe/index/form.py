"""The form of `.vidpipe/index.json`: the verdict on a finished job with everything it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.layout import Layout
from vidpipe.index.evidence import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.index.evidence import StampList

FORMAT = 1
LARGEST = 4 << 20
PLACE = str(Layout(Path()).index)


class DoubtError(Exception):
    """The index does not answer and the engine has to look. Nobody ever reads it."""


@dataclass(frozen=True, slots=True)
class Index:
    """What an index says.

    Paths are relative to the project root, those of `files` (with their stamps) to the job directory. `home` is where
    the project's own settings put its jobs, `settings` its settings file, `output` the film's copy with its stamp.
    `targets` are up to date, `orphans` have their reasons; `cost_usd` is what the job has cost in its life.
    """

    code: str
    spec: str
    directory: str
    home: str
    settings: str | None
    sources: Mapping[str, Source]
    output: tuple[str, StampList] | None
    files: Mapping[str, StampList]
    targets: tuple[str, ...]
    orphans: Mapping[str, tuple[str, ...]]
    film: str
    cost_usd: str

    @classmethod
    def read(cls, job: str) -> Index | None:
        """Return the index of a job directory, None where there is none. Raises DoubtError or OSError."""
        try:
            with open(f"{job}/{PLACE}", "rb") as file:  # noqa: PTH123
                data = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            value = json.loads(data)
            if value.pop("format") != FORMAT:
                raise DoubtError
            index = cls(**value | {"sources": {name: Source(*source) for name, source in value["sources"].items()}})
            Decimal(index.cost_usd)
            names = {*index.targets, *index.orphans, index.film}
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            raise DoubtError from error
        if not index.files.keys() >= names:  # what nobody saw cannot be up to date
            raise DoubtError
        return index

    def to_bytes(self) -> bytes:
        """Return the form on disk."""
        value = {"format": FORMAT} | {part.name: getattr(self, part.name) for part in fields(self)}
        return json.dumps(value, separators=(",", ":")).encode()
