"""Which of Google's two services a model is called through: decided from settings and environment, before any call.

Vertex AI takes a Google Cloud project and application default credentials; the Gemini Developer API takes an API key.
Some models are served by one of the two only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from vidpipe.errors import UsageError
from vidpipe.providers.addresses import location_fault, project_fault
from vidpipe.providers.google.usable import check_addresses, check_key
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.registry import ProviderSettings

Mode = Literal["vertex", "api-key"]

USUAL_LOCATION = "us-central1"
KEYS = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
"""The variables that hold an API key; the SDK lets the first win."""
SWITCHES = ("GOOGLE_GENAI_USE_ENTERPRISE", "GOOGLE_GENAI_USE_VERTEXAI")
"""The variables that choose Vertex AI; the SDK lets the first win."""
CREDENTIALS_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
PROJECT = "GOOGLE_CLOUD_PROJECT"
LOCATION = "GOOGLE_CLOUD_LOCATION"
VERTEX_SERVER = "GOOGLE_VERTEX_BASE_URL"
GEMINI_SERVER = "GOOGLE_GEMINI_BASE_URL"
NO_CREDENTIALS = (
    "there are no credentials for google: set GEMINI_API_KEY to an API key, or for Vertex AI set project in [google] "
    "(or GOOGLE_CLOUD_PROJECT) and log in with `gcloud auth application-default login`"
)


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach a model: an API key, or a location of Vertex AI and a project (None: the credentials' own)."""

    location: str = ""
    project: str | None = None
    key: str | None = field(default=None, repr=False)


class Access:
    """Settings and environment, asked model by model."""

    def __init__(self, settings: ProviderSettings, environ: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._environ = environ

    @property
    def key(self) -> str | None:
        """The API key, if there is one."""
        return next(iter(self.secrets()), None)

    def secrets(self) -> tuple[str, ...]:
        """Return every API key that is set, whether it is used or not: none of them may show."""
        return tuple(value for name in KEYS if (value := self._environ.get(name, "").strip()))

    @property
    def project(self) -> str | None:
        """The project of Google Cloud, if one is named. Raises UsageError for what can be none."""
        named = {"project in [google]": self._settings.project, PROJECT: self._environ.get(PROJECT)}
        return _first(named, project_fault) or None

    def modes(self) -> tuple[Mode, ...]:
        """Return the services that can be called, the preferred one first.

        It is the one that is set, or all that there are credentials for. A project or a login that lies about from
        other work does not count against an API key.
        """
        fixed = self._settings.mode or self._switched()
        if fixed:
            return (fixed,)
        named = self._settings.project or self._environ.get(CREDENTIALS_FILE)
        project = self._is_project_named()
        found = (project and self._is_logged_in()) or (not self.key and (project or self._is_logged_in()))
        modes: list[Mode] = ["vertex"] if named or found else []
        return (*modes, "api-key") if self.key else tuple(modes)

    def route(self, model: Model, others: Sequence[Model] = ()) -> Route:
        """Return how to reach a model. Raises UsageError where it cannot be, naming what to set and other models.

        A key or an address that nothing can be sent with or to is one reason.
        """
        modes = self.modes()
        if not modes:
            raise UsageError(NO_CREDENTIALS)
        mode = next((mode for mode in modes if not model.modes or mode in model.modes), None)
        if mode is None:
            raise UsageError(_unserved(model, modes[0], others))
        if mode == "vertex":
            check_addresses(self._environ, VERTEX_SERVER)
            return Route(self.location(model), self.project)
        if self.key is None:
            raise UsageError("google is to be called with an API key, and there is none: set GEMINI_API_KEY")
        check_key(next(name for name in KEYS if self._environ.get(name, "").strip()), self.key)
        check_addresses(self._environ, GEMINI_SERVER)
        return Route(key=self.key)

    def location(self, model: Model) -> str:
        """Return where Vertex AI is asked for a model: its own setting, what the data says, the general setting.

        Raises UsageError for what can be none: it becomes part of the host that gets the token.
        """
        named = {
            f"{model.id} in [google.locations]": self._settings.locations.get(model.id),
            f"location of {model.name} in the model data": model.location,
            "location in [google]": self._settings.location,
            LOCATION: self._environ.get(LOCATION),
        }
        return _first(named, location_fault) or USUAL_LOCATION

    def _is_project_named(self) -> bool:
        """Whether one is named, be it as it may: with an API key nobody asks for it."""
        return bool(self._settings.project or self._environ.get(PROJECT))

    def _switched(self) -> Mode | None:
        for name in SWITCHES:
            value = self._environ.get(name, "").strip()
            if value:
                return "vertex" if value.lower() in {"true", "1"} else "api-key"
        return None

    def _is_logged_in(self) -> bool:
        home = Path(self._environ.get("HOME", "/")) / ".config" / "gcloud"
        folder = Path(self._environ.get("CLOUDSDK_CONFIG") or home)
        return (folder / "application_default_credentials.json").is_file()


def _first(named: Mapping[str, str | None], fault: Callable[[str], str]) -> str:
    """Return the first text that is there, by the place that it comes from. Raises UsageError where it is none."""
    for place, text in named.items():
        if text:
            message = fault(text)
            if message:
                raise UsageError(f"{place} {message}")
            return text
    return ""


def _unserved(model: Model, mode: Mode, others: Sequence[Model]) -> str:
    """Say that a model is not served by the only service there is, and what to set."""
    instead = [other.name for other in others if not other.modes or mode in other.modes]
    wanted = f"set models.{model.kind}: {listing(instead[:3])}" if instead else f"choose another models.{model.kind}"
    if mode == "api-key":
        return (
            f"{model.name} is served by Vertex AI only, and google is called with an API key: {wanted}, "
            "or set project in [google] and log in to Google Cloud"
        )
    return (
        f"{model.name} is served with an API key only, and google is called on Vertex AI: {wanted}, "
        'or set GEMINI_API_KEY and mode = "api-key" in [google]'
    )
