"""models.toml beside vidpipe.toml: what a project knows better of the models, in the form of the built-in data file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date  # noqa: TC003 - pydantic reads it
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from vidpipe.errors import SpecError, UsageError
from vidpipe.place import shown_path
from vidpipe.providers.catalogue import Audio, Kind, Model, PriceChange, Retirer
from vidpipe.providers.registry import NOUNS, all_models, provider_entry
from vidpipe.spec.document import Document, Fault
from vidpipe.spec.explain import faults_of
from vidpipe.spec.model import Part
from vidpipe.spec.project import MODELS_NAME
from vidpipe.spec.source import KIB, read_text
from vidpipe.spec.tables import InFlight, PerMinute, Word
from vidpipe.spec.toml import read_toml
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

LARGEST = 256 * KIB
LONGEST = 3_600
TABLES = "models"
FREE = "animatic"


def _price(value: object) -> object:
    """Take a price as it was written, with or without quotes."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str) and not is_number:
        raise ValueError('must be an amount of US dollars, such as "0.40"')
    try:
        return Decimal(str(value))
    except ArithmeticError:
        raise ValueError(f'must be an amount of US dollars, such as "0.40" (got {value})') from None


def _lengths(value: object) -> object:
    """Write a range as the list that it stands for."""
    if isinstance(value, dict) and value.keys() == {"from", "to"}:
        first, last = value["from"], value["to"]
        if isinstance(first, int) and isinstance(last, int) and 0 < first <= last <= LONGEST:
            return list(range(first, last + 1))
    if isinstance(value, dict):
        raise ValueError("must be a list of seconds, or { from = 4, to = 8 }")
    return value


Price = Annotated[Decimal, BeforeValidator(_price), Field(ge=0, le=1_000_000)]
Prices = dict[Word, Price]
Lengths = Annotated[list[Annotated[int, Field(ge=1, le=LONGEST)]], BeforeValidator(_lengths)]


class PriceChangeTable(Part):
    """Prices that hold from a day on."""

    start: date = Field(alias="from")
    prices: Prices


class ModelTable(Part):
    """`[[models]]`: one model. Of one that vidpipe knows, only what is named is changed."""

    provider: Word
    kind: Kind
    id: Annotated[str, Field(pattern=r"^[^:\s]{1,200}$")]
    paid: bool = True
    prices: Prices = Field({})
    price_changes: list[PriceChangeTable] = Field([])
    as_of: date | None = None
    seconds: Lengths = Field([])
    seconds_at: dict[Word, Lengths] = Field({})
    resolutions: list[Literal["360p", "720p", "1080p", "4k"]] = Field([])
    aspect_ratios: list[Literal["16:9", "9:16"]] = Field([])
    audio: Audio = "never"
    seed: bool = False
    negative_prompt: bool = False
    image_sizes: list[Word] = Field([])
    inputs: Annotated[int, Field(ge=1, le=100)] | None = None
    temperature: bool = True
    voices: list[Word] = Field([])
    modes: list[Literal["vertex", "api-key"]] = Field([])
    location: Word | None = None
    aliases: list[Word] = Field([])
    retired_on: date | None = None
    retired_by: Retirer | None = None
    in_flight: InFlight = 4
    per_minute: PerMinute | None = None


class ModelsFile(Part):
    """The whole file; `as_of` dates all models that name no date of their own."""

    as_of: date | None = None
    models: list[ModelTable] = Field([])


def models_file(settings: Path) -> Path | None:
    """Return the models.toml beside a settings file, if there is one."""
    path = settings.with_name(MODELS_NAME)
    return path if path.is_file() else None


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
    for index, table in enumerate(file.models):
        told = _faults_of_table(table)
        if (table.provider, table.id) in found:
            told.append(("id", f"{table.provider}:{table.id} stands here twice"))
        if not told:
            model = _model(table, file.as_of)
            found[table.provider, table.id] = model
            told = _faults_of_model(model)
        faults += [Fault((TABLES, index, key), message) for key, message in told]
    if not faults:
        faults = [
            Fault((TABLES, index, "aliases"), message)
            for index, model in enumerate(found.values())
            for message in _clashes(model, tuple(found.values()))
        ]
    return tuple(found.values()), faults


def _clashes(model: Model, own: tuple[Model, ...]) -> list[str]:
    """Say which aliases of a model mean another one already: what a spec calls so must not depend on an order."""
    others = [other for other in all_models(model.provider, own) if other.id != model.id]
    return [
        f"{alias} means {other.name} already"
        for alias in model.aliases
        for other in others
        if alias in {other.id, *other.aliases}
    ]


def _faults_of_table(table: ModelTable) -> list[tuple[str, str]]:
    if table.provider == FREE:
        return [("provider", f"{FREE} is part of vidpipe and has no other models")]
    try:
        known = _known(table)
    except UsageError as error:
        return [("provider", str(error))]
    if known is not None and known.kind != table.kind:
        return [("kind", f"{known.name} is a model for {NOUNS[known.kind]}: write {known.kind}")]
    return []


def _known(table: ModelTable) -> Model | None:
    return next((model for model in provider_entry(table.provider).models if model.id == table.id), None)


def _model(table: ModelTable, as_of: date | None) -> Model:
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
    known = _known(table)
    return replace(known, **values) if known is not None else Model(**({"paid": True} | values))


def _faults_of_model(model: Model) -> list[tuple[str, str]]:
    """Say what a model lacks to be planned and paid for."""
    needs: Mapping[Kind, tuple[str, tuple[str, ...]]] = {
        "text": ("prices", ("in", "out")),
        "image": ("image_sizes", model.image_sizes),
        "video": ("resolutions", model.resolutions),
        "speech": ("prices", ("characters",) if "characters" in model.prices else ("in", "out")),
    }
    key, offered = needs[model.kind]
    told = []
    if not offered:
        told.append(("id", f"{key} is missing: say what {model.name} offers"))
    if model.kind == "video" and not model.seconds:
        told.append(("id", f"seconds is missing: say how long the clips of {model.name} may be"))
    for prices in (model.prices, *(change.prices for change in model.price_changes)):
        without = [name for name in offered if name not in prices]
        if model.paid and without:
            told.append(("prices", f"{model.name} has no price for {listing(without, 'and')}"))
    stray = [name for name in model.seconds_at if name not in model.resolutions]
    if stray:
        told.append(("seconds_at", f"{listing(stray, 'and')} is not among the resolutions"))
    return told
