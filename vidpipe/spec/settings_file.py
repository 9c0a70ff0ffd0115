"""vidpipe.toml: what many specs share, and how to run them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from vidpipe.errors import SpecError, UsageError
from vidpipe.place import shown_path
from vidpipe.providers.registry import ProviderSettings, all_models, provider_names
from vidpipe.spec.document import Document, Fault, KeyPath
from vidpipe.spec.explain import faults_of
from vidpipe.spec.model import Spec
from vidpipe.spec.models_file import models_file, read_models_file
from vidpipe.spec.paths import inside
from vidpipe.spec.source import KIB, read_text
from vidpipe.spec.tables import GoogleTable, LimitTable, ProviderTable, RunTable
from vidpipe.spec.toml import read_toml
from vidpipe.words import did_you_mean, listing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vidpipe.providers.catalogue import Model

LARGEST = 64 * KIB
MOST_FAULTS = 50
MOST_LISTED = 50
OF_ONE_SPEC = ("name", "script", "script_file")
GOOGLE = "google"
WITHOUT_SETTINGS = "animatic"
OWN_TABLES = ("defaults", GOOGLE, "limits", "run")

Table = TypeVar("Table", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """One vidpipe.toml, checked. `defaults` are keys of a spec; `named` are all settings that the file names.

    `models` are those of the models.toml beside it, `models_path` says where that is, if it is there.
    """

    path: Path | None
    document: Document
    defaults: Mapping[str, object] = field(default_factory=dict)
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    limits: Mapping[str, LimitTable] = field(default_factory=dict)
    run: RunTable = field(default_factory=RunTable)
    named: Mapping[str, str] = field(default_factory=dict)
    models: tuple[Model, ...] = ()
    models_path: Path | None = None


def read_settings_file(path: Path) -> SettingsFile:
    """Read and check one vidpipe.toml and the models.toml beside it. Raises SpecError with all problems of one of them.

    Where models.toml has some, they are told first: what the other file says of models cannot be judged then.
    """
    name, models_path = shown_path(path), models_file(path)
    models = read_models_file(models_path) if models_path else ()
    document = read_toml(read_text(path, file=name, limit=LARGEST), name)
    reader = _Reader(path, document, models)
    settings = reader.read()
    faults = [fault for fault in reader.faults if not document.is_spoilt(fault.path)]
    problems = [*document.problems, *(document.problem(fault) for fault in faults)]
    if problems:
        raise SpecError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return replace(settings, models=models, models_path=models_path)


class _Reader:
    """Checks the tables of one file one by one and collects what is wrong with them."""

    def __init__(self, path: Path, document: Document, models: tuple[Model, ...] = ()) -> None:
        self.path = path
        self.models = models
        self.document = document
        self.faults: list[Fault] = []

    def read(self) -> SettingsFile:
        values = self.document.values
        third_parties = [name for name in provider_names() if name not in {*OWN_TABLES, WITHOUT_SETTINGS}]
        known = [*OWN_TABLES, *third_parties]
        for name in values:
            if name not in known:
                suggestion = did_you_mean(name, known) or f"; known: {listing(known, 'and')}"
                self.faults.append(Fault((name,), f"is no table that vidpipe knows{suggestion}", on_key=True))
        providers = {name: self._third_party(name) for name in third_parties if name in values}
        if GOOGLE in values:
            providers[GOOGLE] = self._google()
        return SettingsFile(
            path=self.path,
            document=self.document,
            defaults=self._defaults(),
            providers=providers,
            limits=self._limits(),
            run=self._run(),
            named=dict(_leaves({key: value for key, value in values.items() if key != "defaults"})),
        )

    def _mapping(self, path: KeyPath, value: object) -> dict[str, object]:
        if isinstance(value, dict):
            return value
        self.faults.append(Fault(path, f"must be a table: write [{path[-1]}]"))
        return {}

    def _table(self, path: KeyPath, value: object, model: type[Table]) -> Table:
        try:
            return model.model_validate(self._mapping(path, value))
        except ValidationError as error:
            self.faults += [
                Fault((*path, *fault.path), fault.message, fault.on_key) for fault in faults_of(error, model)
            ]
            return model()

    def _defaults(self) -> dict[str, object]:
        table = self._mapping(("defaults",), self.document.values.get("defaults", {}))
        values = {key: value for key, value in table.items() if key not in OF_ONE_SPEC}
        for key in OF_ONE_SPEC:
            if key in table:
                self.faults.append(Fault(("defaults", key), "belongs to one spec: write it there", on_key=True))
        self._table(("defaults",), values, Spec)
        return values

    def _google(self) -> ProviderSettings:
        table = self._table((GOOGLE,), self.document.values[GOOGLE], GoogleTable)
        if table.output_gcs_uri is not None and not table.output_gcs_uri.startswith("gs://"):
            self.faults.append(Fault((GOOGLE, "output_gcs_uri"), "must start with gs://"))
        return ProviderSettings(**table.model_dump(exclude_none=True))

    def _third_party(self, name: str) -> ProviderSettings:
        """Read a table of which only the provider knows all keys; their values are single ones."""
        values = self._mapping((name,), self.document.values[name])
        own = {key: value for key, value in values.items() if key in ProviderTable.model_fields}
        table = self._table((name,), own, ProviderTable)
        options: dict[str, str | int | float | bool] = {}
        for key, value in values.items():
            if key in own:
                continue
            if isinstance(value, str | int | float | bool):
                options[key] = value
            else:
                self.faults.append(Fault((name, key), "must be text, a number, true or false"))
        return ProviderSettings(options=options, **table.model_dump(exclude_none=True))

    def _limits(self) -> dict[str, LimitTable]:
        tables = self._mapping(("limits",), self.document.values.get("limits", {}))
        known: dict[str, dict[str, None]] = {}
        for name in tables:
            message = _unknown_model(name, self.models, known)
            if message:
                self.faults.append(Fault(("limits", name), message, on_key=True))
            if len(self.faults) > MOST_FAULTS:
                break
        return {name: self._table(("limits", name), table, LimitTable) for name, table in tables.items()}

    def _run(self) -> RunTable:
        table = self._table(("run",), self.document.values.get("run", {}), RunTable)
        try:
            inside(self.path.parent, table.dir or ".", self.path.parent)
        except ValueError as error:
            self.faults.append(Fault(("run", "dir"), str(error)))
        return table


def _unknown_model(name: str, own: tuple[Model, ...], known: dict[str, dict[str, None]]) -> str:
    """Say that a table of limits is of no known model; an empty answer means that it is.

    `known` keeps the names of a provider's models once they are looked up.
    """
    provider, colon, _ = name.partition(":")
    if not colon:
        return 'must be written [limits."provider:model"]'
    try:
        if provider not in known:
            known[provider] = {model.name: None for model in all_models(provider, own)}
    except UsageError as error:
        return str(error)
    if name in known[provider]:
        return ""
    names = list(known[provider])
    listed = f"known: {listing(names, 'and')}" if len(names) <= MOST_LISTED else "`vidpipe models` lists them"
    return f"there is no such model; {listed}{did_you_mean(name, names)}"


def _leaves(values: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """Flatten tables to dotted keys and printed values."""
    found = []
    for key, value in values.items():
        if isinstance(value, dict):
            found += _leaves(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found
