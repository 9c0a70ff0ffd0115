"""Which job is meant: a spec file, a job directory, or a job's name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.engine.layout import Layout
from vidpipe.engine.record import load_json
from vidpipe.errors import UsageError
from vidpipe.spec.load import load_specs
from vidpipe.spec.project import ENDINGS, SPECS_FOLDER, project_root
from vidpipe.spec.settings import NO_FLAGS, Flags, load_settings
from vidpipe.words import did_you_mean, shown_text
from vidpipe.workshop import DRAFT, shown

if TYPE_CHECKING:
    from vidpipe.spec.load import Loaded

HERE = Path("spec.yaml")
"""Stands for a spec in the current folder where only its project is asked for."""


def find_job(text: str, flags: Flags = NO_FLAGS) -> Loaded:
    """Return the spec of the job that a command line names. Raises UsageError that says what was looked for.

    A job directory may lie anywhere: it is looked at where it is, whatever the settings say.
    """
    path = Path(text)
    if path.suffix in ENDINGS or (path.is_file() and not is_job(path)):
        return load_specs([path], flags)[0]
    directory = path if is_job(path) else _named(text, flags)
    spec = _spec_of(directory)
    return _at(load_specs([spec], replace(flags, directory=directory.resolve().parent))[0], directory)


def is_job(path: Path) -> bool:
    """Whether a path is a job directory."""
    return Layout(path).job.is_file()


def names_draft(text: str) -> bool:
    """Whether a job is named by its draft's directory."""
    return Path(text).name.endswith(DRAFT)


def _named(text: str, flags: Flags) -> Path:
    """Return the job directory of a name. Raises UsageError that lists what there is."""
    jobs = load_settings(HERE, flags).directory
    if "/" not in text and text not in {"", ".", ".."} and is_job(jobs / text):
        return jobs / text
    known = sorted(path.name for path in jobs.iterdir() if is_job(path)) if jobs.is_dir() else []
    spec = next((path for path in (SPECS_FOLDER / f"{text}{ending}" for ending in sorted(ENDINGS)) if path.is_file()), None)
    hint = f"; did you mean {spec}?" if spec else did_you_mean(text, known)
    kinds = f"neither a spec file, nor a job directory, nor a job in {shown(jobs)}"
    raise UsageError(f"{shown_text(text)} is {kinds}{hint}")


def _spec_of(directory: Path) -> Path:
    """Return the spec that makes a job directory. Raises UsageError where it is not there any more."""
    claimed = (load_json(Layout(directory).job) or {}).get("spec")
    if not isinstance(claimed, str) or not claimed:
        raise UsageError(f"{shown(Layout(directory).job)} does not say which spec makes this job; name the spec instead")
    roots = dict.fromkeys([project_root(directory.resolve() / HERE), project_root(HERE)])
    for root in roots:
        spec = (root / claimed).resolve()
        if spec.is_relative_to(root) and spec.is_file():
            return Path(shown(spec))
    told = " or ".join(shown(root) for root in roots)
    raise UsageError(
        f"{shown(directory)} is made by {shown_text(claimed)}, which is not there (looked in {told}); "
        "name the spec instead"
    )


def _at(loaded: Loaded, directory: Path) -> Loaded:
    """Return the spec if it is the one of this very directory. Raises UsageError."""
    name = directory.resolve().name.removesuffix(DRAFT)
    if name != loaded.spec.name:
        raise UsageError(
            f"{shown(directory)} was made by {loaded.path}, whose job is called {loaded.spec.name} now: "
            f"rename the folder to {loaded.spec.name}, or write name: {name} into the spec"
        )
    return loaded
