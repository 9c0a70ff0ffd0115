"""`vidpipe check`: tell whether every spec can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.spec.load import Loaded, load_specs
from vidpipe.spec.project import find_specs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def check(arguments: Sequence[Path]) -> list[Loaded]:
    """Load the specs that files and folders stand for (none given: `specs/`). Raises SpecError with all problems."""
    return load_specs(find_specs(arguments))
