"""The form of models.toml: what may be said of a model, and in which words."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from vidpipe.providers.catalogue import Audio, Kind, Retirer  # noqa: TC001 - pydantic reads them
from vidpipe.spec.model import Part
from vidpipe.spec.tables import InFlight, Location, PerMinute, Word

LONGEST = 3_600


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
    id: Word
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
    location: Location | None = None
    aliases: list[Word] = Field([])
    retired_on: date | None = None
    retired_by: Retirer | None = None
    in_flight: InFlight = 4
    per_minute: PerMinute | None = None


class ModelsFile(Part):
    """The whole file; `as_of` dates all models that name no date of their own."""

    as_of: date | None = None
    models: list[ModelTable] = Field([])
