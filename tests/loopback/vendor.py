"""The vendor behind the loopback server: his books, his operations and stored clips, and what a test scripts.

He outlives every process of vidpipe, as Google does, so what one of them bought can be counted after it was killed.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.loopback.deeds import PAID, Deed, Do, Kind, Rule
from tests.loopback.media import clip

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

PATIENCE = 60.0
"""Seconds after which a rendezvous that a test scripted is given up."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A paid request that was taken in, with the price that stands on the bill."""

    kind: Kind
    model: str
    prompt: str
    price: Decimal

    @property
    def key(self) -> str:
        """Digest of what was asked, to count how often the same was."""
        return hashlib.sha256(f"{self.kind} {self.model} {self.prompt}".encode()).hexdigest()[:12]


@dataclass(slots=True)
class Operation:
    """A clip that is being filmed, or was; `place` is the gs:// object or the file that holds the result."""

    name: str
    prompt: str
    seconds: int
    resolution: str
    aspect_ratio: str
    audio: bool
    serial: int
    place: str | None = None
    blocked: str | None = None
    done: bool = False

    def film(self) -> bytes:
        """Return the clip."""
        return clip(self.serial, self.seconds, self.resolution, self.aspect_ratio, audio=self.audio)


@dataclass(slots=True)
class Vendor:
    """Everything that the vendor knows. `key`, `token` and `project` are the ones that he lets in."""

    key: str = "canary-key-0123456789abcdef"
    token: str = "ya29." + "canary-token-0123456789abcdef"
    project: str = "film-project"
    issues: str | None = None
    """A token that is handed out, though it opens nothing."""
    together: int = 0
    """How many operations must have begun before any is done, to prove that they run side by side."""
    rules: list[Rule] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    arrived: list[tuple[Kind, str]] = field(default_factory=list)
    bodies: list[tuple[Kind, object]] = field(default_factory=list)
    blocked: list[tuple[Kind, str]] = field(default_factory=list)
    operations: dict[str, Operation] = field(default_factory=dict)
    stored: dict[str, Operation] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    """Every call that broke the protocol; a test with one of these fails."""
    open_at_most: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: threading.Condition = field(init=False)

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)

    def on(self, kind: Kind, deed: Deed, *, holding: str = "", times: int | None = 1, every: int = 1) -> None:
        """Script what the next calls of a kind come to, those only whose prompt holds a text."""
        with self.lock:
            self.rules.append(Rule(kind, deed, holding, times, every))

    def play(self, kind: Kind, text: str) -> Deed | None:
        """Note a call and return what is scripted for it."""
        with self.lock:
            self.arrived.append((kind, text))
            self.changed.notify_all()
            deed = next((rule.deed for rule in self.rules if rule.takes(kind, text)), None)
        if isinstance(deed, Do):
            deed.act()
            return None
        return deed

    def accept(self, kind: Kind, model: str, prompt: str, price: Decimal) -> int:
        """Take a request in, which puts it on the bill, and return its serial number."""
        with self.changed:
            self.accepted.append(Accepted(kind, model, prompt, price))
            self.changed.notify_all()
            return len(self.accepted)

    def begin(self, operation: Operation) -> None:
        """Begin an operation."""
        with self.changed:
            self.operations[operation.name] = operation
            self.open_at_most = max(self.open_at_most, sum(not one.done for one in self.operations.values()))
            self.changed.notify_all()

    def hold(self) -> None:
        """Let nobody hear of a result before enough operations have begun."""
        self.wait(lambda: len(self.operations) >= self.together)

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something is so; that it never was is a problem of the test's own."""
        with self.changed:
            if not self.changed.wait_for(until, PATIENCE):
                self.problems.append("a rendezvous that the test scripted never came about")

    def sent(self, kind: Kind, holding: str = "") -> int:
        """Return how many calls of a kind arrived, rejected ones included."""
        with self.lock:
            return sum(one == kind and holding in text for one, text in self.arrived)

    def count(self, kind: Kind, holding: str = "") -> int:
        """Return how many requests of a kind were taken in, and so billed."""
        with self.lock:
            return sum(one.kind == kind and holding in one.prompt for one in self.accepted)

    @property
    def calls(self) -> tuple[int, int, int]:
        """Return how many storyboards, pictures and clips were billed."""
        text, image, video, _ = (self.count(kind) for kind in PAID)
        return text, image, video

    @property
    def most_alike(self) -> int:
        """Return how often the request that was billed most often was billed."""
        return max(Counter(one.key for one in self.accepted).values(), default=0)

    def bill(self, *kinds: Kind) -> Decimal:
        """Return what all requests of these kinds (none: of all) cost together, in USD."""
        from decimal import Decimal

        return sum((one.price for one in self.accepted if not kinds or one.kind in kinds), Decimal(0))

    def complain(self, problem: str) -> None:
        """Note a breach of the protocol."""
        with self.lock:
            self.problems.append(problem)


def now() -> str:
    """Return the time as the services write it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
