"""What the loopback server does to a call instead of answering it as usual."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["text", "image", "video", "speech", "poll", "download", "token", "look"]
"""The calls that are told apart; the first four are what Google bills."""

PAID: tuple[Kind, ...] = ("text", "image", "video", "speech")


@dataclass(frozen=True, slots=True)
class Reject:
    """Answer with an error; with `accepted` the request is taken in and billed first, so that only the reply is bad."""

    code: int
    status: str
    message: str = "No details are known."
    retry_info: float | None = None
    retry_after: float | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection without an answer, in good order or by a reset."""

    accepted: bool = True
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing until released or until the client hangs up."""

    accepted: bool = True
    released: threading.Event = field(default_factory=threading.Event, compare=False)


@dataclass(frozen=True, slots=True)
class Garble:
    """Take the request in and answer 200 with something that is no answer."""

    body: bytes = b"<html><title>Sorry</title></html>"
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Redirect:
    """Take the request in and bill it, then send the client on elsewhere."""

    code: int = 307
    to: str = "/elsewhere"
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Drip:
    """Deliver the body in this many pieces, with seconds in between."""

    pieces: int = 10
    seconds: float = 0.1


@dataclass(frozen=True, slots=True)
class Truncate:
    """Announce the whole body and break off in its middle."""

    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Spoil:
    """Deliver a clip whose second half was never stored, under a length that looks right."""


@dataclass(frozen=True, slots=True)
class Say:
    """Reply to a request for a storyboard with this very text; `finish` is the reply's finish reason."""

    text: str
    finish: str = "STOP"


@dataclass(frozen=True, slots=True)
class Block:
    """Refuse for safety: the prompt, the reply (a picture, a text), or the finished clip. Nothing is billed."""

    where: Literal["prompt", "reply"] = "reply"
    reason: str = "SAFETY"


@dataclass(frozen=True, slots=True)
class Working:
    """Say that an operation still runs."""


@dataclass(frozen=True, slots=True)
class Fail:
    """End an operation without a result."""

    code: int = 13
    message: str = "Internal error. Please try again later."


@dataclass(frozen=True, slots=True)
class Expire:
    """Forget an operation."""


@dataclass(frozen=True, slots=True)
class Do:
    """Do something, then answer as usual."""

    act: Callable[[], object]


Deed = Reject | Cut | Hang | Garble | Redirect | Drip | Truncate | Spoil | Say | Block | Working | Fail | Expire | Do


def busy(*, retry_info: float | None = None, retry_after: float | None = None) -> Reject:
    """Answer 429 as the services do when a quota is used up."""
    message = "Resource exhausted. Please try again later."
    return Reject(429, "RESOURCE_EXHAUSTED", message, retry_info, retry_after)


def unavailable(code: int = 503, *, accepted: bool = False) -> Reject:
    """Answer 5xx; a client cannot tell whether the request was taken in."""
    status = {500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}[code]
    return Reject(code, status, "The service is currently unavailable.", accepted=accepted)


def forbidden_words() -> Reject:
    """Answer as Vertex does to a prompt that it does not even take in: a 400 that only its text tells apart."""
    return Reject(
        400,
        "INVALID_ARGUMENT",
        "The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI "
        "practices. Try rephrasing the prompt. If you think this was an error, send feedback. Support codes: 58061214",
    )


@dataclass(slots=True)
class Rule:
    """A deed for the calls of one kind whose prompt holds a text: the first `times` (None: all), each `every`-th."""

    kind: Kind
    deed: Deed
    holding: str = ""
    times: int | None = 1
    every: int = 1
    seen: int = 0

    def takes(self, kind: Kind, text: str) -> bool:
        """Whether this rule answers a call, which uses it up."""
        if kind != self.kind or self.holding not in text or self.times == 0:
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        self.times = None if self.times is None else self.times - 1
        return True
