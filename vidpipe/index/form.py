"""The form of `.vidpipe/index.json`: the verdict on a finished job with everything it rests on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidpipe.engine.layout import PRIVATE, Layout
from vidpipe.files import open_regular
from vidpipe.index.evidence import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.index.evidence import StampList

FORMAT = 2
LARGEST = 4 << 20
PLACE = str(Layout(Path()).index)


class DoubtError(Exception):
    """The index does not answer and the engine has to look. Nobody ever reads it."""


@dataclass(frozen=True, slots=True)
class Index:
    """What an index says.

    Paths are relative to the project root, those of `files` (with their stamps) to the job directory. `home` is where
    the project's own settings put its jobs, `settings` its settings file, `outputs` the copies of the film and of its
    captions with their stamps, None where there is no such file. `targets` are up to date, `orphans` have their
    reasons; `cost_usd` is what the job has cost in its life.
    """

    code: str
    spec: str
    directory: str
    home: str
    settings: str | None
    sources: Mapping[str, Source]
    outputs: Mapping[str, StampList | None]
    files: Mapping[str, StampList]
    targets: tuple[str, ...]
    orphans: Mapping[str, tuple[str, ...]]
    film: str
    cost_usd: str

    @classmethod
    def read(cls, job: str) -> Index | None:
        """Return the index of a job directory, None where there is none. Raises DoubtError or OSError."""
        try:
            if os.path.islink(f"{job}/{PRIVATE}"):  # noqa: PTH114 - see evidence
                raise DoubtError
            with open_regular(Path(f"{job}/{PLACE}"), follow=False) as file:
                data = file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return cls._from(json.loads(data))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            raise DoubtError from error

    @classmethod
    def _from(cls, value: dict[str, Any]) -> Index:
        """Return an index of its form on disk. Raises DoubtError, or whatever a strange form leads to."""
        if value.pop("format") != FORMAT:
            raise DoubtError
        sources = {name: Source(*source) for name, source in value["sources"].items()}
        index = cls(**value | {"sources": sources})
        texts = [index.code, index.spec, index.directory, index.home, index.settings or "", index.film, index.cost_usd]
        texts += [*index.targets, *index.orphans, *(source.digest for source in sources.values())]
        stamps = [source.stamp for source in sources.values()]
        stamps += [stamp for stamp in index.outputs.values() if stamp is not None]
        for items, kind in ((texts, str), (stamps, list), (index.orphans.values(), list)):
            if not all(isinstance(item, kind) for item in items):
                raise DoubtError
        if not all(stamps) or not Decimal(index.cost_usd).is_finite():
            raise DoubtError
        if not index.files.keys() >= {*index.targets, *index.orphans, index.film}:  # what nobody saw is not up to date
            raise DoubtError
        return index

    def to_bytes(self) -> bytes:
        """Return the form on disk."""
        value = {"format": FORMAT} | {part.name: getattr(self, part.name) for part in fields(self)}
        return json.dumps(value, separators=(",", ":")).encode()
