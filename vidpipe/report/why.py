"""Why a target is what it is, in plain words: state, reasons, each part of its fingerprint, and the ledger."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from vidpipe.answers import Change
from vidpipe.budget import dollars
from vidpipe.engine.judge import Action, State
from vidpipe.errors import Exit
from vidpipe.place import shown_path
from vidpipe.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidpipe.answers import Part, Why
    from vidpipe.engine.fingerprint import Json
    from vidpipe.report.voice import Role, Voice

SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST = 60
MEANING: Mapping[State, str] = {
    State.UP_TO_DATE: "the file is what the spec and its inputs say now",
    State.STALE: "the file is not what is wanted now",
    State.OUTDATED: "only vidpipe's own part of the recipe has changed; it was paid for, so it is kept",
    State.EDITED: "you changed the file by hand, and it is kept as yours",
    State.CONFLICT: "you changed the file by hand, and what it is made from has changed as well",
    State.BROKEN: "the file, or what vidpipe recorded of it, cannot be read",
    State.MISSING: "there is no file",
    State.ADOPTED: "the file is yours: vidpipe did not make it, or you accepted it as it is",
    State.INTERRUPTED: "it was asked for, and the provider is still at work or has it ready",
    State.LOST: "it was asked for, and nobody knows whether the request arrived",
    State.REFUSED: "the provider's safety filter refused it",
    State.ORPHAN: "no scene of the storyboard makes or uses the file",
    State.BUSY: "another run is making it right now",
}
INTENT: Mapping[Action, str] = {
    Action.NONE: "a run leaves it alone",
    Action.MAKE: "a run makes it",
    Action.MAYBE: "a run makes it if the inputs that come first turn out differently",
    Action.RESTORED: "a run brings back an earlier take, for nothing",
    Action.FETCHED: "a run fetches what was already paid for",
    Action.ADOPTED: "a run records it as yours",
    Action.SKIPPED: "a run goes on without it",
    Action.BLOCKED: "a run does not touch it before you have decided",
    Action.FAILED: "a run stops here",
}
MARKS: Mapping[Change, str] = {
    Change.SAME: " ",
    Change.CHANGED: "~",
    Change.ADDED: "+",
    Change.REMOVED: "-",
    Change.AWAITED: "?",
    Change.NEW: " ",
}
ROLES: Mapping[Change, Role] = {Change.CHANGED: "warn", Change.ADDED: "good", Change.REMOVED: "bad"}


def why(answers: Sequence[Why], voice: Voice) -> list[str]:
    """Return the lines of the answers, an empty line between two targets."""
    lines: list[str] = []
    for answer in answers:
        lines += ["", *_target(answer, voice)] if lines else _target(answer, voice)
    return lines


def _target(answer: Why, voice: Voice) -> list[str]:
    outcome = answer.outcome
    path = visible(f"{shown_path(answer.directory)}/{outcome.name}")
    price = f" for {dollars(outcome.price)}" if outcome.price else ""
    lines = [
        f"{voice.paint('bold', path)}: {outcome.state}",
        f"  {_meaning(answer)}{price}",
    ]
    lines += [f"  because: {visible(reason)}" for reason in outcome.reasons]
    lines += [f"  {mark}" for mark in answer.marks]
    if answer.take:
        take = answer.take
        maker = "by you" if take.made_by == "user" else "by vidpipe"
        lines.append(f"  on record: take {take.number}, {maker}, {dollars(take.cost)}, sha256 {take.digest[:12]}")
    if answer.parts:
        lines += ["  made from (~ changed, + added, - removed, ? known once it is made):"]
        lines += [line for part in answer.parts for line in _part(part, voice)]
    if answer.requests:
        lines.append("  ledger:")
    for entry in answer.requests:
        told = [visible(entry.model), entry.status, dollars(entry.spent)]
        told += [f"operation {visible(entry.operation)}"] if entry.operation else []
        told += [visible(entry.story)] if entry.story else []
        lines.append(f"    request {entry.id[:8]}: {', '.join(told)}")
    return lines


def _meaning(answer: Why) -> str:
    outcome = answer.outcome
    if outcome.action in {Action.BLOCKED, Action.SKIPPED} and outcome.exit_code is Exit.DONE:
        return "what it is made from is not there, so nobody can tell; a run does not try it"
    return f"{MEANING[outcome.state]}; {INTENT.get(outcome.action, outcome.action.value)}"


def _part(part: Part, voice: Voice) -> list[str]:
    name = visible(part.name) + (" (vidpipe's own)" if part.own else "")
    head = f"    {MARKS[part.change]} {name}"
    role = ROLES.get(part.change)
    if part.change is Change.AWAITED:
        return [head]
    if part.change is Change.CHANGED:
        return [
            voice.paint(role, head),
            f"        was {told_value(part.old, None)}",
            f"        now {told_value(part.new, None)}",
        ]
    value = part.old if part.change is Change.REMOVED else part.new
    return [voice.paint(role, f"{head}: {told_value(value, LONGEST)}")]


def told_value(value: Json, longest: int | None) -> str:
    """Return a fingerprint's value in one line: a digest by its beginning, a text in full or cut to `longest`."""
    if isinstance(value, str):
        if SHA256.fullmatch(value):
            return f"sha256 {value[:12]}"
        text = visible(value)
    else:
        text = visible(json.dumps(value, ensure_ascii=False))
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"
