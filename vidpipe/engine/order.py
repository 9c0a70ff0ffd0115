"""What a step hands to the engine and gets back: an order for one target, its inputs, what was made of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import Fingerprint, Json, text_digest
from vidpipe.errors import Exit, VidpipeError
from vidpipe.files import NO_FILE, named, open_regular

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from vidpipe.engine.judge import Action, State
    from vidpipe.engine.kind import Kind
    from vidpipe.engine.record import Record

FREE = Decimal(0)


class InputChangedError(Exception):
    """An input is no longer the file that was judged: a person's hand was there in the meantime."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed during the run; run again to take the change in")


class NotMadeError(VidpipeError):
    """A target was not made, and neither is what needs it."""

    def __init__(self, target: str, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.target = target
        self.exit_code = exit_code


class RefusedTargetError(VidpipeError):
    """A safety filter refused a target: the step decides what stands in for it."""

    exit_code = Exit.INCOMPLETE

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(f"{target}: refused: {reason}")
        self.target = target
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a recipe reads, under its role.

    `digest` is None in a plan where the file is still to be made; `promise` then says of what it will be made.
    """

    role: str
    name: str
    path: Path
    digest: str | None
    promise: str = ""

    def read(self) -> bytes:
        """Return the very bytes that were judged. Raises InputChangedError where they are gone, or OSError."""
        try:
            with named(self.path), open_regular(self.path) as file:
                data = file.read()
        except OSError as error:
            if error.errno in NO_FILE:
                raise InputChangedError(self.name) from error
            raise
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise InputChangedError(self.name)
        return data


@dataclass(frozen=True, slots=True)
class Made:
    """A target as those who need it see it; in a plan the digest of one that is still to be made is None."""

    name: str
    path: Path
    digest: str | None
    promise: str = ""
    record: Record | None = None

    def as_input(self, role: str) -> Input:
        """Return this target as somebody's input."""
        return Input(role, self.name, self.path, self.digest, self.promise)


@dataclass(frozen=True, slots=True)
class Making:
    """What a recipe says of the draft it wrote.

    `fingerprint` is what the draft was really made of, where that may differ in vidpipe's own parts from what was
    ordered: it was asked for before an upgrade. `placed` is called once the file has its final name (or is safe in the
    archive): the moment to settle a payment. `damaged` says what to raise where the draft turns out to be no valid
    file, instead of what its check found.
    """

    provenance: Mapping[str, Json] = field(default_factory=dict)
    cost: Decimal = FREE
    fetched: bool = False
    fingerprint: Fingerprint | None = None
    placed: Callable[[], None] | None = None
    damaged: Callable[[str], VidpipeError] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a recipe writes: a path for the output, a folder for its temporaries, and what it is being made for."""

    path: Path
    scratch: Path
    target: str
    fingerprint: Fingerprint
    request_floor: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """One target as a step wants it: fingerprint parts, inputs, price (None: a free local recipe), and the recipe.

    `refusable` says that the film can go on without it if a safety filter refuses it. `waits_for` names, in a plan, the
    target that has to be made before it is known what this one is made from. `accepts` are other values of parts with
    which an output serves just as well.
    """

    name: str
    kind: Kind
    user: Mapping[str, Json]
    own: Mapping[str, Json]
    inputs: tuple[Input, ...]
    recipe: Callable[[Draft], Awaitable[Making]]
    price: Decimal | None = None
    refusable: bool = True
    waits_for: str = ""
    accepts: Mapping[str, Json] = field(default_factory=dict)

    @property
    def fingerprint(self) -> Fingerprint:
        """The wanted fingerprint; an input that is still to be made is None in it."""
        roles: dict[str, Json] = {part.role: part.digest for part in self.inputs}
        return Fingerprint({**self.user, **roles}, {"step": self.kind.step, **self.own}, self.accepts)

    @property
    def promise(self) -> str:
        """What stands for the output before there is one: equal for orders that will be of one making."""
        roles = [f"{part.role}={part.digest or part.promise}" for part in self.inputs]
        return text_digest("\n".join([Fingerprint(self.user, {"step": self.kind.step, **self.own}).key, *roles]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a target in a run, or what a plan says will; `price` is what that costs in USD."""

    name: str
    state: State
    action: Action
    reasons: tuple[str, ...] = ()
    price: Decimal = FREE
    exit_code: Exit = Exit.DONE
    digest: str | None = None
