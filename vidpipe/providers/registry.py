"""The providers: one explicit dict of the built-in ones, an entry-point group for everybody else's.

Nothing here imports a provider before one of its models is to be used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Literal, cast

from vidpipe.errors import UsageError
from vidpipe.providers.catalogue import built_in_models
from vidpipe.words import did_you_mean, listing, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from vidpipe.providers.base import Provider
    from vidpipe.providers.catalogue import Kind, Model

GROUP = "vidpipe.providers"
SPEAKER = "animatic"
"""The provider that speaks for those that cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSettings:
    """How to reach a provider: its table of vidpipe.toml. Never part of a fingerprint, and never a secret.

    `locations` maps model ids to the location that serves them; `options` are keys that only a third party's provider
    knows. `models` is what the project knows of the provider's models, where that is not the built-in data alone.
    """

    mode: Literal["vertex", "api-key"] | None = None
    project: str | None = None
    location: str | None = None
    locations: Mapping[str, str] = field(default_factory=dict)
    output_gcs_uri: str | None = None
    poll_seconds: float = 10.0
    wait_seconds: float = 900.0
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    models: tuple[Model, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider as the registry knows it; of each kind, the first of `models` is its default.

    `open` makes the provider itself and must not open a socket.
    """

    name: str
    models: tuple[Model, ...]
    open: Callable[[ProviderSettings], Provider]


PROVIDERS: dict[str, ProviderEntry | str] = {
    "animatic": "vidpipe.providers.animatic:open_provider",
    "google": "vidpipe.providers.google:open_provider",
}
"""Built-in providers by name: where to find the function that opens them. Their models are in `models.toml`."""


def provider_names() -> tuple[str, ...]:
    """Return the names of all providers that can be named in a spec: the built-in ones first."""
    third_parties = sorted(point.name for point in entry_points(group=GROUP))
    return tuple(dict.fromkeys([*PROVIDERS, *third_parties]))


def provider_entry(name: str) -> ProviderEntry:
    """Return a provider's entry. Raises UsageError for an unknown one, naming the known ones."""
    found = PROVIDERS.get(name)
    if isinstance(found, ProviderEntry):
        return found
    if isinstance(found, str):
        return _built_in(name, found)
    for point in entry_points(group=GROUP, name=name):
        return _third_party(name, point.load)
    names = provider_names()
    raise UsageError(f"there is no provider {shown(name)}; known: {listing(names, 'and')}{did_you_mean(name, names)}")


def find_model(reference: str, kind: Kind, own: Sequence[Model] = ()) -> Model:
    """Return the model that a spec calls `provider:id` or `provider:alias`; `own` are the project's own models.

    Raises UsageError for an unknown one, naming the known ones.
    """
    provider, colon, model_id = reference.partition(":")
    if not colon:
        known = [model for name in provider_names() for model in _names(models_of(name, kind, own))]
        raise UsageError(
            f"must be written provider:model (got {shown(reference)}); known: {listing(known, 'and')}"
            f"{did_you_mean(reference, known)}"
        )
    models = {model.id: model for model in models_of(provider, kind, own)}
    called = models | {alias: model for model in models.values() for alias in model.aliases if alias not in models}
    if model_id in called:
        return called[model_id]
    for model in all_models(provider, own):
        if model_id in {model.id, *model.aliases}:
            raise UsageError(f"{reference} is a model for {NOUNS[model.kind]}, not for {NOUNS[kind]}")
    known = _names(models.values())
    raise UsageError(
        f"there is no {kind} model {shown(reference)}; known: {listing(known, 'and') or 'none'}"
        f"{did_you_mean(reference, known)}"
    )


def default_model(provider: str, kind: Kind, own: Sequence[Model] = ()) -> Model:
    """Return the model that a provider uses where none is named.

    One that cannot speak lets the animatic do it. Raises UsageError where it has none of another kind.
    """
    models = models_of(provider, kind, own)
    if not models and kind == "speech":
        models = models_of(SPEAKER, kind)
    if not models:
        raise UsageError(f"provider {provider} has no {kind} model; name another provider's in models.{kind}")
    return models[0]


def models_of(provider: str, kind: Kind, own: Sequence[Model] = ()) -> tuple[Model, ...]:
    """Return all models of a provider that make one kind of thing, its default first."""
    return tuple(model for model in all_models(provider, own) if model.kind == kind)


def all_models(provider: str, own: Sequence[Model] = ()) -> tuple[Model, ...]:
    """Return all models of a provider: its own data, with those of the project's models.toml in their places, or last.

    So a project can correct a model or add one, and the default stays the default.
    """
    known = {model.id: model for model in provider_entry(provider).models}
    return tuple((known | {model.id: model for model in own if model.provider == provider}).values())


NOUNS: dict[Kind, str] = {"text": "storyboards", "image": "keyframes", "video": "clips", "speech": "narration"}


def _names(models: Iterable[Model]) -> list[str]:
    return [model.name for model in models if model.retired_by != "vendor"]


def _built_in(name: str, opener: str) -> ProviderEntry:
    def open_provider(settings: ProviderSettings) -> Provider:
        module, _, attribute = opener.partition(":")
        return cast("Callable[[ProviderSettings], Provider]", getattr(import_module(module), attribute))(settings)

    models = tuple(model for model in built_in_models() if model.provider == name)
    return ProviderEntry(name, models, open_provider)


def _third_party(name: str, load: Callable[[], object]) -> ProviderEntry:
    try:
        entry = load()
    except Exception as error:
        raise UsageError(f"provider {name} cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(entry, ProviderEntry) or entry.name != name:
        raise UsageError(f"provider {name}: its entry point must be a ProviderEntry named {name!r}")
    return entry
