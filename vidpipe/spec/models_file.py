"""models.toml beside vidpipe.toml: what a project knows better of the models, in the form of the built-in data file."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import ValidationError

from vidpipe.errors import SpecError, UsageError
from vidpipe.place import shown_path
from vidpipe.providers.addresses import model_id_fault
from vidpipe.providers.catalogue import Model, PriceChange
from vidpipe.providers.registry import NOUNS, all_models, provider_entry
from vidpipe.spec.document import Document, Fault, KeyPath
from vidpipe.spec.explain import faults_of
from vidpipe.spec.models_table import ModelsFile, ModelTable
from vidpipe.spec.project import MODELS_NAME
from vidpipe.spec.source import KIB, read_text
from vidpipe.spec.toml import read_toml
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path
    from typing import Any

    from vidpipe.providers.catalogue import Kind

LARGEST = 256 * KIB
TABLES = "models"
FREE = "animatic"
LEAST_PRICE = Decimal("0.000001")
"""US dollars: what is paid for never costs less than this, or --max-cost would let any number of it through."""


def models_file(settings: Path) -> Path | None:
    """Return the models.toml beside a settings file, if there is one, be it a file or not."""
    path = settings.with_name(MODELS_NAME)
    return path if os.path.lexists(path) else None


def read_models_file(path: Path) -> tuple[Model, ...]:
    """Return the models of a file, each whole. Raises SpecError with all its problems."""
    name = shown_path(path)
    document = read_toml(read_text(path, file=name, limit=LARGEST), name)
    models, faults = _models(document)
    problems = [
        *document.problems,
        *(document.problem(fault) for fault in faults if not document.is_spoilt(fault.path)),
    ]
    if problems:
        raise SpecError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return models


def _models(document: Document) -> tuple[tuple[Model, ...], list[Fault]]:
    try:
        file = ModelsFile.model_validate(document.values)
    except ValidationError as error:
        return (), faults_of(error, ModelsFile)
    found: dict[tuple[str, str], Model] = {}
    faults: list[Fault] = []
    shipped: dict[str, dict[str, Model]] = {}
    for index, table in enumerate(file.models):
        told = _faults_of_table(table, shipped)
        if (table.provider, table.id) in found:
            told.append((("id",), f"{table.provider}:{table.id} stands here twice"))
        if not told:
            model = _model(table, shipped[table.provider].get(table.id), file.as_of)
            found[table.provider, table.id] = model
            told = [*_faults_of_model(model), *_faults_of_prices(model, table)]
        faults += [Fault((TABLES, index, *path), message) for path, message in told]
    return tuple(found.values()), faults or list(_clashes(tuple(found.values())))


def _clashes(own: tuple[Model, ...]) -> Iterator[Fault]:
    """Say which aliases of a model mean another one already: what a spec calls so must not depend on an order."""
    called: dict[tuple[str, str], list[Model]] = defaultdict(list)
    for provider in dict.fromkeys(model.provider for model in own):
        for model in all_models(provider, own):
            for name in {model.id, *model.aliases}:
                called[provider, name].append(model)
    for index, model in enumerate(own):
        for alias in model.aliases:
            other = next((other for other in called[model.provider, alias] if other.id != model.id), None)
            if other is not None:
                yield Fault((TABLES, index, "aliases"), f"{alias} means {other.name} already")


def _faults_of_table(table: ModelTable, shipped: dict[str, dict[str, Model]]) -> list[tuple[KeyPath, str]]:
    """Say what is wrong with a table beside its provider's own models, which `shipped` keeps by id once looked up."""
    if table.provider == FREE:
        return [(("provider",), f"{FREE} is part of vidpipe and has no other models")]
    try:
        if table.provider not in shipped:
            shipped[table.provider] = {model.id: model for model in provider_entry(table.provider).models}
    except UsageError as error:
        return [(("provider",), str(error))]
    own = shipped[table.provider]
    known = own.get(table.id)
    if known is not None and known.kind != table.kind:
        return [(("kind",), f"{known.name} is a model for {NOUNS[known.kind]}: write {known.kind}")]
    told: list[tuple[KeyPath, str]] = []
    message = "" if known is not None else model_id_fault(table.id)
    if message:
        told.append((("id",), message))
    if not table.paid and not _is_free(known, own):
        told.append((("paid",), _not_free(table)))
    return told


def _is_free(known: Model | None, shipped: Mapping[str, Model]) -> bool:
    """Whether a model may be called free: its provider says so of it, or of all of its models if that one is new."""
    models = shipped.values() if known is None else (known,)
    return bool(models) and not any(model.paid for model in models)


def _not_free(table: ModelTable) -> str:
    return (
        f"{table.provider}:{table.id} is paid for, whatever this file says, and would be bought without being counted: "
        "remove this line"
    )


def _model(table: ModelTable, known: Model | None, as_of: date | None) -> Model:
    """Return the model that a table describes, or what it makes of one that vidpipe knows."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key in table.model_fields_set
        if (value := getattr(table, key)) is not None
    }
    if "price_changes" in values:
        values["price_changes"] = tuple(PriceChange(change.start, change.prices) for change in table.price_changes)
    elif "prices" in values:
        values["price_changes"] = ()  # dated changes of other prices would undo these
    if "seconds_at" in values:
        values["seconds_at"] = {name: tuple(lengths) for name, lengths in table.seconds_at.items()}
    if "retired_on" in values:
        values.setdefault("retired_by", "third party")
    if "prices" in values:
        values.setdefault("as_of", as_of)
    return replace(known, **values) if known is not None else Model(**({"paid": True} | values))


def _faults_of_model(model: Model) -> list[tuple[KeyPath, str]]:
    """Say what a model lacks to be planned and paid for."""
    needs: Mapping[Kind, tuple[str, tuple[str, ...]]] = {
        "text": ("prices", ("in", "out")),
        "image": ("image_sizes", model.image_sizes),
        "video": ("resolutions", model.resolutions),
        "speech": ("prices", ("characters",) if "characters" in model.prices else ("in", "out")),
    }
    key, offered = needs[model.kind]
    told: list[tuple[KeyPath, str]] = []
    if not offered:
        told.append((("id",), f"{key} is missing: say what {model.name} offers"))
    if model.kind == "video" and not model.seconds:
        told.append((("id",), f"seconds is missing: say how long the clips of {model.name} may be"))
    for prices in (model.prices, *(change.prices for change in model.price_changes)):
        without = [name for name in offered if name not in prices]
        if model.paid and without:
            told.append((("prices",), f"{model.name} has no price for {listing(without, 'and')}"))
    stray = [name for name in model.seconds_at if name not in model.resolutions]
    if stray:
        told.append((("seconds_at",), f"{listing(stray, 'and')} is not among the resolutions"))
    return told


def _faults_of_prices(model: Model, table: ModelTable) -> list[tuple[KeyPath, str]]:
    """Say which prices of a paid model are none."""
    written: list[tuple[KeyPath, Mapping[str, Decimal]]] = [(("prices",), table.prices)]
    written += [(("price_changes", place, "prices"), each.prices) for place, each in enumerate(table.price_changes)]
    return [
        ((*path, name), f"{model.name} is paid for: write what its vendor takes, {LEAST_PRICE} at least (got {price})")
        for path, prices in written
        for name, price in prices.items()
        if model.paid and price < LEAST_PRICE
    ]
