"""Decide what a target is: the rerun rule (docs/rerun.md), pure, every answer with its reason.

`judge` takes a record, the wanted fingerprint and what the disk holds and returns a state; `eligible` says which
earlier takes may stand in for a making.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import Difference, differences, stands_for

if TYPE_CHECKING:
    from vidpipe.engine.fingerprint import Fingerprint
    from vidpipe.engine.record import Record
    from vidpipe.files import Stamp


class State(StrEnum):
    """What a target is, before a run does anything."""

    UP_TO_DATE = "up to date"
    STALE = "stale"
    OUTDATED = "outdated"
    EDITED = "edited"
    CONFLICT = "conflict"
    BROKEN = "broken"
    MISSING = "missing"
    ADOPTED = "adopted"
    INTERRUPTED = "interrupted"
    LOST = "lost"
    REFUSED = "refused"
    ORPHAN = "orphan"
    BUSY = "busy"


class Action(StrEnum):
    """What a plan would do, or a run did, with a target."""

    NONE = "none"
    MAKE = "make"
    MAYBE = "maybe"
    MADE = "made"
    RESTORED = "restored"
    FETCHED = "fetched"
    ADOPTED = "adopted"
    HELD = "held"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    FAILED = "failed"


class Standing(StrEnum):
    """What the ledger knows of requests for one target and fingerprint."""

    NONE = "none"
    OPEN = "open"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Disk:
    """What stands at the target's path: nothing, a file with a digest, or something damaged.

    `stamp` is the file's from just before it was read; it is no part of what is compared.
    """

    digest: str | None = None
    damage: str | None = None
    stamp: Stamp | None = field(default=None, compare=False)

    @property
    def missing(self) -> bool:
        """Whether there is no file at all."""
        return self.digest is None and self.damage is None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a judgement rests on.

    `known` is a record of the archive, of this very target, with the digest on disk: vidpipe's own earlier take.
    `redone` is the digest of the file for which a new take was asked, `since` the last take there was then; `accepted`
    is the digest that the user accepted.
    """

    record: Record | None
    disk: Disk
    wanted: Fingerprint
    known: Record | None = None
    paid: bool = False
    upgrade: bool = False
    redone: str | None = None
    since: int = -1
    accepted: str | None = None
    standing: Standing = Standing.NONE


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state with its reasons; `maybe` says that it hangs on an input that is itself still to be made.

    `origin` is the record that speaks for the file on disk: the target's own, or an earlier take of vidpipe's.
    """

    state: State
    reasons: tuple[str, ...] = ()
    maybe: bool = False
    origin: Record | None = None


def judge(case: Situation) -> Judgement:
    """Return the state of a target and why (the table of docs/rerun.md, row by row)."""
    if case.disk.damage is not None:
        return Judgement(State.BROKEN, (case.disk.damage,))
    if case.disk.missing:
        return _judge_standing(case) or Judgement(
            State.MISSING, ("the file was deleted" if case.record else "not made yet",)
        )
    judgement = _judge_present(case)
    # A remake that was already asked for is not asked for again, whatever old file still stands there.
    return (judgement.state is State.STALE and _judge_standing(case)) or judgement


def _judge_present(case: Situation) -> Judgement:
    recorded = _speaks_for(case)
    if case.redone == case.disk.digest and (case.record is None or case.record.take <= case.since):
        return Judgement(State.STALE, ("a new take was asked for",), origin=recorded)
    if recorded is None:
        return _judge_edited(case) if case.record else Judgement(State.ADOPTED, ("your own file",))
    return _judge_recorded(case, recorded)


def _speaks_for(case: Situation) -> Record | None:
    """Return the record whose output is the file on disk, if any."""
    return case.record if case.record is not None and case.record.digest == case.disk.digest else case.known


def _judge_standing(case: Situation) -> Judgement | None:
    if case.standing is Standing.OPEN:
        return Judgement(State.INTERRUPTED, ("its operation is still open",))
    if case.standing is Standing.UNKNOWN:
        return Judgement(State.LOST, ("a request for it may have been accepted and its reply was lost",))
    if case.standing is Standing.REFUSED:
        return Judgement(State.REFUSED, ("the provider refused it",))
    return None


def _judge_recorded(case: Situation, recorded: Record) -> Judgement:
    found = differences(recorded.fingerprint, case.wanted)
    users = tuple(difference.reason for difference in found if not difference.own)
    if case.accepted == case.disk.digest and (found or not case.wanted.known):
        return Judgement(State.ADOPTED, ("accepted by you",), maybe=not case.wanted.known, origin=recorded)
    if users:
        state = State.CONFLICT if recorded.origin == "user" else State.STALE
        return Judgement(state, users, origin=recorded)
    if found:
        return _judge_own_change(case, recorded, found)
    if not case.wanted.known:
        return Judgement(State.UP_TO_DATE, _awaited(case.wanted), maybe=True, origin=recorded)
    return Judgement(State.UP_TO_DATE, origin=recorded)


def _judge_own_change(case: Situation, recorded: Record, found: tuple[Difference, ...]) -> Judgement:
    reasons = tuple(f"{difference.reason} (by vidpipe itself)" for difference in found)
    unknown = not case.wanted.known
    if recorded.origin == "user":
        return Judgement(State.UP_TO_DATE, _awaited(case.wanted), maybe=unknown, origin=recorded)
    if case.paid and not case.upgrade:
        return Judgement(State.OUTDATED, reasons, maybe=unknown, origin=recorded)
    return Judgement(State.STALE, reasons, origin=recorded)


def _judge_edited(case: Situation) -> Judgement:
    assert case.record is not None
    if case.accepted == case.disk.digest:
        return Judgement(State.ADOPTED, ("accepted by you",), maybe=not case.wanted.known)
    users = tuple(found.reason for found in differences(case.record.fingerprint, case.wanted) if not found.own)
    if users:
        return Judgement(State.CONFLICT, ("edited by hand", *users))
    awaited = _awaited(case.wanted)
    return Judgement(State.EDITED, ("edited by hand", *awaited), maybe=bool(awaited))


def _awaited(wanted: Fingerprint) -> tuple[str, ...]:
    return tuple(f"{name} is to be made first" for name, value in wanted.user.items() if value is None)


def eligible(take: Record, wanted: Fingerprint, *, since: int, paid: bool, upgrade: bool) -> bool:
    """Whether an earlier take may stand for the wanted fingerprint without being made again."""
    if take.take <= since or not wanted.known:
        return False
    return stands_for(take.fingerprint, wanted, exact=upgrade or not paid, serving=True)
