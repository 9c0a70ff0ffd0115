"""Answers to questions that change nothing, as values: why a target is what it is, what cleaning would remove."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from vidpipe.errors import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json
    from vidpipe.engine.order import Outcome


class Change(StrEnum):
    """How one part of a fingerprint compares with the recorded one; AWAITED is known only once it is made."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    AWAITED = "awaited"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a fingerprint, as recorded and as wanted; `own` says that it is vidpipe's, not the user's."""

    name: str
    change: Change
    old: Json
    new: Json
    own: bool


@dataclass(frozen=True, slots=True)
class Take:
    """The recorded take of a target: its number, who made it, of what content, and what it cost in USD."""

    number: int
    made_by: str
    digest: str
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Bought:
    """One request of the ledger: `spent` is what it cost, or may have cost, in USD."""

    id: str
    model: str
    status: str
    spent: Decimal
    operation: str | None
    story: str


@dataclass(frozen=True, slots=True)
class Why:
    """Everything known of one target: its outcome in a plan, fingerprint part by part, its take, requests and marks."""

    job: str
    directory: Path
    outcome: Outcome
    parts: tuple[Part, ...] = ()
    take: Take | None = None
    requests: tuple[Bought, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """One file that cleaning removes: why it may go, how large it is, and what was paid for it in USD."""

    path: Path
    reason: str
    size: int
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What cleaning one job removes, or has removed if `done`; `kept` says what stays although it was asked for.

    `problem` says why not all of it could be done, with the exit code of that.
    """

    job: str
    directory: Path
    removals: tuple[Removal, ...]
    done: bool = False
    kept: tuple[str, ...] = ()
    problem: str = ""
    exit_code: Exit = Exit.DONE
