"""`vidpipe models`: what every provider offers, with prices and their date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe.providers.catalogue import KINDS
from vidpipe.providers.registry import models_of, provider_names
from vidpipe.spec.models_file import models_file, read_models_file
from vidpipe.spec.project import settings_file

if TYPE_CHECKING:
    from vidpipe.providers.catalogue import Model

HERE = Path("spec.yaml")
"""Stands for a spec in the current folder."""


def models(provider: str | None = None) -> list[Model]:
    """Return all models, or those of one provider, each provider's default of a kind first. Raises UsageError.

    What the models.toml of the current folder's project says of them counts; SpecError tells its problems.
    """
    names = provider_names() if provider is None else (provider,)
    settings = settings_file(HERE)
    path = models_file(settings) if settings else None
    own = read_models_file(path) if path else ()
    return [model for name in names for kind in KINDS for model in models_of(name, kind, own)]
