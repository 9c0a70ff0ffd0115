"""The fingerprint: what a recipe really reads, as named parts in two groups, so that "why" is a diff of two dicts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

SHOWN = 48
"""Longest value that a reason quotes."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The named inputs of a recipe.

    `user` holds what the user decides: prompt fields, spec fields, the model asked for, and the sha256 of each input
    under its role. `own` holds vidpipe's: recipe version, templates, a default model. A value of None is an input that
    is not known before it is made; it occurs in plans only. `accepts` are values that serve what is wanted as well:
    what was made with one of them needs no making. They are no part of what is recorded.
    """

    user: Mapping[str, Json]
    own: Mapping[str, Json] = field(default_factory=dict)
    accepts: Mapping[str, Json] = field(default_factory=dict, compare=False)

    @property
    def known(self) -> bool:
        """Whether every input is there to be compared."""
        return None not in self.user.values()

    @property
    def key(self) -> str:
        """The hex sha256 of the canonical JSON of both groups: a name to look takes up by."""
        return _digest({"user": self.user, "own": self.own})

    def to_json(self) -> dict[str, Json]:
        """Return the form on disk."""
        return {"user": dict(self.user), "own": dict(self.own)}

    @property
    def parts(self) -> dict[str, Json]:
        """Both groups as one dict; a name stands in one group only."""
        return {**self.own, **self.user}


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs between two fingerprints; `own` says that vidpipe itself changed it, not the user."""

    reason: str
    own: bool


def _digest(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def text_digest(text: str) -> str:
    """Return the hex sha256 of a text, for parts too long to keep."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(recorded: Fingerprint, wanted: Fingerprint) -> tuple[Difference, ...]:
    """Name what changed from one fingerprint to the other, inputs that are not known yet left out.

    A part is vidpipe's own change only where the user named it on neither side: naming the default model changes
    nothing, and taking a named model back is the user's change.
    """
    old, new = recorded.parts, wanted.parts
    found = []
    for name in sorted(old.keys() | new.keys()):
        if name in new and name in wanted.user and new[name] is None:
            continue
        if (name in old) == (name in new) and old.get(name) == new.get(name):
            continue
        if _serves(name, recorded, wanted):
            continue
        own = name not in recorded.user and name not in wanted.user
        found.append(Difference(_reason(name, old, new), own))
    return tuple(found)


def stands_for(recorded: Fingerprint, wanted: Fingerprint, *, exact: bool = False, serving: bool = False) -> bool:
    """Whether what was made or asked for under one fingerprint is what another one wants.

    vidpipe's own parts may differ, unless it has to be `exact`; inputs that either side does not know yet are left out.
    `serving` lets what the wanted one `accepts` stand for it too; a request for that is none for this one.
    """
    if recorded.own.get("step") != wanted.own.get("step"):
        return False
    for name in {*recorded.user, *recorded.own, *wanted.user, *wanted.own}:
        if not exact and name not in recorded.user and name not in wanted.user:
            continue
        old, new = _part(recorded, name), _part(wanted, name)
        if old != new and None not in (old, new) and not (serving and _serves(name, recorded, wanted)):
            return False
    return True


def _serves(name: str, recorded: Fingerprint, wanted: Fingerprint) -> bool:
    return name in wanted.accepts and _part(recorded, name) == wanted.accepts[name]


_ABSENT = object()


def _part(fingerprint: Fingerprint, name: str) -> object:
    return fingerprint.user.get(name, fingerprint.own.get(name, _ABSENT))


def _reason(name: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> str:
    label = name.replace("_", " ") if name in {"recipe_version", "prompt_template"} else name
    if name not in old:
        return f"{label} added"
    if name not in new:
        return f"{label} removed"
    before, after = old[name], new[name]
    if _short(before) and _short(after):
        return f"{label} changed: {_shown(before)} -> {_shown(after)}"
    return f"{label} changed"


def _short(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) <= SHOWN and value.isprintable() and not any(char.isspace() for char in value)
    return isinstance(value, bool | int | float)


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
