"""models.toml is a file of the project: it corrects prices, and turns nothing that is paid for into something free."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.closed import never_opened
from tests.spec.loading import load, told_of
from tests.toy import models as toy_models
from vidpipe.providers import registry
from vidpipe.providers.registry import ProviderEntry, all_models

if TYPE_CHECKING:
    from pathlib import Path

GOOGLE = "script: a\nprovider: google\n"
VEO = '[[models]]\nprovider = "google"\nkind = "video"\nid = "veo-3.1-generate-001"\n'
NEW = (
    '[[models]]\nprovider = "google"\nkind = "video"\nid = "veo-4"\nseconds = [4]\n'
    'resolutions = ["720p"]\nprices = { 720p = "1" }\n'
)


@pytest.fixture
def shop(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the models.toml of a project, with three third parties: one is paid, one is free, one has no models."""
    (project / "vidpipe.toml").write_text("", "utf-8")
    for name, models in (
        ("dear", toy_models("dear", paid=True)),
        ("free", toy_models("free", paid=False)),
        ("new", ()),
    ):
        monkeypatch.setitem(registry.PROVIDERS, name, ProviderEntry(name, models, never_opened))
    return project / "models.toml"


def third(provider: str, name: str, *more: str) -> str:
    lines = ["[[models]]", f'provider = "{provider}"', 'kind = "text"', f'id = "{name}"', *more]
    return "\n".join(lines) + "\n"


NAME = "google:veo-3.1-generate-001"
LOCATION_RULE = "must be small letters, digits and hyphens, at most 40, such as us-central1"
NOT_FREE = "is paid for, whatever this file says, and would be bought without being counted: remove this line"
PAID = "is paid for: write what its vendor takes, 0.000001 at least"
WRONG = {
    "a known model for nothing": (f"{VEO}paid = false\n", f"5:8: models[0].paid: {NAME} {NOT_FREE}"),
    "a new model for nothing": (f"{NEW}paid = false\n", f"8:8: models[0].paid: google:veo-4 {NOT_FREE}"),
    "a third party's": (third("dear", "write-1", "paid = false"), f"5:8: models[0].paid: dear:write-1 {NOT_FREE}"),
    "a third party's new one": (third("dear", "x", "paid = false"), f"5:8: models[0].paid: dear:x {NOT_FREE}"),
    "one of whom nothing is known": (third("new", "x", "paid = false"), f"5:8: models[0].paid: new:x {NOT_FREE}"),
    "a price of nothing": (
        f"{VEO}[models.prices]\n720p = 0\n1080p = 1\n4k = 1\n",
        f"6:8: models[0].prices.720p: google:veo-3.1-generate-001 {PAID} (got 0)",
    ),
    "a price of next to nothing": (
        f'{VEO}[models.prices]\n720p = "1e-30"\n1080p = 1\n4k = 1\n',
        f"6:8: models[0].prices.720p: google:veo-3.1-generate-001 {PAID} (got 1E-30)",
    ),
    "a price below nothing": (
        f"{VEO}[models.prices]\n720p = -1\n1080p = 1\n4k = 1\n",
        "6:8: models[0].prices.720p: must be at least 0 (got -1)",
    ),
    "silence for nothing": (
        f'{VEO}[models.prices]\n720p = 1\n1080p = 1\n4k = 1\n"720p silent" = 0\n',
        f"9:17: models[0].prices.720p silent: google:veo-3.1-generate-001 {PAID} (got 0)",
    ),
    "a price of nothing from a day on": (
        f"{VEO}price_changes = [{{ from = 2020-01-01, prices = {{ 720p = 0, 1080p = 1, 4k = 1 }} }}]\n",
        f"5:17: models[0].price_changes: google:veo-3.1-generate-001 {PAID} (got 0)",
    ),
    "a model that leads elsewhere": (
        NEW.replace("veo-4", "../../x?y="),
        "4:6: models[0].id: must be a model's id, of letters, digits, points, hyphens, _ and @ (got ../../x?y=)",
    ),
    "a location that leads elsewhere": (
        f'{VEO}location = "evil.invalid/"\n',
        f"5:12: models[0].location: {LOCATION_RULE} (got evil.invalid/)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), WRONG.values(), ids=WRONG)
def test_what_would_be_bought_unseen_or_elsewhere_is_told_with_its_place(shop: Path, text: str, wanted: str) -> None:
    shop.write_text(text, "utf-8")
    assert told_of(GOOGLE).splitlines() == [f"models.toml:{wanted}"]


@pytest.mark.parametrize("model", ["write-1", "another"])
def test_a_provider_whose_own_models_are_free_may_have_more_of_them(shop: Path, model: str) -> None:
    shop.write_text(third("free", model, "paid = false"), "utf-8")
    assert not load(f'script: a\nprovider: free\nmodels: {{text: "free:{model}"}}\n').text_model.paid


def test_a_model_that_its_provider_calls_free_may_be_said_to_be_paid(shop: Path) -> None:
    shop.write_text(third("free", "write-1", "paid = true", 'prices = { in = "1", out = "2" }'), "utf-8")
    assert load("script: a\nprovider: free\n").text_model.text_price(10**6, 0) == 1


def test_lower_prices_than_the_shipped_ones_are_believed(shop: Path) -> None:
    shop.write_text(f'{VEO}prices = {{ 720p = "0.000001", 1080p = "0.01", 4k = "0.01" }}\n', "utf-8")
    assert load(GOOGLE).video_model.prices_on()["720p"] == Decimal("0.000001")


def test_what_a_third_party_calls_its_models_is_its_own_affair(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = toy_models("dear", paid=True)
    odd = tuple(replace(model, id="me/write") if model.kind == "text" else model for model in models)
    monkeypatch.setitem(registry.PROVIDERS, "dear", ProviderEntry("dear", odd, never_opened))
    shop.write_text(third("dear", "me/write", 'prices = { in = "9", out = "9" }'), "utf-8")
    assert load("script: a\nprovider: dear\n").text_model.prices["in"] == 9
    shop.write_text(third("dear", "me/other", 'prices = { in = "9", out = "9" }'), "utf-8")
    assert "models[0].id: must be a model's id" in told_of("script: a\nprovider: dear\n")


def test_thousands_of_models_are_looked_up_once(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(provider: str, own: tuple[object, ...]) -> object:
        asked.append(provider)
        return all_models(provider, own)  # type: ignore[arg-type]

    monkeypatch.setattr("vidpipe.spec.models_file.all_models", counted)
    prices = 'prices = { in = "1", out = "2" }'
    shop.write_text("".join(third("google", f"m{n}", f'aliases = ["a{n}"]', prices) for n in range(200)), "utf-8")
    assert load(f'{GOOGLE}models: {{text: "google:a150"}}\n').text_model.id == "m150"
    assert asked == ["google"]


def test_thousands_of_limits_of_no_model_are_not_all_told(shop: Path) -> None:
    tables = "".join(f'[limits."google:x{number}"]\nin_flight = 1\n' for number in range(1_000))
    shop.with_name("vidpipe.toml").write_text(tables, "utf-8")
    assert len(told_of(GOOGLE).splitlines()) < 60
