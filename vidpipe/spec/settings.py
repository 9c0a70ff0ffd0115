"""How to run: flags, then VIDPIPE_* variables, then vidpipe.toml, then what is built in; each with its origin."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from vidpipe.errors import Problem, SpecError
from vidpipe.place import shown_path
from vidpipe.providers.registry import ProviderSettings, all_models
from vidpipe.spec.document import Document
from vidpipe.spec.explain import faults_of
from vidpipe.spec.project import project_root, settings_file
from vidpipe.spec.settings_file import SettingsFile, read_settings_file
from vidpipe.spec.tables import Environment, LimitTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.providers.catalogue import Model

BUILT_IN = "built in"
FLAG = "command line"
PREFIX = "VIDPIPE_"
DIRECTORY = "runs"
JOBS = 4


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says about how to run; None where it says nothing."""

    directory: Path | None = None
    jobs: int | None = None


NO_FLAGS = Flags()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force and where it came from: a flag, a variable, a file, or built in."""

    key: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast one model may be asked; `per_minute` None means no limit."""

    in_flight: int
    per_minute: int | None
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run the specs of one project. `directory` is absolute and holds the job directories."""

    root: Path
    file: SettingsFile
    environment: Environment
    directory: Path
    jobs: int
    stated: tuple[Setting, ...] = field(default=(), compare=False)

    def provider(self, name: str) -> ProviderSettings:
        """Return how to reach a provider."""
        from_file = self.file.providers.get(name, ProviderSettings())
        overrides: dict[str, Any] = self.environment.model_dump(include=WAITS, exclude_none=True)
        models = all_models(name, self.file.models) if self.file.models else ()
        return replace(from_file, models=models, **overrides)

    def limits_of(self, model: Model) -> Limits:
        """Return how fast a model may be asked: the variables', the file's, or the model data's word for it."""
        table = self.file.limits.get(model.name, LimitTable())
        built_in = {"in_flight": model.in_flight, "per_minute": model.per_minute, "pause_seconds": 0.0}
        named = table.model_dump(exclude_none=True) | self.environment.model_dump(include=LIMITS, exclude_none=True)
        return Limits(**(built_in | named))


NO_FILE = SettingsFile(path=None, document=Document(""))
WAITS = {"poll_seconds", "wait_seconds"}
LIMITS = {"in_flight", "per_minute", "pause_seconds"}


def load_settings(spec: Path, flags: Flags = NO_FLAGS, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings that hold for a spec. Raises SpecError with all problems of file and environment."""
    problems: list[Problem] = []
    root, path = project_root(spec), settings_file(spec)
    file, environment = NO_FILE, Environment()
    try:
        environment = read_environment(environ)
    except SpecError as error:
        problems += error.problems
    try:
        file = read_settings_file(path) if path else file
    except SpecError as error:
        problems += error.problems
    if problems:
        raise SpecError(problems)
    return resolved(root, file, environment, flags)


def plain_settings(root: Path) -> Settings:
    """Return what is built in, for judging specs whose settings cannot be read."""
    return resolved(root, NO_FILE, Environment(), NO_FLAGS)


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read the VIDPIPE_* variables; an empty one counts as not set. Raises SpecError."""
    values = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and value.strip()
    }
    try:
        return Environment.model_validate(values)
    except ValidationError as error:
        faults = faults_of(error, Environment)
        names = [PREFIX + str(fault.path[0]).upper() for fault in faults]
        problems = [
            Problem("environment", 0, 0, *pair) for pair in zip(names, (f.message for f in faults), strict=True)
        ]
        raise SpecError(problems) from error


def resolved(root: Path, file: SettingsFile, environment: Environment, flags: Flags) -> Settings:
    """Put the layers over each other."""
    origin = shown_path(file.path) if file.path else ""
    from_flags = {"run.dir": flags.directory, "run.jobs": flags.jobs}
    built_in = {"run.dir": DIRECTORY, "run.jobs": JOBS}
    stated = {key: Setting(key, str(value), BUILT_IN) for key, value in built_in.items()}
    stated |= {key: Setting(key, value, origin) for key, value in file.named.items()}
    for name, value in environment.model_dump(exclude_none=True).items():
        key = f"run.{name}" if name in {"dir", "jobs"} else f"every {name}"
        stated[key] = Setting(key, str(value), PREFIX + name.upper())
    stated |= {key: Setting(key, str(value), FLAG) for key, value in from_flags.items() if value is not None}
    place = stated["run.dir"]
    base = root if place.origin in {BUILT_IN, origin} else Path.cwd()
    directory = Path(os.path.normpath(base / place.value))
    return Settings(root, file, environment, directory, int(stated["run.jobs"].value), tuple(stated.values()))
