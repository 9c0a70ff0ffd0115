"""Keep a job's ledger and budget in step, and say how its requests stand under the policy of this run."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from vidpipe.budget import dollars
from vidpipe.engine.judge import Standing
from vidpipe.errors import VidpipeError
from vidpipe.providers.retry import RetryPolicy
from vidpipe.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from vidpipe.budget import JobBudget
    from vidpipe.engine.fingerprint import Fingerprint, Json
    from vidpipe.engine.order import Draft
    from vidpipe.ledger import Ledger
    from vidpipe.ledger.request import Request, Status
    from vidpipe.providers.base import Refused
    from vidpipe.providers.catalogue import Model
    from vidpipe.providers.limits import Limits

OnLost = Literal["resubmit", "abandon"]
REQUEST_COST = "request_usd"
"""Where a record's provenance keeps what its `request` alone cost, lost attempts before it left out."""
T = TypeVar("T")


class ProviderError(VidpipeError):
    """A model answered with something that helps nobody; the message says what was received."""


@dataclass(frozen=True, slots=True)
class BuyingPolicy:
    """How to buy: what to do about lost replies and refusals, and how to wait.

    With `upgrade`, a request counts only if it was made with the parts that vidpipe itself uses now.
    """

    on_lost: OnLost | None = None
    retry_refused: bool = False
    refusal_retries: int = 1
    upgrade: bool = False
    poll_seconds: float = 10.0
    wait_seconds: float = 900.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)


