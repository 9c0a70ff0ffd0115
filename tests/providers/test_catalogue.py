"""The models: whole data, exact prices, and names that are found or told apart."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.closed import never_opened
from vidpipe.errors import UsageError
from vidpipe.providers import registry
from vidpipe.providers.catalogue import KINDS, Kind, Model, built_in_models
from vidpipe.providers.registry import (
    PROVIDERS,
    ProviderEntry,
    default_model,
    find_model,
    models_of,
    provider_entry,
    provider_names,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

MODELS = {model.name: model for model in built_in_models()}
IN_2026 = date(2026, 12, 31)
IN_2027 = date(2027, 1, 1)


def test_every_model_is_named_once_and_dated() -> None:
    assert len(MODELS) == len(built_in_models())
    assert {model.as_of for model in MODELS.values()} == {date(2026, 11, 22)}


@pytest.mark.parametrize("name", MODELS)
def test_a_paid_model_has_a_price_for_all_it_offers_and_a_free_one_none(name: str) -> None:
    model = MODELS[name]
    tokens = ("in", "out")
    wanted = {"text": tokens, "image": model.image_sizes, "video": model.resolutions, "speech": tokens}[model.kind]
    assert wanted
    assert model.paid == bool(model.prices) == (model.provider == "google")
    if model.paid:
        assert set(wanted) <= set(model.prices)


@pytest.mark.parametrize("name", MODELS)
def test_a_retired_model_says_who_says_so(name: str) -> None:
    assert (MODELS[name].retired_on is None) == (MODELS[name].retired_by is None)


@pytest.mark.parametrize(
    ("model", "resolution", "price"),
    [
        ("veo-3.1-generate-001", "720p", "3.20"),
        ("veo-3.1-generate-001", "1080p", "3.20"),
        ("veo-3.1-generate-001", "4k", "4.80"),
        ("veo-3.1-fast-generate-001", "1080p", "0.96"),
        ("veo-3.1-lite-generate-001", "720p", "0.40"),
        ("gemini-omni-1.1-flash", "360p", "0.24"),
    ],
)
def test_a_clip_costs_its_seconds(model: str, resolution: str, price: str) -> None:
    assert MODELS[f"google:{model}"].clip_price(8, resolution, audio=True) == Decimal(price)


def test_a_clip_without_sound_costs_less_only_where_the_data_says_so() -> None:
    prices = {"720p": Decimal("0.4"), "720p silent": Decimal("0.2"), "1080p": Decimal("0.5")}
    model = Model(id="m", provider="p", kind="video", paid=True, prices=prices)
    assert model.clip_price(2, "720p", audio=False) == Decimal("0.4")
    assert model.clip_price(2, "720p", audio=True) == Decimal("0.8")
    assert model.clip_price(2, "1080p", audio=False) == Decimal("1.0")


def test_a_picture_costs_its_size_and_the_pictures_sent_along() -> None:
    model = MODELS["google:gemini-3-pro-image"]
    assert model.picture_price("2K", inputs=0) == Decimal("0.134")
    assert model.picture_price("4K", inputs=3) == Decimal("0.2433")
    assert MODELS["google:gemini-3.1-flash-image"].picture_price("1K", inputs=2) == Decimal("0.067")


def test_tokens_cost_what_they_cost_on_the_day() -> None:
    model = MODELS["google:gemini-3.8-flash"]
    assert model.text_price(1_000_000, 2_000_000, IN_2026) == Decimal("8.25")
    assert model.text_price(1_000_000, 2_000_000, IN_2027) == Decimal("16.50")
    assert MODELS["google:gemini-3.1-pro-preview"].text_price(1_000, 1_000, IN_2027) == Decimal("0.014")


def test_the_example_of_the_price_table_comes_out_exactly() -> None:
    film, draw = default_model("google", "video"), default_model("google", "image")
    assert 5 * film.clip_price(8, "1080p", audio=True) == Decimal("16.00")
    assert 6 * draw.picture_price("2K", inputs=0) == Decimal("0.804")


def test_the_animatic_costs_nothing() -> None:
    assert default_model("animatic", "video").clip_price(60, "4k", audio=True) == 0
    assert default_model("animatic", "image").picture_price("4K", inputs=14) == 0
    assert default_model("animatic", "text").text_price(10**6, 10**6) == 0


def test_what_a_model_does_not_offer_has_no_price() -> None:
    with pytest.raises(KeyError):
        MODELS["google:veo-3.1-lite-generate-001"].clip_price(8, "4k", audio=True)


def test_lengths_are_narrowed_where_the_resolution_wants_it() -> None:
    veo = MODELS["google:veo-3.1-generate-001"]
    assert [veo.lengths(resolution) for resolution in ("720p", "1080p", "4k")] == [(4, 6, 8), (8,), (8,)]
    assert veo.offers() == "4, 6 or 8 seconds (1080p and 4k only 8 seconds); 720p, 1080p or 4k; 16:9 or 9:16"
    assert replace(veo, seconds_at={}, aspect_ratios=()).offers() == "4, 6 or 8 seconds; 720p, 1080p or 4k"
    assert default_model("animatic", "video").offers() == "1 to 60 seconds; 720p, 1080p or 4k; 16:9 or 9:16"


def test_only_the_vendor_itself_retires_a_model() -> None:
    day = date(2026, 11, 22)
    assert MODELS["google:gemini-3-pro-image-preview"].is_retired(day)
    assert not MODELS["google:gemini-3-pro-image-preview"].is_retired(date(2026, 11, 21))
    assert not MODELS["google:veo-3.1-generate-001"].is_retired(date(2030, 1, 1))


def test_the_defaults_are_the_known_ones() -> None:
    names = [[default_model(provider, kind).name for kind in KINDS] for provider in ("animatic", "google")]
    assert names == [
        ["animatic:script", "animatic:draw", "animatic:move", "animatic:speak"],
        [
            "google:gemini-3.8-flash",
            "google:gemini-3-pro-image",
            "google:veo-3.1-generate-001",
            "google:gemini-3.8-flash-tts",
        ],
    ]


def test_for_a_provider_that_cannot_speak_the_animatic_does(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = ProviderEntry("dumb", (), lambda _settings: pytest.fail("nothing is opened"))
    monkeypatch.setitem(registry.PROVIDERS, "dumb", entry)
    assert default_model("dumb", "speech").name == "animatic:speak"
    with pytest.raises(UsageError, match="provider dumb has no image model"):
        default_model("dumb", "image")


def test_speech_is_paid_for_by_tokens_or_by_letters() -> None:
    model = MODELS["google:gemini-3.8-flash-tts"]
    assert model.speech_price(10**6, 2_000_000, 1_000_000, IN_2026) == Decimal(10)
    assert model.speech_price(10**6, 2_000_000, 1_000_000, IN_2027) == Decimal(20)
    by_letters = replace(model, prices={"characters": Decimal(16)}, price_changes=())
    assert by_letters.speech_price(500_000, 2_000_000, 1_000_000) == Decimal(8)
    assert default_model("animatic", "speech").speech_price(10**6, 10**6, 10**6) == 0


def test_both_of_the_newer_speech_models_have_the_voices_that_all_models_have() -> None:
    found = {MODELS[f"google:{name}"].voices for name in ("gemini-3.8-flash-tts", "gemini-3.8-flash-lite-tts")}
    (voices,) = found
    assert voices[0] == "Kore"
    assert len(voices) == len(set(voices)) == 30


@pytest.mark.parametrize(
    ("reference", "kind", "message"),
    [
        ("google:veo-3.1-generat-001", "video", "did you mean google:veo-3.1-generate-001?"),
        ("google:gemini-3-pro-image-previw", "image", "did you mean google:gemini-3-pro-image?"),
        ("Google:x", "text", "there is no provider Google; known: animatic and google; did you mean google?"),
        ("move", "video", "must be written provider:model (got move)"),
        ("animatic:move", "text", "animatic:move is a model for clips, not for storyboards"),
        ("animatic:move\x1b[31m", "video", "there is no video model animatic:move\\x1b[31m"),
    ],
)
def test_an_unknown_model_is_told_with_the_known_ones(reference: str, kind: Kind, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_model(reference, kind)
    assert message in str(caught.value)


def test_a_model_that_its_vendor_retired_is_found_but_not_recommended() -> None:
    assert find_model("google:gemini-3-pro-image-preview", "image").is_retired(IN_2026)
    with pytest.raises(UsageError) as caught:
        find_model("google:gemini-9", "image")
    assert "preview" not in str(caught.value)


def test_google_is_opened_without_its_sdk() -> None:
    code = (
        "import sys; from vidpipe.providers.registry import ProviderSettings, provider_entry;"
        "provider_entry('google').open(ProviderSettings()); print([n for n in sys.modules if n.startswith('google.')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = [name for name in ("google.genai", "google.auth", "httpx2") if repr(name) in ran.stdout]
    assert names == []


def test_models_of_an_entry_in_the_dict_are_found_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(id="film", provider="test", kind="video", paid=True, prices={"720p": Decimal("0.40")})
    monkeypatch.setitem(PROVIDERS, "test", ProviderEntry("test", (model,), never_opened))
    assert find_model("test:film", "video") is model
    assert default_model("test", "video") is model
    assert models_of("test", "text") == ()
    assert provider_names()[:3] == ("animatic", "google", "test")
    with pytest.raises(UsageError, match=r"provider test has no text model; name another provider's in models.text"):
        default_model("test", "text")


class _Point:
    """An entry point of another distribution."""

    def __init__(self, name: str, loaded: object) -> None:
        self.name = name
        self.loaded = loaded

    def load(self) -> object:
        """Return the object, or fail as a broken distribution does."""
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


def _install(monkeypatch: pytest.MonkeyPatch, point: _Point) -> None:
    def points(*, group: str, name: str | None = None) -> list[EntryPoint | _Point]:
        return [point] if group == "vidpipe.providers" and name in {None, point.name} else []

    monkeypatch.setattr(registry, "entry_points", points)


def test_a_third_party_registers_by_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(id="film", provider="acme", kind="video", paid=True)
    _install(monkeypatch, _Point("acme", ProviderEntry("acme", (model,), never_opened)))
    assert provider_names() == ("animatic", "google", "acme")
    assert find_model("acme:film", "video") is model


@pytest.mark.parametrize(
    ("loaded", "message"),
    [
        (ImportError("no module named moon"), "provider acme cannot be loaded: ImportError: no module named moon"),
        (object(), "provider acme: its entry point must be a ProviderEntry named 'acme'"),
        (ProviderEntry("other", (), never_opened), "its entry point must be a ProviderEntry named 'acme'"),
    ],
)
def test_a_broken_third_party_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, loaded: object, message: str
) -> None:
    _install(monkeypatch, _Point("acme", loaded))
    with pytest.raises(UsageError, match=message):
        provider_entry("acme")


def test_a_built_in_provider_cannot_be_replaced_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, _Point("animatic", ProviderEntry("animatic", (), never_opened)))
    assert provider_names() == ("animatic", "google")
    assert default_model("animatic", "video").id == "move"
