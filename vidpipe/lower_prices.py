"""Prices of models.toml that are lower than those that vidpipe ships: told before they are counted with.

Vendors do lower prices. But whoever can change models.toml decides what --max-cost counts with.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.providers.registry import provider_entry
from vidpipe.spec.project import MODELS_NAME
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from vidpipe.providers.catalogue import Model

NOTHING = Decimal(0)
INPUT, SILENT = "input", " silent"


def cheaper_than_shipped(model: Model, day: date) -> list[str]:
    """Return what is to be said of a model's prices on a day: a sentence where one of them is lower, or nothing."""
    shipped = next((known for known in provider_entry(model.provider).models if known.id == model.id), None)
    if shipped is None or not model.paid:
        return []
    now, before = model.prices_on(day), shipped.prices_on(day)
    if model.kind == "speech" and now.keys() != before.keys():
        told = [f"{_exact(price)} for {name} (vidpipe ships no such price)" for name, price in now.items()]
    else:
        pairs = [(name, _price(now, name), _price(before, name)) for name in dict.fromkeys([*now, *before])]
        told = [
            f"{_exact(price)} for {name} (vidpipe ships {_exact(known)})"
            for name, price, known in pairs
            if price is not None and known is not None and price < known
        ]
    if not told:
        return []
    return [f"{MODELS_NAME} says that {model.name} costs {listing(told, 'and')}; --max-cost counts with {MODELS_NAME}"]


def _price(prices: Mapping[str, Decimal], name: str) -> Decimal | None:
    """Return a price, or what counts where it is not named: silence costs what sound does, a picture sent nothing."""
    otherwise = NOTHING if name == INPUT else prices.get(name.removesuffix(SILENT))
    return prices.get(name, otherwise)


def _exact(price: Decimal) -> str:
    return dollars(price) if price == round(price, 4) else f"${price:.6f}".rstrip("0")
