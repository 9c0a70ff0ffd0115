"""What pydantic found, in plain words: what a value must be, what it is, and the likely fix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from vidpipe.spec.document import Fault, KeyPath
from vidpipe.words import did_you_mean, listing, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number that fits",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "is_instance_of": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "model_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "list_type": "a list",
    "date_type": "a date without quotes, such as 2026-12-31",
    "date_from_datetime_inexact": "a date without a time, such as 2026-12-31",
    "dict_type": "a mapping of keys to values",
}
ITSELF = "[key]"
"""How pydantic ends the path to a key of a mapping that is wrong itself."""
FEW = 9
NUMBERS = ("a whole number", "a number")
LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
}


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Return one fault for each wrong value of what was to be a `model`, in the order of its fields."""
    return [_fault(details, model) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails, model: type[BaseModel]) -> Fault:
    path: KeyPath = details["loc"]
    if details["type"] == "extra_forbidden":
        known = list(_model_at(model, path[:-1]).model_fields)
        return Fault(path, f"is no key that vidpipe knows{_suggest(str(path[-1]), known)}", on_key=True)
    if path and path[-1] == ITSELF:
        return Fault(path[:-1], _message(details), on_key=True)
    return Fault(path, _message(details))


def _suggest(key: str, known: list[str]) -> str:
    listed = f"; known: {listing(known, 'and')}" if len(known) <= FEW else "; `vidpipe schema` lists them"
    return did_you_mean(key, known) or listed


def _message(details: ErrorDetails) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(context["error"])
    if value is None:
        return "has no value"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        nearest = did_you_mean(value, choices) if isinstance(value, str) else ""
        return f"must be {listing(choices)} (got {_typed(value)}){nearest}"
    if kind in LIMITS:
        words, key = LIMITS[kind]
        return f"must be {words} {context[key]} (got {shown(value)})"
    return _length_message(kind, value, context) or _type_message(WANTED.get(kind, ""), value)


def _length_message(kind: str, value: object, context: Mapping[str, object]) -> str:
    match kind:
        case "string_too_long":
            return f"must have at most {context['max_length']:,} characters (got {len(str(value)):,})"
        case "too_long":
            return f"must have at most {context['max_length']} items"
    return ""


def _type_message(wanted: str, value: object) -> str:
    if not wanted:
        return f"cannot be {shown(value)}"
    is_quoted_number = wanted in NUMBERS and isinstance(value, str) and re.fullmatch(r"[-+]?[0-9.]+", value)
    if is_quoted_number or (wanted == "true or false" and value in ("true", "false")):
        return f"must be {wanted} (got the text {shown(value)}: remove its quotes)"
    if wanted == "text" and isinstance(value, bool | int | float):
        return f"must be text (got {shown(value)}: put it in quotes)"
    return f"must be {wanted} (got {shown(value)})"


def _typed(value: object) -> str:
    return f"the number {value}" if isinstance(value, int | float) and not isinstance(value, bool) else shown(value)


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel]:
    for part in path:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        inner = next(_models_in(field.annotation), None) if field else None
        model = inner or model
    return model


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
