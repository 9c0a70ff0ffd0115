"""Tell the arguments of `run` and `plan` apart: spec files and folders, and targets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.spec.project import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence


def specs_and_targets(arguments: Sequence[str]) -> tuple[list[Path], tuple[str, ...]]:
    """Return the specs (folders, what is named like a spec or ends in a slash) and the targets (everything else)."""
    specs = [Path(argument) for argument in arguments if names_specs(argument)]
    return specs, tuple(argument for argument in arguments if not names_specs(argument))


def names_specs(argument: str) -> bool:
    """Whether an argument means a spec or a folder of specs, be it there or not."""
    return Path(argument).suffix in ENDINGS or argument.endswith("/") or os.path.isdir(argument)  # noqa: PTH112