class Purchases:
    """The money side of one job: the engine asks it how requests stand, recipes buy through it."""

    def __init__(self, ledger: Ledger, budget: JobBudget, limits: Limits, policy: BuyingPolicy) -> None:
        self.ledger = ledger
        self.budget = budget
        self.limits = limits
        self.policy = policy
        self._start = len(ledger.requests)
        self._lost = frozenset(entry.id for entry in ledger.requests.values() if entry.lost)
        self._mine: set[str] = set()
        self._writer = ThreadPoolExecutor(1, "ledger")  # its thread begins with the first entry

    def close(self) -> None:
        """Let the thread go that writes, once nothing is bought any more."""
        self._writer.shutdown(wait=False)

    def count(self) -> int:
        """Return how many requests the ledger knows."""
        return len(self.ledger.requests)

    def standing(self, wanted: Fingerprint, floor: int) -> tuple[Standing, str]:
        """Return how the requests for a fingerprint stand under this run's policy, and the decisive one's story.

        What was said about lost requests is about those that were lost when the run began, not about its own.
        """
        standing, request = self.ledger.standing(wanted, floor, exact=self.policy.upgrade)
        if standing is Standing.UNKNOWN and self.policy.on_lost is not None:
            since = [entry for entry in self.ledger.of(wanted, floor) if entry.lost and entry.id not in self._lost]
            if since:
                request = since[0]
            else:
                standing = Standing.REFUSED if self.policy.on_lost == "abandon" else Standing.NONE
        elif standing is Standing.REFUSED and not self.refusal_holds(wanted, floor):
            standing = Standing.NONE
        return standing, _story(request) if request else ""

    def refusal_holds(self, wanted: Fingerprint, floor: int) -> bool:
        """Whether a fingerprint has been refused as often as this run may ask for it."""
        if self.policy.retry_refused:
            floor = max(floor, self._start)
        requests = self.ledger.of(wanted, floor, exact=self.policy.upgrade)
        refused = sum(request.status == "refused" for request in requests)
        return refused > self.policy.refusal_retries or any(request.refused for request in requests)

    def any_lost(self) -> bool:
        """Whether the reply to a request for a clip was lost and nobody has said what to do about it."""
        return any(entry.lost and entry.kind == "video" for entry in self.ledger.requests.values())

    async def abandon_lost(self) -> None:
        """Treat every lost clip as refused, as `--on-lost abandon` asks."""
        for entry in list(self.ledger.requests.values()):
            if entry.lost and entry.kind == "video":
                await self.note(entry, "abandoned", story="abandoned with --on-lost abandon", refused=True)

    async def give_up_lost(self, draft: Draft) -> None:
        """Write down that a lost request is not waited for any more; its price stays spent."""
        for entry in self.ledger.of(draft.fingerprint, draft.request_floor):
            if entry.id in self._lost and entry.lost:
                await self.note(entry, "abandoned", story="sent anew with --on-lost resubmit")

    async def intend(self, draft: Draft, model: Model, price: Decimal, request: object) -> Request:
        """Set the price aside and write down that a request is about to be sent. Raises BudgetError or OSError."""
        self.budget.draw(price, draft.target)
        digest = await asyncio.to_thread(request_digest, request)
        intend = partial(self.ledger.intend, draft.target, model.kind, draft.fingerprint, model.name, price, digest)
        try:
            entry = await self._written(intend)
        except OSError:
            self.budget.give_back(price)
            raise
        self._mine.add(entry.id)
        return entry

    async def rejected(self, entry: Request, story: str) -> None:
        """Write down that a request was certainly not accepted."""
        self.budget.give_back(entry.price)
        await self.note(entry, "rejected", story=story)

    async def refused(self, entry: Request, refusal: Refused) -> None:
        """Write down that a safety filter refused a request, which costs nothing."""
        if entry.id in self._mine:
            self.budget.give_back(entry.price)
        else:
            self.budget.refund(entry.price)
        await self.note(entry, "refused", story=refusal_text(refusal))

    async def note(
        self,
        entry: Request,
        status: Status,
        *,
        operation: str | None = None,
        cost: Decimal | None = None,
        story: str = "",
        refused: bool = False,
    ) -> Request:
        """Write down what became of a request, and return it as it then is; no secret that a provider told."""
        story = redacted(story)
        return await self._written(
            partial(self.ledger.note, entry, status, operation=operation, cost=cost, story=story, refused=refused)
        )

    async def _written(self, entry: Callable[[], T]) -> T:
        """Append to the ledger at once: what was paid for does not wait behind what other threads have to draw."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, entry)


def settle_placed(ledger: Ledger, provenances: Iterable[Mapping[str, Json]]) -> None:
    """Settle requests whose file is in place: a crash came between its rename and the last ledger entry.

    The provenance of each file names its request, and what the reply cost where that was not known before it came.
    """
    told = {str(each["request"]): each.get(REQUEST_COST) for each in provenances if "request" in each}
    for entry in list(ledger.requests.values()):
        if (entry.open or entry.lost) and entry.id in told:
            settle(ledger, entry, _amount(told[entry.id], entry.price))


def _amount(told: Json, otherwise: Decimal) -> Decimal:
    """Read a cost from a record; what is none there must not get into the ledger."""
    try:
        cost = Decimal(told) if isinstance(told, str) else otherwise
    except InvalidOperation:
        return otherwise
    return cost if cost.is_finite() and cost >= 0 else otherwise


def settle(ledger: Ledger, entry: Request, cost: Decimal) -> None:
    """Write down that what a request brought is in place and paid for."""
    ledger.note(entry, "settled", cost=cost)


def request_digest(request: object) -> str:
    """Return the hex sha256 of what is sent, pictures included, for the ledger's intent."""
    digest = hashlib.sha256()
    _feed(digest.update, asdict(request) if is_dataclass(request) and not isinstance(request, type) else request)
    return digest.hexdigest()


def _feed(update: Callable[[bytes], None], value: object) -> None:
    if isinstance(value, dict):
        for name in sorted(value):
            update(f"{name}=".encode())
            _feed(update, value[name])
    elif isinstance(value, list | tuple):
        for part in value:
            _feed(update, part)
    else:
        data = value if isinstance(value, bytes) else repr(value).encode()
        update(f"{len(data)}:".encode() + data)


def _story(request: Request) -> str:
    told = f": {request.story}" if request.story else ""
    what = f"operation {request.operation}" if request.operation else f"request {request.id[:8]}"
    return f"{what} ({dollars(request.price)}){told}" if request.status != "refused" else request.story


def refusal_text(refusal: Refused) -> str:
    """Put a refusal into words."""
    codes = f" (support codes: {', '.join(refusal.codes)})" if refusal.codes else ""
    return f"{refusal.reason}{codes}"
