"""Each setting in force and where it came from; nothing that could be a secret is told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from vidpipe.providers.google.access import LOCATION, PROJECT, SWITCHES
from vidpipe.redact import HIDDEN
from vidpipe.spec.settings import BUILT_IN, Setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.providers.catalogue import Model
    from vidpipe.spec.settings import Settings

GOOGLE = "google"
MODEL_DATA = "model data"
EVERY = "every "
"""How settings begin that hold for all providers and models: those of VIDPIPE_* variables."""
STANDS_FOR = {PROJECT: "google.project", LOCATION: "google.location"}
"""Google's own variables, and the keys of vidpipe.toml that win over them."""
SERVERS = ("GOOGLE_VERTEX_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "STORAGE_EMULATOR_HOST")
LIMITS = ("in_flight", "per_minute", "pause_seconds")
WAITS = ("poll_seconds", "wait_seconds")
BUCKET = "gs"
"""The scheme of addresses that nobody opens by name; an @ in them is part of a name."""
END_OF_PATH = re.compile(r"[?#](?=.)")
SECRET = re.compile(r"key|secret|token|passw|credential", re.IGNORECASE)


def in_force(settings: Settings, models: Sequence[Model], environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """Return the settings that hold for a project whose specs use these models, without those that others override."""
    overriding = {one.key.removeprefix(EVERY) for one in settings.stated if one.key.startswith(EVERY)}
    stated = [one for one in settings.stated if one.key.startswith(EVERY) or _last(one.key) not in overriding]
    named = {one.key for one in stated}
    others = _of_google(settings, environ, named) if any(model.provider == GOOGLE for model in models) else []
    others += [limit for model in models if model.paid for limit in _limits(settings, model)]
    unsaid = [one for one in others if one.key not in named and _last(one.key) not in overriding]
    return tuple(shown_setting(one) for one in [*stated, *unsaid])


def shown_setting(setting: Setting) -> Setting:
    """Return a setting as it may be shown: no value of a key that speaks of secrets, of an address where it leads."""
    if SECRET.search(_last(setting.key)):
        return replace(setting, value=HIDDEN)
    if setting.key in SERVERS or "://" in setting.value:
        return replace(setting, value=_without_secrets(setting.value))
    return setting


def _of_google(settings: Settings, environ: Mapping[str, str], named: set[str]) -> list[Setting]:
    told = [Setting(key, environ[name], name) for name, key in STANDS_FOR.items() if environ.get(name)]
    switch = next((name for name in SWITCHES if environ.get(name, "").strip()), None)
    if switch and "google.mode" not in named:
        told.append(Setting(switch, environ[switch], switch))
    told += [Setting(name, environ[name], name) for name in SERVERS if environ.get(name)]
    provider = settings.provider(GOOGLE)
    return told + [Setting(f"google.{name}", f"{getattr(provider, name):g}", BUILT_IN) for name in WAITS]


def _limits(settings: Settings, model: Model) -> list[Setting]:
    limits = settings.limits_of(model)
    values = {f"limits.{model.name}.{name}": getattr(limits, name) for name in LIMITS}
    return [Setting(key, str(value), MODEL_DATA) for key, value in values.items() if value]


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _without_secrets(address: str) -> str:
    """Return an address without who opens it, and without what comes after its path; it need not be a valid one."""
    scheme, mark, rest = address.rpartition("://") if "://" in address else ("", "", address)
    opener, at, place = ("", "", rest) if scheme == BUCKET else rest.rpartition("@")
    if END_OF_PATH.search(opener):  # nobody can tell which part is which
        return f"{scheme}{mark}{HIDDEN}"
    end = END_OF_PATH.search(place)
    shown = f"{place[: end.end()]}{HIDDEN}" if end else place
    return f"{scheme}{mark}{HIDDEN}@{shown}" if at else f"{scheme}{mark}{shown}"
