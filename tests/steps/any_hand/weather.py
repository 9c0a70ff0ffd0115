"""How a vendor, and a person in the middle of a run, misbehave."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.steps.any_hand.vendor import Books, clip_key, sha
from tests.steps.turns import Interruption
from tests.toy import Operation, clip_of
from vidpipe.providers.base import (
    Failed,
    Gone,
    NotAcceptedError,
    NotThereError,
    Refused,
    RefusedError,
    ReplyLostError,
    Running,
    VideoRequest,
)

if TYPE_CHECKING:
    from tests.steps.any_hand.crash import Kill
    from tests.steps.any_hand.deeds import Hands
    from tests.toy import Deed, Port

FAULTS: tuple[tuple[Port, str], ...] = (
    ("video", "refuse"), ("video", "lose"), ("video", "begin and lose"), ("video", "reject"), ("video", "busy"),
    ("image", "refuse"), ("image", "lose"), ("image", "reject"), ("text", "lose"), ("text", "reject"),
    ("poll", "run"), ("poll", "fail"), ("poll", "gone"), ("poll", "refuse"), ("fetch", "reject"), ("fetch", "lose"),
    ("fetch", "not there"), ("image", "hand"), ("video", "hand"), ("poll", "hand"),
    ("video", "interrupt"), ("image", "interrupt"), ("poll", "interrupt"),
)  # fmt: skip
ONCE = frozenset({"lose", "begin and lose", "interrupt", "hand"})


@dataclass(slots=True)
class Weather:
    """Scripts what the vendor does with its next calls."""

    books: Books
    person: Hands
    kill: Kill

    def turn(self, port: Port, what: str, times: int) -> None:
        """Let the next calls of a port come to harm; that an operation is gone has to be said twice."""
        times = 1 if what in ONCE else 2 if what == "gone" else times
        deed = (lambda: self.meanwhile(times)) if what == "hand" else self.deed(port, what)
        self.books.server.on(port, deed, times=times)

    def meanwhile(self, number: int) -> None:
        """Do something by hand in the middle of a run."""
        with self.kill.lock:
            (self.person.paint, self.person.film, self.person.reword)[number % 3](number, number + 1, 2 * number)

    def deed(self, port: Port, what: str) -> Deed:
        """Return what the vendor does."""
        deeds: dict[str, Deed] = {
            "refuse": Refused("violence", ("1",)) if port == "poll" else RefusedError("violence", ("1",)),
            "lose": ReplyLostError("connection reset"),
            "begin and lose": self.begin_and_lose,
            "reject": NotAcceptedError("400 no"),
            "busy": NotAcceptedError("429", retry=True),
            "run": Running(),
            "fail": Failed("internal error", transient=True),
            "gone": Gone(),
            "not there": NotThereError("404"),
            "interrupt": self.interrupt,
        }
        return deeds[what]

    def begin_and_lose(self) -> ReplyLostError:
        """Take a clip's request in, and let the answer get lost."""
        sent = self.books.sent[-1]
        assert isinstance(sent.request, VideoRequest)
        serial = self.books.server.accept("video", sent.request.prompt)
        sent.operation = self.books.server.begin(Operation(sent.request, serial))
        self.books.deliver(sha(clip_of((sent.request, serial), sent.request.seconds)), clip_key(sent.request))
        return ReplyLostError("connection reset")

    async def interrupt(self) -> None:
        """Answer only when the run has heard of Ctrl-C."""
        with pytest.MonkeyPatch.context() as patch:
            await asyncio.to_thread(Interruption(patch).send, signal.SIGINT)
