"""The ledger: the append-only, fsynced journal of a job's paid requests (docs/on-disk.md).

One JSON line an entry, each with its request's id. An `intent` with nothing after it is `unknown`: perhaps accepted.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from vidpipe.engine.fingerprint import stands_for
from vidpipe.engine.judge import Standing
from vidpipe.ledger.lines import append_line, damaged, read_entries
from vidpipe.ledger.request import Request, after, take_in

if TYPE_CHECKING:
    from pathlib import Path

    from vidpipe.engine.fingerprint import Fingerprint, Json
    from vidpipe.ledger.request import Status


@dataclass(frozen=True, slots=True)
class Ledger:
    """The requests of one job, in the order of their intents; entries are appended durably before anything follows."""

    path: Path
    requests: dict[str, Request] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spent(self) -> Decimal:
        """Return the dollars that this job has cost, lost replies and open operations included."""
        return sum((request.spent for request in self.requests.values()), Decimal(0))

    def of(self, wanted: Fingerprint, floor: int = 0, *, exact: bool = False) -> list[Request]:
        """Return the requests for a fingerprint, without the first `floor` requests of the job.

        A request that differs in vidpipe's own parts only is one for it, unless they have to be `exact`: neither an
        upgrade of vidpipe nor naming the default model may buy a second time what is on its way.
        """
        found = list(self.requests.values())[floor:]
        return [request for request in found if stands_for(request.fingerprint, wanted, exact=exact)]

    def standing(self, wanted: Fingerprint, floor: int, *, exact: bool = False) -> tuple[Standing, Request | None]:
        """Return how things stand with the requests for a fingerprint, and the request that decides.

        A lost one counts however vidpipe's own parts differ: only a person's word about the lost request itself helps.
        """
        requests = self.of(wanted, floor, exact=exact)
        for request in requests:
            if request.open:
                return Standing.OPEN, request
        for request in self.of(wanted, floor):
            if request.lost and request.kind == "video":
                return Standing.UNKNOWN, request
        newest = next((request for request in reversed(requests) if request.status != "rejected"), None)
        if newest is None:
            return Standing.NONE, None
        if newest.status == "refused" or newest.refused:
            return Standing.REFUSED, newest
        if newest.status == "settled" and newest.operation is not None:
            return Standing.SETTLED, newest
        return Standing.NONE, newest

    def intend(
        self, target: str, kind: str, fingerprint: Fingerprint, model: str, price: Decimal, digest: str
    ) -> Request:
        """Write down that a request is about to be sent, before its socket opens; OSError says that none may be."""
        request = Request(uuid.uuid4().hex, target, kind, fingerprint, model, price)
        entry: dict[str, Json] = {
            "target": target,
            "kind": kind,
            "fingerprint": fingerprint.to_json(),
            "request": digest,
            "model": model,
            "price_usd": str(price),
        }
        with self._lock:
            append_line(self.path, {"id": request.id, "entry": "intent", "at": _now(), **entry}, or_take_back=True)
            self.requests[request.id] = request
        return request

    def note(
        self,
        request: Request,
        status: Status,
        *,
        operation: str | None = None,
        cost: Decimal | None = None,
        story: str = "",
        refused: bool = False,
    ) -> Request:
        """Write down what became of a request."""
        entry: dict[str, Json] = {"id": request.id, "entry": status, "at": _now()}
        entry |= {"operation": operation} if operation else {}
        entry |= {"price_usd": str(cost)} if cost is not None else {}
        entry |= {"story": story} if story else {}
        entry |= {"refused": True} if refused else {}
        with self._lock:
            append_line(self.path, entry)
            self.requests[request.id] = after(self.requests[request.id], status, entry)
            return self.requests[request.id]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; one that is not there is empty. Raises BrokenFileError that names the damaged line."""
    ledger = Ledger(path)
    for number, entry in read_entries(path):
        try:
            take_in(ledger.requests, entry)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise damaged(path, number, f"{type(error).__name__}: {error}") from error
    return ledger
