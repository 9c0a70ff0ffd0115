"""Whatever vidpipe.toml and models.toml hold is in force or told: no model for nothing, and no odd address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vidpipe.errors import SpecError, UsageError
from vidpipe.lower_prices import cheaper_than_shipped
from vidpipe.providers.google.access import Access
from vidpipe.providers.registry import ProviderSettings, all_models
from vidpipe.spec.load import load_specs
from vidpipe.spec.models_table import ModelTable
from vidpipe.spec.tables import GoogleTable, ProviderTable, RunTable

SPEC = Path("specs/any.yaml")
JARGON = ("pydantic", "validation error", "ValidationError", "Traceback", "_type", "<class", "cannot be ", "[key]")
SAFE = re.compile(r"[A-Za-z0-9._@:-]+")

ODD_TEXT = st.sampled_from(
    ["", "evil.invalid/", "../../v1/x?", "a#b", "a b", "us-central1", "ü", "\u202e", "x" * 300, "-1", "0", "1e-400",
     "NaN", "sNaN", "-Infinity", "1_0", "gs://x", "vertex", "google", "animatic", "google:veo-3.1-generate-001", "veo",
     "veo-3.1-generate-001", "%2e%2e", "//evil.invalid", "a@b", "720p", "always"]
)  # fmt: skip
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
    ODD_TEXT,
    st.dates(),
    st.datetimes(),
    st.times(),
)
NAMES = sorted(
    {"720p", "1080p", "720p silent", "in", "out", "characters", "input", "2K", "from", "to", "start", "prices", "x"}
    | set(ModelTable.model_fields)
    | set(GoogleTable.model_fields)
)
KEYS = st.sampled_from(NAMES) | ODD_TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=5
)
PRICE = st.one_of(st.sampled_from(["1", 0, -1, "0.01", "1e-7", "NaN", 1.5, True]), SCALARS)
MODEL: dict[str, object] = {
    "provider": "google",
    "kind": "video",
    "id": "veo-9",
    "seconds": [4],
    "resolutions": ["720p"],
    "prices": {"720p": "1"},
}
TABLES = {
    "google": [*GoogleTable.model_fields],
    "run": [*RunTable.model_fields],
    "limits": ["google:veo-3.1-generate-001", "google", "x:y"],
    "defaults": ["scenes", "seconds", "music", "output", "budget", "models"],
    "acme": [*ProviderTable.model_fields],
}

many = settings(
    deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def toml(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return {"inf": "inf", "-inf": "-inf", "nan": "nan"}.get(str(value), repr(value))
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{toml(key)} = {toml(inner)}' for key, inner in value.items())} }}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def tables(values: dict[str, Any]) -> str:
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in values.items())


def judge(settings_text: str, models_text: str) -> None:
    """Load a spec of google's under both files: told in plain words, or in force with nothing odd in it."""
    SPEC.write_text("script: a\nprovider: google\n", "utf-8")
    Path("vidpipe.toml").write_text(settings_text, "utf-8")
    Path("models.toml").write_text(models_text, "utf-8")
    try:
        (loaded,) = load_specs([SPEC], environ={})
    except SpecError as error:
        assert error.problems  # noqa: PT017
        assert not any(word in str(error) for word in JARGON), str(error)  # noqa: PT017
        str(error).encode()
        return
    google = loaded.settings.provider("google")
    access = Access(google, {"GOOGLE_APPLICATION_CREDENTIALS": "x"})
    for model in all_models("google", loaded.settings.file.models):
        assert model.paid
        assert SAFE.fullmatch(model.id)
        assert re.fullmatch(r"[a-z0-9-]{1,40}", access.location(model))
        today = datetime.now(UTC).date()
        for day in (date(1, 1, 1), today, date(9999, 12, 31)):
            assert all(price > 0 for price in model.prices_on(day).values())
        assert all(isinstance(told, str) for told in cheaper_than_shipped(model, today))
    assert access.project is None or SAFE.fullmatch(access.project)
    assert all(limit is None or limit >= 0 for limit in (google.poll_seconds, google.wait_seconds))


@pytest.mark.usefixtures("project")
@given(st.sampled_from(sorted(TABLES)), st.data())
@many
def test_any_value_of_any_setting_is_in_force_or_told(table: str, data: st.DataObject) -> None:
    keys = st.sampled_from(TABLES[table]) | ODD_TEXT
    inner = data.draw(st.dictionaries(keys, VALUES, min_size=1, max_size=3) | VALUES)
    judge(tables({table: inner}), "")


@pytest.mark.usefixtures("project")
@given(st.dictionaries(st.sampled_from([*GoogleTable.model_fields, "locations"]), VALUES, max_size=3))
@example({"location": "evil.invalid/"})
@example({"project": "../../v1/other?"})
@example({"locations": {"veo-3.1-generate-001": "evil.invalid/"}})
@example({"locations": {"../x": "us-central1"}})
@many
def test_whatever_is_said_of_google_leads_nowhere_else(values: dict[str, object]) -> None:
    judge("[google]\n" + tables(values), "")


@pytest.mark.usefixtures("project")
@given(
    st.sampled_from(["veo-9", "veo-3.1-generate-001"]),
    st.dictionaries(st.sampled_from([*ModelTable.model_fields]), VALUES, min_size=1, max_size=2),
)
@example("veo-3.1-generate-001", {"paid": False})
@example("veo-9", {"paid": False})
@example("veo-9", {"location": "evil.invalid/"})
@example("veo-9", {"id": "../../x?"})
@many
def test_any_value_of_any_key_of_a_model_is_in_force_or_told(name: str, values: dict[str, object]) -> None:
    judge("", "[[models]]\n" + tables(MODEL | {"id": name} | values))


@pytest.mark.usefixtures("project")
@given(
    st.sampled_from(["veo-9", "veo-3.1-generate-001"]),
    st.dictionaries(st.sampled_from(["720p", "1080p", "4k", "720p silent"]), PRICE, max_size=4),
    st.lists(st.tuples(st.dates(), st.dictionaries(st.sampled_from(["720p", "4k"]), PRICE, max_size=2)), max_size=2),
)
@example("veo-9", {"720p": 0}, [])
@example("veo-9", {"720p": 1}, [(date(2020, 1, 1), {"720p": 0})])
@many
def test_no_price_of_a_paid_model_is_nothing(
    name: str, prices: dict[str, object], changes: list[tuple[date, dict[str, object]]]
) -> None:
    later: list[object] = [{"from": day, "prices": inner} for day, inner in changes]
    judge("", "[[models]]\n" + tables(MODEL | {"id": name, "prices": prices, "price_changes": later}))


@pytest.mark.usefixtures("project")
@given(st.sampled_from(["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"]), ODD_TEXT | st.text(max_size=20))
@many
def test_whatever_the_environment_says_leads_nowhere_else(name: str, value: str) -> None:
    access = Access(ProviderSettings(), {"GOOGLE_APPLICATION_CREDENTIALS": "x", name: value})
    try:
        route = access.route(_VEO)
    except UsageError as error:
        assert name in str(error)  # noqa: PT017
        return
    assert re.fullmatch(r"[a-z0-9-]{1,40}", route.location)
    assert route.project is None or SAFE.fullmatch(route.project)


_VEO = next(model for model in all_models("google") if model.id == "veo-3.1-generate-001")
