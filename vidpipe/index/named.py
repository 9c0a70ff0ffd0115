"""Answer for a job that is named by its directory, or by its name alone, as `vidpipe status` takes them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.layout import Layout
from vidpipe.errors import SpecError
from vidpipe.files import open_regular
from vidpipe.index.answer import fresh
from vidpipe.index.evidence import Sources
from vidpipe.index.form import LARGEST, DoubtError
from vidpipe.index.project import asked_directory, project_of
from vidpipe.place import real_path
from vidpipe.spec.project import names_spec, project_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.options import RunOptions
    from vidpipe.results import JobResult

HERE = Path("spec.yaml")
"""Stands for a spec in a folder of which only the project is asked for."""


def fresh_job(
    text: str,
    options: RunOptions | None = None,
    directory: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> JobResult | None:
    """Return the result of a job that is finished and up to date, or None: then the engine must judge (see `fresh`).

    `text` is a job directory, or a job's name under `directory` or where the current project puts its jobs.
    """
    try:
        job = _job_directory(text, directory, environ)
        spec = _spec_of(job)
    except (DoubtError, SpecError, OSError, ValueError, RecursionError):
        return None
    known = fresh([spec], options, job.parent, environ)
    return known[0] if known is not None and known[0].directory == job else None


def _job_directory(text: str, directory: Path | None, environ: Mapping[str, str]) -> Path:
    path = Path(text)
    if Layout(path).job.is_file():
        return real_path(path)
    if "/" in text or text in {"", ".", ".."}:
        raise DoubtError
    return real_path(Path(project_of(HERE, asked_directory(directory, environ), Sources()).directory, text))


def _spec_of(job: Path) -> Path:
    """Return the path of the spec that makes a job, as one would write it here."""
    layout = Layout(job)
    if layout.private.is_symlink():
        raise DoubtError
    with open_regular(layout.job, follow=False) as file:
        root, claim = project_root(job / HERE), json.loads(file.read(LARGEST))
    claimed = claim.get("spec") if isinstance(claim, dict) else None
    if not isinstance(claimed, str) or not names_spec(claimed):
        raise DoubtError
    relative = os.path.relpath(root / claimed)
    return Path(relative) if not relative.startswith("..") else root / claimed
