"""From files to specs that can be made: read, merged with defaults, checked; every problem at once, with its place."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vidpipe.errors import Problem, SpecError
from vidpipe.place import real_path
from vidpipe.providers.registry import default_model
from vidpipe.spec.checks import choose_models, offer_faults, spec_faults
from vidpipe.spec.clashes import clashes
from vidpipe.spec.document import Fault
from vidpipe.spec.explain import faults_of
from vidpipe.spec.files import Folders, NamedFiles, ReferenceFile
from vidpipe.spec.merge import Layers, lay_over
from vidpipe.spec.model import NAME_RULE, Spec, is_name
from vidpipe.spec.project import LED_OUT, find_specs, leads_out, project_root
from vidpipe.spec.settings import NO_FLAGS, Flags, Settings, load_settings, plain_settings
from vidpipe.spec.source import MIB, read_text
from vidpipe.spec.yaml import read_yaml
from vidpipe.words import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vidpipe.providers.catalogue import Model

__all__ = ["Loaded", "ReferenceFile", "as_draft", "find_specs", "load_specs"]

LARGEST_SPEC = MIB
UNSHOWN = "its name, or that of a folder above it, holds a character that cannot be shown, or is not UTF-8: rename it"
MOST_PROBLEMS = 50
"""Told of one file; more help nobody."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A spec, ready to be made.

    `path` is as it was given; `root`, `output`, `music` and the references are resolved and inside the project. `named`
    holds the keys that the spec or [defaults] name, single models as "models.video". `sources` are the files read for
    it.
    """

    path: Path
    root: Path
    spec: Spec
    named: frozenset[str]
    script: str
    references: tuple[ReferenceFile, ...]
    music: Path | None
    output: Path | None
    text_model: Model
    image_model: Model
    video_model: Model
    speech_model: Model
    settings: Settings
    sources: tuple[Path, ...]


def load_specs(paths: Sequence[Path], flags: Flags = NO_FLAGS, environ: Mapping[str, str] = os.environ) -> list[Loaded]:
    """Load specs in their order. Raises SpecError with all problems of all files, settings files included."""
    batch = _Batch(flags, environ)
    loaded = [result for path in paths if (result := batch.load(path)) is not None]
    problems = [*batch.problems, *clashes([(spec.path, spec.spec.name, spec.output) for spec in loaded])]
    if problems:
        raise SpecError(problems)
    return loaded


def as_draft(loaded: Loaded) -> Loaded:
    """Return the same film made by the animatic provider, offline and free; `output` is left to the film itself.

    A voice that the spec names is one of another model, so the draft has the default one.
    """
    return replace(
        loaded,
        spec=loaded.spec.model_copy(update={"voice": None}),
        output=None,
        text_model=default_model("animatic", "text"),
        image_model=default_model("animatic", "image"),
        video_model=default_model("animatic", "video"),
        speech_model=default_model("animatic", "speech"),
    )


class _Batch:
    """Loads one spec after the other; settings that several share are read, and complained about, once."""

    def __init__(self, flags: Flags, environ: Mapping[str, str]) -> None:
        self.flags = flags
        self.environ = environ
        self.problems: list[Problem] = []
        self.by_root: dict[Path, Settings] = {}

    def load(self, path: Path) -> Loaded | None:
        try:
            if leads_out(path):
                raise SpecError([Problem(str(path), 0, 0, "", LED_OUT)])
            return _load(path, self._settings(path))
        except SpecError as error:
            problems = [problem for problem in error.problems if problem not in self.problems]
            told = problems[:MOST_PROBLEMS]
            self.problems += told
            more = len(problems) - len(told)
            if more:
                self.problems.append(Problem(str(path), 0, 0, "", f"and {more:,} more problems"))
            return None

    def _settings(self, path: Path) -> Settings:
        root = project_root(path)
        if root not in self.by_root:
            try:
                self.by_root[root] = load_settings(path, self.flags, self.environ)
            except SpecError as error:
                self.problems += [problem for problem in error.problems if problem not in self.problems]
                self.by_root[root] = plain_settings(root)
        return self.by_root[root]


def _load(path: Path, settings: Settings) -> Loaded:
    folders = _folders(path, settings)
    document = read_yaml(read_text(path, file=str(path), limit=LARGEST_SPEC), str(path))
    layers = lay_over(document, settings.file.document, settings.file.defaults)
    spec, faults, bad = _validated(layers, path)
    chosen, model_faults = choose_models(spec, settings.file.models)
    offers = offer_faults(spec, chosen, layers.named) if chosen else []
    judged = [*spec_faults(spec), *model_faults, *offers]
    files = NamedFiles(spec, folders, str(path), [key for key in layers.values if layers.is_default((key,))])
    script, references, music, output = files.script(), files.references(), files.music(), files.output()
    faults += [fault for fault in [*judged, *files.faults] if not bad.intersection(fault.reads)]
    problems = [*document.problems, *layers.problems(faults), *files.problems]
    if problems or not chosen:
        raise SpecError(sorted(problems, key=lambda problem: (problem.file != str(path), problem.line, problem.column)))
    return Loaded(
        path=path,
        root=settings.root,
        spec=spec,
        named=layers.named,
        script=script,
        references=references,
        music=music,
        output=output,
        text_model=chosen.text,
        image_model=chosen.image,
        video_model=chosen.video,
        speech_model=chosen.speech,
        settings=settings,
        sources=tuple(
            source for source in (path, settings.file.path, settings.file.models_path, files.script_file) if source
        ),
    )


def _folders(path: Path, settings: Settings) -> Folders:
    """Return where the spec's paths start from. Raises SpecError where the spec itself leads out of the project.

    The problems of such a spec would quote a file that its author may not read. One whose name is no plain text is
    refused too.
    """
    named = real_path(path)
    within = named.relative_to(settings.root) if named.is_relative_to(settings.root) else named.name
    if visible(str(within)) != str(within):  # job.json keeps this name, and messages and scripts show it
        raise SpecError([Problem(str(path), 0, 0, "", UNSHOWN)])
    here = real_path(path.parent)
    boundary = settings.root if here.is_relative_to(settings.root) else here
    if path.is_symlink() and not named.is_relative_to(boundary):
        raise SpecError([Problem(str(path), 0, 0, "", LED_OUT)])
    defaults = settings.file.path.parent if settings.file.path else here
    return Folders(spec=here, defaults=defaults, root=settings.root, boundary=boundary, jobs=settings.directory)


def _validated(layers: Layers, path: Path) -> tuple[Spec, list[Fault], set[str]]:
    """Return the spec, its faults, and the keys that are wrong.

    Those keys hold their built-in values in the spec returned, so that everything else can be judged as well.
    """
    bad = {str(spoilt[0]) for spoilt in layers.spec.spoilt if spoilt}
    faults = []
    values = {"name": path.stem.lower(), **layers.values}
    if not is_name(str(values["name"])) and "name" not in layers.values:
        faults.append(Fault(("name",), f"the file's name makes no job name: write name:, {NAME_RULE}"))
        del values["name"]
    try:
        return Spec.model_validate(values), faults, bad
    except ValidationError as error:
        faults += faults_of(error, Spec)
    bad |= {str(fault.path[0]) for fault in faults if fault.path}
    sound = {key: value for key, value in values.items() if key not in bad and key in Spec.model_fields}
    return Spec.model_validate(sound), faults, bad
