"""Specs of one batch that would write over each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.errors import Problem
from vidpipe.words import folded, shown_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def clashes(specs: Sequence[tuple[Path, str, Path | None]]) -> list[Problem]:
    """Return a problem for each spec whose job name or output is another one's too.

    Letter case and Unicode's normal forms make no difference. A spec is given as its path, its job's name, and where
    its film is placed as well.
    """
    names = [(path, name) for path, name, _ in specs]
    outputs = [(path, str(output)) for path, _, output in specs if output is not None]
    shared_name = "the job name {value} is also that of {others}: give each spec a name of its own"
    shared_output = "{value} is also the output of {others}: put {{name}} into it"
    return [*_shared(names, "name", shared_name), *_shared(outputs, "output", shared_output)]


def _shared(values: Sequence[tuple[Path, str]], key: str, message: str) -> list[Problem]:
    by_value: dict[str, list[Path]] = {}
    for path, value in values:
        by_value.setdefault(folded(value), []).append(path)
    problems = []
    for path, value in values:
        others = [other for other in by_value[folded(value)] if other != path]
        if others:
            told = f"{others[0]}" + (f" and {len(others) - 1} more" if len(others) > 1 else "")
            problems.append(Problem(str(path), 0, 0, key, message.format(value=shown_text(value), others=told)))
    return problems
