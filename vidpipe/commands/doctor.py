"""`vidpipe doctor`: whether this machine, its settings and the models of its specs are fit to make films."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vidpipe.doctor.finding import Diagnosis, Finding, State, fail, ok, warn
from vidpipe.doctor.folder import locks, room
from vidpipe.doctor.in_force import GOOGLE, in_force
from vidpipe.doctor.machine import codecs, versions, voice
from vidpipe.doctor.retirement import retirements
from vidpipe.errors import SpecError
from vidpipe.providers.google.access import Access
from vidpipe.providers.registry import ProviderSettings, all_models
from vidpipe.redact import redacted
from vidpipe.spec.checks import choose_models
from vidpipe.spec.load import load_specs
from vidpipe.spec.model import Spec
from vidpipe.spec.project import find_specs, project_root
from vidpipe.spec.settings import Flags, load_settings, plain_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.providers.catalogue import Model
    from vidpipe.spec.load import Loaded
    from vidpipe.spec.settings import Setting, Settings

HERE = Path("spec.yaml")
"""Stands for a spec in the current folder."""


@dataclass(frozen=True, slots=True)
class _Project:
    """Settings that specs share, and every model that these use."""

    settings: Settings
    models: tuple[Model, ...] = ()

    @property
    def of_google(self) -> tuple[Model, ...]:
        """The models of google among them."""
        return tuple(model for model in self.models if model.provider == GOOGLE)


def doctor(
    arguments: Sequence[Path], *, directory: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Diagnosis:
    """Check everything that the specs behind files and folders need (none given: `specs/`), spending nothing.

    Specs that cannot be read are a finding; SpecError is raised only for an argument that stands for nothing.
    """
    paths = _specs(arguments)
    projects, findings = _projects(paths, Flags(directory=directory), environ)
    findings += [*versions(), codecs()]
    findings += voice([model for project in projects for model in project.models])
    for place in dict.fromkeys(project.settings.directory for project in projects):
        findings += [room(place), locks(place)]
    today = datetime.now(UTC).date()
    settings: list[Setting] = []
    for project in projects:
        known = _choices(project, environ)
        findings += [*retirements(project.models, known, today), *_vendors(project, known, environ)]
        settings += in_force(project.settings, project.models, environ)
    if not any(project.of_google for project in projects):
        unread = any(one.topic == "specs" and one.state is State.FAIL for one in findings)
        which = "no spec that can be read uses google" if unread else "no spec uses google"
        findings.append(ok("network", f"not needed: {which}"))
    return _without_secrets(Diagnosis(tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(settings))), environ)


def _specs(arguments: Sequence[Path]) -> list[Path]:
    """Find the specs that are meant; that there are none yet is no error."""
    try:
        return find_specs(arguments)
    except SpecError:
        if arguments:
            raise
        return []


def _projects(paths: Sequence[Path], flags: Flags, environ: Mapping[str, str]) -> tuple[list[_Project], list[Finding]]:
    loaded, findings = _loaded(paths, flags, environ)
    found: dict[Path, _Project] = {}
    for one in loaded:
        project = found.get(one.root, _Project(one.settings))
        models = [*project.models, one.text_model, one.image_model, one.video_model]
        models += [one.speech_model] if one.spec.narration and one.spec.audio else []
        found[one.root] = replace(project, models=tuple(dict.fromkeys(models)))
    if not found:
        project, trouble = _bare_project(flags, environ)
        found[project.settings.root] = project
        findings += trouble
        findings += [] if paths else [_without_specs(project)]
    return list(found.values()), findings


def _loaded(paths: Sequence[Path], flags: Flags, environ: Mapping[str, str]) -> tuple[list[Loaded], list[Finding]]:
    """Load what can be loaded; the problems of the others are findings."""
    if not paths:
        return [], []
    fine: list[Loaded] = []
    findings: list[Finding] = []
    try:
        fine = load_specs(paths, flags, environ)
    except SpecError as error:
        findings = [fail("specs", str(problem)) for problem in error.problems]
        for path in paths:
            with suppress(SpecError):
                fine += load_specs([path], flags, environ)
    return fine, [*([ok("specs", f"{len(fine)} of {len(paths)} can be read")] if fine else []), *findings]


def _bare_project(flags: Flags, environ: Mapping[str, str]) -> tuple[_Project, list[Finding]]:
    """Return the project of the current folder, without a spec: its models are those that [defaults] name."""
    try:
        settings = load_settings(HERE, flags, environ)
        return _Project(settings, _habits(settings)), []
    except SpecError as error:
        bare = _Project(plain_settings(project_root(HERE)))
        return bare, [fail("specs", str(problem)) for problem in error.problems]


def _habits(settings: Settings) -> tuple[Model, ...]:
    """Return the models of a spec that would leave them to [defaults]; none where that names none that are there."""
    named = {key: value for key, value in settings.file.defaults.items() if key in {"provider", "models"}}
    try:
        spec = Spec.model_validate({"name": HERE.stem, **named}) if named else None
    except ValidationError:
        return ()
    chosen = choose_models(spec, settings.file.models)[0] if spec else None
    return (chosen.text, chosen.image, chosen.video) if chosen else ()


def _without_specs(project: _Project) -> Finding:
    looked = "only the models of [defaults] are looked at" if project.models else "no model is looked at"
    return warn("specs", f"there are none here, so {looked}", "name a spec or a folder of them")


def _choices(project: _Project, environ: Mapping[str, str]) -> tuple[Model, ...]:
    """Return all models that could be used instead: those of google that its credentials reach, if there are any."""
    names = dict.fromkeys(model.provider for model in project.models)
    known = [model for name in names for model in all_models(name, project.settings.file.models)]
    modes = Access(project.settings.provider(GOOGLE), environ).modes()
    return tuple(
        model
        for model in known
        if model.provider != GOOGLE or not modes or not model.modes or not set(modes).isdisjoint(model.modes)
    )


def _vendors(project: _Project, known: tuple[Model, ...], environ: Mapping[str, str]) -> list[Finding]:
    """Ask the vendors of paid models; only google is known well enough to be asked without buying."""
    others = dict.fromkeys(model.provider for model in project.models if model.paid and model.provider != GOOGLE)
    found = [warn("models", f"those of {name} are not asked for: only google's can be") for name in others]
    if not project.of_google:
        return found
    from vidpipe.doctor.google import Use, google

    use = Use(project.settings.provider(GOOGLE), project.of_google, known, environ)
    return [*found, *google(use)]


def _without_secrets(diagnosis: Diagnosis, environ: Mapping[str, str]) -> Diagnosis:
    """Make sure once more that no key is told, wherever it may have been copied from."""
    keys = Access(ProviderSettings(), environ).secrets()

    def hide(text: str) -> str:
        return redacted(text, keys, environ)

    findings = [replace(one, said=hide(one.said), fix=hide(one.fix)) for one in diagnosis.findings]
    settings = [replace(one, value=hide(one.value)) for one in diagnosis.settings]
    return Diagnosis(tuple(findings), tuple(settings))
