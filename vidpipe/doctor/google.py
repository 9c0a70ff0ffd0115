"""Google's models: credentials, whether each model is there, and the clock; nothing here is ever billed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vidpipe.doctor.finding import Finding, fail, ok, warn
from vidpipe.doctor.retirement import instead, replacements
from vidpipe.errors import UsageError
from vidpipe.providers.google.access import NO_CREDENTIALS, PROJECT, Access
from vidpipe.providers.google.origin import key_credential, login_credential
from vidpipe.providers.google.reach import Reached, reach
from vidpipe.words import listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.google.access import Route
    from vidpipe.providers.registry import ProviderSettings

SECONDS = 20.0
"""Then a service counts as out of reach: who asks for a diagnosis waits for it."""
ASKEW = 60.0
"""Seconds: a login is refused where the clock is some minutes off, and dates in the ledger mislead."""
LOG_IN = "log in with `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a valid file"


@dataclass(frozen=True, slots=True)
class Use:
    """The models of google that one project's specs use, and how they are reached."""

    settings: ProviderSettings
    models: tuple[Model, ...]
    known: tuple[Model, ...]
    environ: Mapping[str, str] = field(repr=False)


def google(use: Use) -> list[Finding]:
    """Check credentials, models and clock. Without usable credentials nothing is sent."""
    access = Access(use.settings, use.environ)
    if not access.modes():
        return [fail("credentials", NO_CREDENTIALS), clock(None)]
    routes, found = _routes(access, use)
    told, usable = credentials(routes, use)
    asked = asyncio.run(reach(usable, access.secrets(), SECONDS))
    skews = [one.skew for one in asked if one.skew is not None]
    return [*told, *found, *reached(asked, use.known), clock(min(skews, key=abs, default=None))]


def credentials(routes: Mapping[Model, Route], use: Use) -> tuple[list[Finding], dict[Model, Route]]:
    """Tell which credentials the models are reached with and where those come from, and which routes they open."""
    keyed = {model: route for model, route in routes.items() if route.key is not None}
    vertex = {model: route for model, route in routes.items() if route.key is None}
    found = []
    key = key_credential(use.environ) if keyed else None
    if key is not None:
        found.append(ok("credentials", f"Gemini API: {key}"))
        found += [warn("credentials", key.note, f"unset one of the two, or keep {key.origin}")] if key.note else []
    if not vertex:
        return found, keyed
    login = login_credential(use.environ)
    if login.trouble:
        said = f"Vertex AI: the credentials of {login.origin} {login.trouble}"
        return [*found, fail("credentials", said, LOG_IN)], keyed
    return [*found, ok("credentials", f"Vertex AI: {login}, {_project(use)}")], keyed | vertex


def reached(asked: Sequence[Reached], known: Sequence[Model]) -> list[Finding]:
    """Put into words what came of asking for models; those with the same trouble share a finding."""
    by_trouble: dict[str, list[Reached]] = {}
    for one in asked:
        by_trouble.setdefault(one.trouble, []).append(one)
    found = [ok("models", _there(one)) for one in by_trouble.pop("", [])]
    for trouble, group in by_trouble.items():
        gone = [one for one in group if one.unknown]
        found += [_gone(one, known) for one in gone]
        names = listing([one.model.name for one in group if one not in gone], "and")
        found += [fail("models", f"{names}: {trouble}")] if names else []
    return found


def clock(skew: float | None) -> Finding:
    """Judge how many seconds this machine's clock is ahead of the service's."""
    if skew is None:
        return ok("clock", "not checked: Google's answer tells the time, and there was none")
    if abs(skew) < ASKEW:
        return ok("clock", "agrees with Google's")
    said = f"is {abs(skew):,.0f} s {'ahead of' if skew > 0 else 'behind'} Google's"
    return warn("clock", said, "let this machine set its clock over the network, or logins will be refused")


def _routes(access: Access, use: Use) -> tuple[dict[Model, Route], list[Finding]]:
    """Find the way to each model, and say of the others why there is none; nothing is opened."""
    routes, found = {}, []
    for model in use.models:
        try:
            routes[model] = access.route(model, replacements(model, use.known))
        except UsageError as error:
            found.append(fail("models", str(error)))
    return routes, found


def _project(use: Use) -> str:
    if use.settings.project:
        return f"project {use.settings.project} from [google]"
    named = use.environ.get(PROJECT)
    return f"project {named} from {PROJECT}" if named else "the credentials' own project"


def _gone(one: Reached, known: Sequence[Model]) -> Finding:
    elsewhere = ", or in [google.locations] a location that serves it" if "Vertex" in one.place else ""
    return fail("models", f"{one.model.name} is not known {one.place}", f"{instead(one.model, known)}{elsewhere}")


def _there(one: Reached) -> str:
    return f"{one.model.name} {'answers' if one.model.kind == 'text' else 'is listed'} {one.place}"
