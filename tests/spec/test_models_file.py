"""models.toml beside vidpipe.toml: a project's own word on models, and every problem of it with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.spec.loading import load, told_of
from vidpipe.commands.models import models
from vidpipe.errors import SpecError
from vidpipe.providers.registry import default_model

if TYPE_CHECKING:
    from pathlib import Path

GOOGLE = "script: a\nprovider: google\n"
NEW = """
as_of = 2027-02-01

[[models]]
provider = "google"
kind = "video"
id = "veo-4"
aliases = ["newest"]
prices = { 720p = "0.50", 1080p = 0.60 }
seconds = { from = 4, to = 12 }
seconds_at = { 1080p = [8] }
resolutions = ["720p", "1080p"]
aspect_ratios = ["16:9"]
audio = "optional"
modes = ["vertex"]
"""
CHEAPER = """
[[models]]
provider = "google"
kind = "video"
id = "veo-3.1-generate-001"

[models.prices]
720p = "0.10"
1080p = "0.10"
4k = "0.20"
"""


@pytest.fixture
def shop(project: Path) -> Path:
    """Return the models.toml of a project that has a vidpipe.toml."""
    (project / "vidpipe.toml").write_text("", "utf-8")
    return project / "models.toml"


def test_a_new_model_can_be_named_priced_and_limited(shop: Path) -> None:
    shop.write_text(NEW, "utf-8")
    shop.with_name("vidpipe.toml").write_text('[limits."google:veo-4"]\nin_flight = 9\n', "utf-8")
    loaded = load(f'{GOOGLE}models: {{video: "google:veo-4"}}\nseconds: 12\n')
    model = loaded.video_model
    assert model.clip_price(12, "720p", audio=True) == Decimal("6.00")
    assert (model.seconds, model.as_of) == (tuple(range(4, 13)), date(2027, 2, 1))
    assert loaded.settings.limits_of(model).in_flight == 9
    assert model in loaded.settings.provider("google").models
    assert load(f'{GOOGLE}models: {{video: "google:newest"}}\n').video_model == model


def test_what_a_new_model_does_not_offer_is_refused_like_any_other(shop: Path) -> None:
    shop.write_text(NEW, "utf-8")
    assert "google:veo-4 makes 1080p clips of 8 seconds only (got 4)" in told_of(
        f'{GOOGLE}models: {{video: "google:veo-4"}}\nseconds: 4\nresolution: 1080p\n'
    )


def test_of_a_known_model_only_what_is_named_is_changed_and_the_default_stays(shop: Path) -> None:
    before = default_model("google", "video")
    shop.write_text(NEW + CHEAPER, "utf-8")
    model = load(GOOGLE).video_model
    assert (model.id, model.seconds, model.seed) == (before.id, before.seconds, before.seed)
    assert model.prices_on()["4k"] == Decimal("0.20")
    assert before.prices["4k"] == Decimal("0.60")


def test_prices_of_ones_own_are_not_undone_by_the_datas_dated_ones(shop: Path) -> None:
    table = (
        '[[models]]\nprovider = "google"\nkind = "text"\nid = "gemini-3.8-flash"\nprices = { in = "1", out = "2" }\n'
    )
    shop.write_text(table, "utf-8")
    assert load(GOOGLE).text_model.text_price(1_000_000, 0, date(2027, 6, 1)) == 1


def test_a_project_without_such_a_file_knows_what_vidpipe_knows(shop: Path) -> None:
    loaded = load(GOOGLE)
    assert loaded.settings.file.models == ()
    assert not shop.exists()


def test_the_list_of_models_counts_it_in(shop: Path) -> None:
    shop.write_text(NEW, "utf-8")
    assert [model.id for model in models("google") if model.kind == "video"][-1] == "veo-4"


def test_a_speech_model_is_priced_by_tokens_or_by_letters_and_by_nothing_else(shop: Path) -> None:
    table = '[[models]]\nprovider = "google"\nkind = "speech"\nid = "tts-9"\nvoices = ["Ada"]\nprices = {{ {} }}\n'
    shop.write_text(table.format('characters = "16"'), "utf-8")
    assert models("google")[-1].voices == ("Ada",)
    shop.write_text(table.format('in = "1", out = "2"'), "utf-8")
    assert models("google")[-1].speech_price(0, 10**6, 10**6) == 3
    shop.write_text(table.format('in = "1"'), "utf-8")
    with pytest.raises(SpecError, match="google:tts-9 has no price for out"):
        models("google")


def test_the_file_is_among_the_sources_of_a_spec(shop: Path) -> None:
    shop.write_text(NEW, "utf-8")
    assert shop in load(GOOGLE).sources


HEAD = '[[models]]\nprovider = "google"\nkind = "video"\n'
WRONG = {
    "not TOML": (
        "[[models]\n",
        ["models.toml:1:9: is not valid TOML: expected ']]' at the end of an array declaration"],
    ),
    "an unknown key": (
        f'{HEAD}id = "veo-9"\nresolution = ["720p"]\n',
        ["models.toml:5:1: models[0].resolution: is no key that vidpipe knows; did you mean resolutions?"],
    ),
    "a missing key": (
        '[[models]]\nprovider = "google"\n',
        [f"models.toml:1:3: models[0].{key}: is missing" for key in ("kind", "id")],
    ),
    "the second table": (
        f'{HEAD}id = "veo-3.1-generate-001"\n{HEAD}id = "veo-3.1-fast-generate-001"\nseconds = ["4"]\n',
        ["models.toml:9:11: models[1].seconds: must be a whole number (got the text 4: remove its quotes)"],
    ),
    "a table inside a table": (
        f'{HEAD}id = "veo-3.1-generate-001"\n[models.prices]\n720p = "cheap"\n',
        ['models.toml:6:8: models[0].prices.720p: must be an amount of US dollars, such as "0.40" (got cheap)'],
    ),
    "a model without what it offers": (
        f'{HEAD}id = "veo-9"\n',
        [
            "models.toml:4:6: models[0].id: resolutions is missing: say what google:veo-9 offers",
            "models.toml:4:6: models[0].id: seconds is missing: say how long the clips of google:veo-9 may be",
        ],
    ),
    "a resolution without a price": (
        f'{HEAD}id = "veo-9"\nseconds = [4]\nresolutions = ["720p", "4k"]\nprices = {{ 720p = "1" }}\n',
        ["models.toml:7:10: models[0].prices: google:veo-9 has no price for 4k"],
    ),
    "the wrong kind": (
        '[[models]]\nprovider = "google"\nkind = "video"\nid = "gemini-3.8-flash"\n',
        ["models.toml:3:8: models[0].kind: google:gemini-3.8-flash is a model for storyboards: write text"],
    ),
    "an unknown provider": (
        '[[models]]\nprovider = "gogle"\nkind = "video"\nid = "x"\n',
        ["models.toml:2:12: models[0].provider: there is no provider gogle"],
    ),
    "animatic": (
        '[[models]]\nprovider = "animatic"\nkind = "video"\nid = "move"\n',
        ["models.toml:2:12: models[0].provider: animatic is part of vidpipe and has no other models"],
    ),
    "one model twice": (
        f'{HEAD}id = "veo-3.1-generate-001"\n{HEAD}id = "veo-3.1-generate-001"\n',
        ["models.toml:8:6: models[1].id: google:veo-3.1-generate-001 stands here twice"],
    ),
    "a date in quotes": (
        f'as_of = "yesterday"\n{HEAD}id = "veo-3.1-generate-001"\nretired_on = "2026-12-01"\n',
        [
            "models.toml:1:9: as_of: must be a date without quotes, such as 2026-12-31 (got yesterday)",
            "models.toml:6:14: models[0].retired_on: must be a date without quotes",
        ],
    ),
    "a text where a list belongs": (
        f'{HEAD}id = "veo-3.1-generate-001"\nseconds = 4\naliases = "veo"\n',
        [
            "models.toml:5:11: models[0].seconds: must be a list (got 4)",
            "models.toml:6:11: models[0].aliases: must be a list (got veo)",
        ],
    ),
    "an alias of another model": (
        NEW.replace('["newest"]', '["newest", "veo-3.1", "gemini-3.8-flash"]'),
        [
            "models.toml:8:11: models[0].aliases: veo-3.1 means google:veo-3.1-generate-001 already",
            "models.toml:8:11: models[0].aliases: gemini-3.8-flash means google:gemini-3.8-flash already",
        ],
    ),
    "a range that is none": (
        f'{HEAD}id = "veo-3.1-generate-001"\nseconds = {{ from = 9, to = 4 }}\n',
        ["models.toml:5:11: models[0].seconds: must be a list of seconds, or { from = 4, to = 8 }"],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), WRONG.values(), ids=WRONG)
def test_every_problem_is_told_with_its_place(shop: Path, text: str, wanted: list[str]) -> None:
    shop.write_text(text, "utf-8")
    told = told_of(GOOGLE).splitlines()
    assert len(told) == len(wanted), told
    assert all(line.startswith(start) for line, start in zip(told, wanted, strict=True)), told
