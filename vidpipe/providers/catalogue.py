"""What is known of the models: what each can do, what it costs, and since when that was true.

The data of the built-in providers is `models.toml` beside this file; a third party's provider brings its own models
(see `registry`). Prices are Decimals in US dollars and are never rounded.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kind = Literal["text", "image", "video", "speech"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Audio = Literal["always", "optional", "never"]
Retirer = Literal["vendor", "third party"]

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceChange:
    """Prices that hold from a day on, instead of the earlier ones."""

    start: date
    prices: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of a provider; fields that its kind has no use for keep their defaults.

    Keys of `prices`: a video's resolution, for one second ("720p silent" where a clip without sound has a price of its
    own); a picture's size, and "input" for each picture sent along; "in" and "out" for a million tokens of text, or of
    text and of speech; "characters" for a million characters that are spoken, where that is what is billed.
    `seconds_at` narrows `seconds` for single resolutions, `inputs` is the most pictures that a new one is drawn from.
    `voices` are those that a speech model is known to have, its default first; it may have others. `modes` are the ways
    to reach a model, `aliases` other names that specs may call it by. An empty tuple, or None, means that no limit is
    known.
    """

    id: str
    provider: str
    kind: Kind
    paid: bool
    prices: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    price_changes: tuple[PriceChange, ...] = field(default=(), hash=False)
    as_of: date | None = None
    seconds: tuple[int, ...] = ()
    seconds_at: Mapping[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    resolutions: tuple[str, ...] = ()
    aspect_ratios: tuple[str, ...] = ()
    audio: Audio = "never"
    seed: bool = False
    negative_prompt: bool = False
    image_sizes: tuple[str, ...] = ()
    inputs: int | None = None
    temperature: bool = True
    voices: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    location: str | None = None
    aliases: tuple[str, ...] = ()
    retired_on: date | None = None
    retired_by: Retirer | None = None
    in_flight: int = 4
    per_minute: int | None = None

    @property
    def name(self) -> str:
        """Return the name that specs use: `provider:id`."""
        return f"{self.provider}:{self.id}"

    def is_retired(self, day: date) -> bool:
        """Tell whether the vendor itself has retired this id by that day; a third party's date only warns."""
        return self.retired_on is not None and self.retired_by == "vendor" and self.retired_on <= day

    def lengths(self, resolution: str) -> tuple[int, ...]:
        """Return the clip lengths, in seconds, that are offered at a resolution."""
        return self.seconds_at.get(resolution, self.seconds)

    def offers(self) -> str:
        """Put what a video model can be asked for into words."""
        by_lengths: dict[tuple[int, ...], list[str]] = {}
        for resolution, lengths in self.seconds_at.items():
            by_lengths.setdefault(lengths, []).append(resolution)
        narrowed = [f"{listing(names, 'and')} only {lengths_text(lengths)}" for lengths, names in by_lengths.items()]
        note = f" ({', '.join(narrowed)})" if narrowed else ""
        parts = [f"{lengths_text(self.seconds)}{note}", listing(self.resolutions), listing(self.aspect_ratios)]
        return "; ".join(part for part in parts if part)

    def clip_price(self, seconds: int, resolution: str, audio: bool, day: date | None = None) -> Decimal:
        """Return the price of one clip on a day (None: today). Raises KeyError where the resolution has none."""
        if not self.paid:
            return Decimal(0)
        prices = self.prices_on(day)
        silent = None if audio else prices.get(f"{resolution} silent")
        return seconds * (prices[resolution] if silent is None else silent)

    def picture_price(self, image_size: str, inputs: int, day: date | None = None) -> Decimal:
        """Return the price of one picture drawn from `inputs` others. Raises KeyError where the size has none."""
        if not self.paid:
            return Decimal(0)
        prices = self.prices_on(day)
        return prices[image_size] + inputs * prices.get("input", Decimal(0))

    def text_price(self, tokens_in: int, tokens_out: int, day: date | None = None) -> Decimal:
        """Return the price of one reply. Raises KeyError where the model has no price for text."""
        if not self.paid:
            return Decimal(0)
        prices = self.prices_on(day)
        return _by_tokens(prices, tokens_in, tokens_out)

    def speech_price(self, characters: int, tokens_in: int, tokens_out: int, day: date | None = None) -> Decimal:
        """Return the price of a speech, by its characters or by its tokens. Raises KeyError where it has none."""
        if not self.paid:
            return Decimal(0)
        prices = self.prices_on(day)
        if "characters" in prices:
            return characters * prices["characters"] / MILLION
        return _by_tokens(prices, tokens_in, tokens_out)

    def prices_on(self, day: date | None = None) -> Mapping[str, Decimal]:
        """Return the prices that hold on a day (None: today, in UTC)."""
        if not self.price_changes:
            return self.prices
        today = day or datetime.now(UTC).date()
        begun = [change for change in self.price_changes if change.start <= today]
        return max(begun, key=lambda change: change.start).prices if begun else self.prices


def _by_tokens(prices: Mapping[str, Decimal], tokens_in: int, tokens_out: int) -> Decimal:
    """Return the price of tokens; nothing for numbers that count none, as of a reply that says less than nothing."""
    if tokens_in < 0 or tokens_out < 0:
        return Decimal(0)
    return (tokens_in * prices["in"] + tokens_out * prices["out"]) / MILLION


def lengths_text(lengths: tuple[int, ...]) -> str:
    """Put clip lengths into words: `4, 6 or 8 seconds`, `1 to 60 seconds`."""
    is_range = len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1))
    text = f"{lengths[0]} to {lengths[-1]}" if is_range else listing(str(length) for length in lengths)
    return f"{text} second" if text == "1" else f"{text} seconds"


@cache
def built_in_models() -> tuple[Model, ...]:
    """Read the data file; of one provider and kind, the first model is the default."""
    data = tomllib.loads(files("vidpipe.providers").joinpath("models.toml").read_text(encoding="utf-8"))
    return tuple(Model(as_of=data["as_of"], **_fields(entry)) for entry in data["models"])


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Turn one table of the data file into the arguments of a Model, which refuses keys that it does not know."""
    convert: dict[str, Callable[[Any], object]] = {
        "prices": _prices,
        "price_changes": lambda changes: tuple(PriceChange(c["from"], _prices(c["prices"])) for c in changes),
        "seconds": _lengths,
        "seconds_at": lambda lengths: {name: _lengths(value) for name, value in lengths.items()},
    }
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return plain | {key: convert[key](entry[key]) for key in convert.keys() & entry.keys()}


def _prices(table: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(price) for name, price in table.items()}


def _lengths(value: list[int] | dict[str, int]) -> tuple[int, ...]:
    return tuple(range(value["from"], value["to"] + 1)) if isinstance(value, dict) else tuple(value)
