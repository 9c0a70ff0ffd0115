"""`vidpipe models`: what every provider offers, with prices and their date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.providers.catalogue import KINDS
from vidpipe.providers.registry import models_of, provider_names

if TYPE_CHECKING:
    from vidpipe.providers.catalogue import Model


def models(provider: str | None = None) -> list[Model]:
    """Return all models, or those of one provider, each provider's default of a kind first. Raises UsageError."""
    names = provider_names() if provider is None else (provider,)
    return [model for name in names for kind in KINDS for model in models_of(name, kind)]
