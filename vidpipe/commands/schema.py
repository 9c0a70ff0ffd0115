"""`vidpipe schema`: the JSON Schema of a spec, for completion and checks in an editor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from vidpipe.providers.catalogue import KINDS
from vidpipe.providers.registry import models_of, provider_names
from vidpipe.spec.model import Afterwards, Spec, StitchMode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Tree = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that the YAML language server knows best."""


def schema() -> str:
    """Return the schema as text: every key described, with the providers and models of this installation."""
    raw = Spec.model_json_schema()
    tree: Tree = _plain(raw, raw["$defs"])
    properties = tree["properties"]
    properties["stitch"] = _word_or_mapping(properties["stitch"], get_args(StitchMode), "cut")
    properties["on_refused"] = _word_or_mapping(properties["on_refused"], get_args(Afterwards), "still")
    properties["music"] = _file_or_mapping(properties["music"])
    properties["budget"]["default"] = 20
    properties["provider"]["enum"] = list(provider_names())
    for key in ("name", "models"):
        del properties[key]["default"]  # the file's name and the provider's models, which no schema can say
    for kind in KINDS:
        properties["models"]["properties"][kind]["examples"] = [
            model.name
            for provider in provider_names()
            for model in models_of(provider, kind)
            if model.retired_by != "vendor"
        ]
    tree["oneOf"] = [{"required": ["script"]}, {"required": ["script_file"]}]
    head = {"$schema": DRAFT, "title": "A film made by vidpipe"}
    return json.dumps(head | tree, indent=2, ensure_ascii=False) + "\n"


def _plain(node: Any, definitions: Mapping[str, Tree]) -> Any:
    """Replace references by what they name, since this draft ignores what stands beside one, and drop noise."""
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        node = definitions[node["$ref"].rpartition("/")[2]] | {k: v for k, v in node.items() if k != "$ref"}
    if {"type": "null"} in node.get("anyOf", []):
        node = _optional(node, definitions)
    properties = {name: _plain(value, definitions) for name, value in node.get("properties", {}).items()}
    rest = {k: _plain(v, definitions) for k, v in node.items() if k not in {"properties", "title", "$defs"}}
    return rest | ({"properties": properties} if properties else {})


def _optional(node: Tree, definitions: Mapping[str, Tree]) -> Tree:
    """Write `anyOf: [something, null]`, whose default is null, as one type with an alternative."""
    something = next(choice for choice in node["anyOf"] if choice != {"type": "null"})
    something = definitions[something["$ref"].rpartition("/")[2]] if "$ref" in something else something
    kept = {key: value for key, value in node.items() if key not in {"anyOf", "default"}}
    optional: Tree = kept | something | {"type": [something["type"], "null"]}
    return optional


def _word_or_mapping(mapping: Tree, words: Sequence[str], default: str) -> Tree:
    inner = {key: value for key, value in mapping.items() if key not in {"description", "default"}}
    choices = [{"type": "string", "enum": list(words)}, inner]
    return {"description": mapping["description"], "default": default, "anyOf": choices}


def _file_or_mapping(mapping: Tree) -> Tree:
    inner = {key: value for key, value in mapping.items() if key != "description"} | {"type": "object"}
    return {"description": mapping["description"], "anyOf": [{"type": "string", "minLength": 1}, inner]}
