"""`vidpipe schema`: what an editor is told is what `vidpipe check` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from vidpipe.commands.schema import schema
from vidpipe.spec.model import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA: dict[str, Any] = json.loads(schema())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

GOOD: tuple[dict[str, object], ...] = (
    {"script": "a"},
    {"script_file": "a.txt", "name": "pier", "aspect_ratio": "9:16", "seed": None, "budget": 0.5},
    {"script": "a", "stitch": "crossfade", "on_refused": "skip"},
    {"script": "a", "stitch": {"mode": "crossfade", "seconds": 1, "transition": "dissolve"}, "on_refused": {}},
    {
        "script": "a",
        "models": {"video": "google:veo-3.1-generate-001"},
        "references": [{"name": "a", "image": "a.png"}],
    },
)
BAD: tuple[dict[str, object], ...] = (
    {},
    {"script": "a", "script_file": "b"},
    {"script": "a", "scenes": 0},
    {"script": "a", "scenes": "5"},
    {"script": "a", "stlye": "noir"},
    {"script": "a", "stitch": "croosfade"},
    {"script": "a", "stitch": {"transition": "disolve"}},
    {"script": "a", "models": {"video": "veo"}},
    {"script": "a", "provider": "gogle"},
    {"script": "a", "name": "The Pier"},
    {"script": "a", "budget": -1},
    {"script": "a", "style": " "},
    {"script": "a", "references": [{"name": "a"}]},
)


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("values", GOOD, ids=str)
def test_what_can_be_made_is_accepted(values: dict[str, object]) -> None:
    VALIDATOR.validate(values)
    Spec.model_validate(values)


@pytest.mark.parametrize("values", BAD, ids=str)
def test_what_cannot_be_made_is_not(values: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(values)


def _properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            yield f"{path}.{name}", value
        for key, value in node.items():
            yield from _properties(value, f"{path}.{key}")
    if isinstance(node, list):
        for item in node:
            yield from _properties(item, path)


def test_every_key_at_every_depth_has_a_description() -> None:
    properties = list(_properties(SCHEMA))
    assert len(properties) > len(Spec.model_fields) + 8
    assert [path for path, value in properties if not value.get("description")] == []


def test_every_key_of_a_spec_can_be_completed() -> None:
    assert set(SCHEMA["properties"]) == set(Spec.model_fields)
    assert SCHEMA["properties"]["provider"]["enum"] == ["animatic", "google"]
    videos = SCHEMA["properties"]["models"]["properties"]["video"]["examples"]
    assert videos[:2] == ["animatic:move", "google:veo-3.1-generate-001"]


def test_defaults_are_those_of_the_spec() -> None:
    spec = Spec().model_dump(mode="json")
    for name, value in SCHEMA["properties"].items():
        if name not in {"stitch", "on_refused", "budget"} and "default" in value:
            assert value["default"] == spec[name], name
    assert (SCHEMA["properties"]["budget"]["default"], SCHEMA["properties"]["stitch"]["default"]) == (20, "cut")


def test_nothing_in_it_is_newer_than_what_editors_read() -> None:
    text = json.dumps(SCHEMA)
    assert "$ref" not in text
    assert "$defs" not in text
    assert "prefixItems" not in text


def test_the_schema_beside_the_example_specs_is_the_one_that_vidpipe_prints() -> None:
    beside = Path(__file__).parents[2] / "specs" / "vidpipe.schema.json"
    assert beside.read_text(encoding="utf-8").rstrip("\n") == schema().rstrip("\n"), "run `make schema`"
