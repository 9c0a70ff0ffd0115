"""Models that are gone or going, by the model data, and what could take their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.doctor.finding import Finding, fail, warn
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from vidpipe.providers.catalogue import Model

FEW = 3


def retirements(models: Sequence[Model], known: Sequence[Model], day: date) -> list[Finding]:
    """Judge the ids of models on a day; `known` are the models from which others can be chosen."""
    return [finding for model in models if (finding := _retirement(model, known, day))]


def replacements(model: Model, known: Sequence[Model]) -> tuple[Model, ...]:
    """Return the models that could take a model's place, those first of whose end nobody speaks."""
    same = (model.provider, model.kind)
    alike = [other for other in known if (other.provider, other.kind) == same and other.id != model.id]
    here = (other for other in alike if other.retired_by != "vendor")
    return tuple(sorted(here, key=lambda other: other.retired_on is not None))


def instead(model: Model, known: Sequence[Model]) -> str:
    """Say what to set in a model's place."""
    names = [other.name for other in replacements(model, known)]
    return f"set models.{model.kind} to {listing(names[:FEW])}" if names else f"set another models.{model.kind}"


def _retirement(model: Model, known: Sequence[Model], day: date) -> Finding | None:
    if model.retired_on is None:
        return None
    fix = instead(model, known)
    if model.is_retired(day):
        return fail("models", f"{model.name} was retired by its vendor on {model.retired_on}", fix)
    if model.retired_on <= day:
        told = f"a {model.retired_by} says that it was retired on {model.retired_on}"
        return warn("models", f"{model.name} may be gone: {told}", fix)
    by = "its vendor" if model.retired_by == "vendor" else f"a {model.retired_by}"
    return warn("models", f"{model.name} will be retired on {model.retired_on}, says {by}", fix)
