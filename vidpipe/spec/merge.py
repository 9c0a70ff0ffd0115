"""A spec laid over the [defaults] of its settings file, remembering which of the two said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidpipe.spec.document import Document, Fault, KeyPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vidpipe.errors import Problem

DEFAULTS = "defaults"
MODELS = "models"


@dataclass(frozen=True, slots=True)
class Layers:
    """The values of a spec and of its defaults, merged, and the documents that hold their places."""

    spec: Document
    settings: Document
    values: Mapping[str, object]
    named: frozenset[str]

    def problems(self, faults: Iterable[Fault]) -> list[Problem]:
        """Tie faults to the files that named the values, without those of values that were complained about."""
        return [self._problem(fault) for fault in faults if not self._is_told(fault)]

    def _problem(self, fault: Fault) -> Problem:
        if self.is_default(fault.path):
            return self.settings.problem(Fault((DEFAULTS, *fault.path), fault.message, fault.on_key))
        return self.spec.problem(fault)

    def _is_told(self, fault: Fault) -> bool:
        return not self.is_default(fault.path) and self.spec.is_spoilt(fault.path)

    def is_default(self, path: KeyPath) -> bool:
        """Tell whether a value comes from [defaults] and not from the spec."""
        head = path[:2] if path[:1] == (MODELS,) else path[:1]
        return not self.spec.knows(head) and self.settings.holds((DEFAULTS, *head))


def lay_over(spec: Document, settings: Document, defaults: Mapping[str, object]) -> Layers:
    """Lay a spec over defaults: key by key, and `models` model by model.

    A spec that names its provider itself takes no model of another one from the defaults: `provider: animatic` must
    mean a free film whatever the project's habits are.
    """
    values = {**defaults, **spec.values}
    own_models, default_models = spec.values.get(MODELS, {}), defaults.get(MODELS, {})
    if isinstance(own_models, dict) and isinstance(default_models, dict):
        provider = spec.values.get("provider")
        kept = {
            kind: name
            for kind, name in default_models.items()
            if provider is None or str(name).partition(":")[0] == provider
        }
        models = {**kept, **own_models}
        values = {key: value for key, value in values.items() if key != MODELS} | ({MODELS: models} if models else {})
    named = {key for key in values if key != MODELS or values[MODELS]}
    models_named = values.get(MODELS)
    named |= {f"{MODELS}.{kind}" for kind in models_named} if isinstance(models_named, dict) else set()
    return Layers(spec, settings, values, frozenset(named))
