"""Which job is meant: a spec file, a job directory, or a job's name."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.commands.arguments import is_file, is_job
from vidpipe.engine.layout import Layout
from vidpipe.engine.links import check_tree
from vidpipe.engine.record import load_json
from vidpipe.errors import UsageError
from vidpipe.place import real_path, shown_path
from vidpipe.spec.load import load_specs
from vidpipe.spec.model import is_name
from vidpipe.spec.project import ENDINGS, SPECS_FOLDER, names_spec, project_root
from vidpipe.spec.settings import NO_FLAGS, Flags, load_settings
from vidpipe.words import did_you_mean, shown_text
from vidpipe.workshop import DRAFT

if TYPE_CHECKING:
    from vidpipe.spec.load import Loaded

HERE = Path("spec.yaml")
"""Stands for a spec in the current folder where only its project is asked for."""


def find_job(text: str, flags: Flags = NO_FLAGS) -> Loaded:
    """Return the spec of the job that a command line names. Raises UsageError that says what was looked for.

    A job directory may lie anywhere: it is looked at where it is, whatever the settings say.
    """
    path = Path(text)
    if path.suffix in ENDINGS or (is_file(path) and not is_job(path)):
        return load_specs([path], flags)[0]
    directory = path if is_job(path) else _named(text, flags)
    root, spec = _spec_of(directory)
    loaded = load_specs([spec], replace(flags, directory=real_path(directory).parent))[0]
    return replace(_checked(loaded, directory), root=root)


def names_draft(text: str) -> bool:
    """Whether a job is named by its draft's directory, be it from inside (`.`)."""
    path = Path(text)
    return (real_path(path) if is_job(path) else path).name.endswith(DRAFT)


def _named(text: str, flags: Flags) -> Path:
    """Return the job directory of a name. Raises UsageError that lists what there is."""
    jobs = load_settings(HERE, flags).directory
    if "/" not in text and text not in {"", ".", ".."} and is_job(jobs / text):
        return jobs / text
    known = sorted(path.name for path in jobs.iterdir() if is_job(path)) if jobs.is_dir() else []
    specs = (SPECS_FOLDER / f"{text}{ending}" for ending in sorted(ENDINGS))
    spec = next(filter(is_file, specs), None)
    hint = f"; did you mean {spec}?" if spec else did_you_mean(text, known)
    kinds = f"neither a spec file, nor a job directory, nor a job in {shown_path(jobs)}"
    raise UsageError(f"{shown_text(text)} is {kinds}{hint}")


def _spec_of(directory: Path) -> tuple[Path, Path]:
    """Return the project root and the spec of a job directory. Raises UsageError where they are not to be found.

    The root is that of the directory or of the current folder. Where no project is marked, it is the folder of the
    folder of jobs; what the directory says may come from a stranger, so no other files are looked for.
    """
    check_tree(Layout(directory), project_root(real_path(directory) / HERE))
    job = Layout(directory).job
    claimed = (load_json(job) or {}).get("spec")
    if not isinstance(claimed, str) or not names_spec(claimed):
        raise UsageError(f"{shown_path(job)} does not say which spec makes this job; name the spec instead")
    place = real_path(directory)
    root = project_root(place / HERE)
    above = () if root in place.parents else place.parents[1:2]
    for folder in dict.fromkeys([root, project_root(HERE), *above]):
        spec = folder / claimed
        if os.path.isfile(spec) and real_path(spec).is_relative_to(folder):  # noqa: PTH113 - no error for any name
            return folder, Path(shown_path(spec))
    raise UsageError(
        f"{shown_path(directory)} is made by {shown_text(claimed)}, which is not there any more; name its spec instead"
    )


def _checked(loaded: Loaded, directory: Path) -> Loaded:
    """Return the spec if it is the one of this very directory. Raises UsageError."""
    folder = real_path(directory).name
    name = folder.removesuffix(DRAFT)
    if name != loaded.spec.name:
        renamed = loaded.spec.name + folder.removeprefix(name)
        or_else = f", or write name: {name} into the spec" if is_name(name) else ""
        raise UsageError(
            f"{shown_path(directory)} was made by {loaded.path}, whose job is called {loaded.spec.name} now: "
            f"rename the folder to {renamed}{or_else}"
        )
    return loaded
