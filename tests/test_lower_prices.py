"""A price of models.toml that is lower than the shipped one is named before it is counted with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from vidpipe.lower_prices import cheaper_than_shipped
from vidpipe.providers.catalogue import Model, PriceChange, built_in_models

if TYPE_CHECKING:
    from tests.project import Project

MODELS = {model.id: model for model in built_in_models()}
VEO, PICTURE = MODELS["veo-3.1-generate-001"], MODELS["gemini-3-pro-image"]
VOICE, TEXT = MODELS["gemini-3.8-flash-tts"], MODELS["gemini-3.8-flash"]
DAY = date(2026, 12, 1)
SAYS = "models.toml says that google:"
BESIDE = "(vidpipe ships"
END = "; --max-cost counts with models.toml"


def priced(model: Model, **prices: str) -> Model:
    named = {name.removeprefix("_").replace("_", " "): Decimal(price) for name, price in prices.items()}
    return replace(model, prices=named, price_changes=())


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            priced(VEO, _720p="0.10", _1080p="0.50", _4k="0.00001"),
            f"{SAYS}{VEO.id} costs $0.10 for 720p {BESIDE} $0.40) and $0.00001 for 4k {BESIDE} $0.60){END}",
        ),
        (
            priced(VEO, _720p="0.40", _1080p="0.40", _4k="0.60", _720p_silent="0.20"),
            f"{SAYS}{VEO.id} costs $0.20 for 720p silent (vidpipe ships $0.40){END}",
        ),
        (
            priced(PICTURE, _1K="0.134", _2K="0.134", _4K="0.24"),
            f"{SAYS}{PICTURE.id} costs $0.00 for input (vidpipe ships $0.0011){END}",
        ),
        (
            priced(VOICE, characters="1"),
            f"{SAYS}{VOICE.id} costs $1.00 for characters (vidpipe ships no such price){END}",
        ),
        (priced(VEO, _720p="0.41", _1080p="0.40", _4k="0.60", _4k_silent="0.60"), ""),
        (VEO, ""),
        (replace(priced(VEO, _720p="0.01"), id="veo-9"), ""),
        (MODELS["move"], ""),
    ],
    ids=["lower", "silence", "sent along", "by letters", "dearer", "the same", "a new one", "free"],
)  # fmt: skip
def test_a_lower_price_is_named_beside_the_shipped_one(model: Model, said: str) -> None:
    assert cheaper_than_shipped(model, DAY) == ([said] if said else [])


def test_prices_are_compared_on_the_day() -> None:
    later = replace(TEXT, price_changes=())
    assert cheaper_than_shipped(later, DAY) == []
    (said,) = cheaper_than_shipped(later, date(2027, 1, 1))
    assert "$0.75 for in (vidpipe ships $1.50)" in said
    change = PriceChange(date(2026, 1, 1), {name: Decimal("0.01") for name in VEO.prices})
    assert cheaper_than_shipped(replace(VEO, price_changes=(change,)), DAY)


def test_a_plan_and_a_run_name_it_once_and_only_for_what_is_to_be_made(toy: Project) -> None:
    (toy.root / "vidpipe.toml").write_text("")
    (toy.root / "models.toml").write_text(
        '[[models]]\nprovider = "toy"\nkind = "video"\nid = "film-1"\nprices = { 720p = "0.25" }\n'
    )
    toy.spec()
    said = "models.toml says that toy:film-1 costs $0.25 for 720p (vidpipe ships $0.50)"
    planned, ran = toy.plan(), toy.done()
    assert [len([line for line in each.said.splitlines() if said in line]) for each in (planned, ran)] == [1, 1]
    assert said not in toy.done().said
