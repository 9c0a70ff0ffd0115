"""Tell the arguments of `run` and `plan` apart: spec files and folders, and targets."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.layout import Layout
from vidpipe.spec.project import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence


def specs_and_targets(arguments: Sequence[str]) -> tuple[list[Path], tuple[str, ...]]:
    """Return the specs (folders, what is named like a spec or ends in a slash) and the targets (everything else)."""
    specs = [Path(argument) for argument in arguments if names_specs(argument)]
    return specs, tuple(argument for argument in arguments if not names_specs(argument))


def is_job(path: Path) -> bool:
    """Whether a path is a job directory; nothing lies under a name that is too long for any file."""
    return is_file(Layout(path).job)


def is_file(path: Path) -> bool:
    """Whether a file lies there. Raises OSError where the system cannot tell."""
    try:
        return path.is_file()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise


def names_specs(argument: str) -> bool:
    """Whether an argument means a spec or a folder of specs, be it there or not."""
    return Path(argument).suffix in ENDINGS or argument.endswith("/") or os.path.isdir(argument)  # noqa: PTH112
