"""The ledger: the append-only, fsynced journal of a job's paid requests (docs/on-disk.md).

One JSON line an entry, each with its request's id. An `intent` with nothing after it is `unknown`: perhaps accepted.
"""

from __future__ import annotations

import json
import os
import re
import threading
import uuid
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, get_args

from vidpipe.engine.fingerprint import Fingerprint, stands_for
from vidpipe.engine.judge import Standing
from vidpipe.engine.layout import is_target_name
from vidpipe.engine.record import dollars_from, fingerprint_from
from vidpipe.errors import BrokenFileError
from vidpipe.files import fsync_directory, make_directory, named, open_regular, refuse_link
from vidpipe.place import shown_path
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vidpipe.engine.fingerprint import Json

Status = Literal[
    "intent", "submitted", "rejected", "unknown", "settled", "refused", "failed", "gone", "abandoned", "adopted"
]
STATUSES: tuple[Status, ...] = get_args(Status)
FREE: tuple[Status, ...] = ("rejected", "refused")
LEDGER_LIMIT = 256 << 20
LONGEST_LINE = 1 << 20
LONGEST_NAME = 500
PART = re.compile(r"[A-Za-z0-9._~:@=+-]+")
TORN = b'{"entry":"torn"}'
"""Ends a line that a crash, or a full disk, cut off: what stands before it never counted."""


@dataclass(frozen=True, slots=True)
class Request:
    """One paid request as the ledger knows it.

    `price` is what it was expected to cost, `settled` what it cost; `operation` names the provider's long-running job;
    `refused` says that an abandoned one is to be treated as refused.
    """

    id: str
    target: str
    kind: str
    fingerprint: Fingerprint
    model: str
    price: Decimal
    status: Status = "intent"
    operation: str | None = None
    settled: Decimal | None = None
    story: str = ""
    refused: bool = False

    @property
    def spent(self) -> Decimal:
        """What this request cost, or may have cost as far as anybody can know."""
        if self.settled is not None:
            return self.settled
        return Decimal(0) if self.status in FREE else self.price

    @property
    def open(self) -> bool:
        """Whether the provider is working on it."""
        return self.operation is not None and self.status in {"submitted", "adopted"}

    @property
    def lost(self) -> bool:
        """Whether it may have been accepted and the reply is lost."""
        return self.status in {"intent", "unknown"}


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
            _append(self.path, {"id": request.id, "entry": "intent", "at": _now(), **entry}, or_take_back=True)
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
            _append(self.path, entry)
            self.requests[request.id] = _after(self.requests[request.id], status, entry)
            return self.requests[request.id]


def is_operation_name(name: str) -> bool:
    """Whether a text can be the name of an operation: one that is asked for by it leads nowhere else.

    It stands in the address of a request that carries credentials, so nothing in it may be another host, a step upwards
    or the beginning of a query.
    """
    parts = name.split("/")
    return len(name) <= LONGEST_NAME and all(PART.fullmatch(part) and part not in {".", ".."} for part in parts)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _append(path: Path, entry: Mapping[str, Json], *, or_take_back: bool = False) -> None:
    """Append one line durably; a torn line that a crash left is ended first with a mark that says so.

    A file without a line may have been made by a run that was killed before its name was synced. A line that cannot be
    made durable may be read all the same; `or_take_back` removes it, as far as the disk still does that.
    """
    refuse_link(path.parent)
    make_directory(path.parent)
    # Half a surrogate pair, which a provider's message may hold, becomes the escape that JSON has for it.
    data = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size == 0:
            fsync_directory(path.parent)
        data = _ending(descriptor) + data
        with named(path), _taken_back(descriptor, size) if or_take_back else nullcontext():
            while data:
                data = data[os.write(descriptor, data) :]
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _taken_back(descriptor: int, size: int) -> Iterator[None]:
    try:
        yield
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _ending(descriptor: int) -> bytes:
    """Return what ends the last line, if it was cut off: only its line end may be missing, or it is not all there.

    The mark stands on the torn line itself, so that a crash that tears the mark as well leaves just a torn line again.
    """
    size = os.fstat(descriptor).st_size
    start = max(0, size - LONGEST_LINE)
    tail = os.pread(descriptor, LONGEST_LINE, start).rpartition(b"\n")[2]
    if not tail:
        return b""
    return b"\n" if _parsed(tail) is not None else TORN + b"\n"


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; one that is not there is empty. Raises BrokenFileError that names the damaged line."""
    ledger = Ledger(path)
    for number, entry in _entries(path):
        try:
            _take_in(ledger.requests, entry)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise _broken(path, number, f"{type(error).__name__}: {error}") from error
    return ledger


def _entries(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        if path.stat().st_size > LEDGER_LIMIT:
            raise BrokenFileError(
                f"{shown_path(path)}: larger than {LEDGER_LIMIT >> 20} MiB; this is no ledger of vidpipe"
            )
        with open_regular(path) as file, named(path):
            lines = file.read(LEDGER_LIMIT).split(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return
    for number, line in enumerate(lines, 1):
        value = _parsed(line)
        if value is not None:
            yield number, value
        elif line and number < len(lines) and not line.endswith(TORN):
            raise _broken(path, number, "not a JSON object")


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _broken(path: Path, number: int, what: str) -> BrokenFileError:
    return BrokenFileError(
        f"{shown_path(path)}:{number}: the ledger is damaged here ({what}); nothing is spent until it is whole again: "
        "restore it from a backup"
    )


def _take_in(requests: dict[str, Request], entry: dict[str, object]) -> None:
    status, id_ = entry["entry"], _text(entry["id"])
    if status not in STATUSES:
        raise ValueError(f"unknown entry {status!r}")
    if status == "intent":
        fingerprint = fingerprint_from(entry["fingerprint"])
        target, kind, model = (_text(entry[name]) for name in ("target", "kind", "model"))
        if not is_target_name(target):  # its clip may yet be put into the archive under that name
            raise ValueError(f"{target!r} is no target")
        requests[id_] = Request(id_, target, kind, fingerprint, model, dollars_from(entry["price_usd"]))
    else:
        requests[id_] = _after(requests[id_], status, entry)


def _after(request: Request, status: Status, entry: Mapping[str, object]) -> Request:
    price = entry.get("price_usd")
    return replace(
        request,
        status=status,
        operation=_operation(entry["operation"]) if "operation" in entry else request.operation,
        settled=dollars_from(price) if price is not None else request.settled,
        story=_text(entry.get("story", "")) or request.story,
        refused=entry.get("refused") is True,
    )


def _operation(value: object) -> str:
    name = _text(value)
    if not is_operation_name(name):
        raise ValueError(f"{shown_text(name)} is no operation's name")
    return name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text wanted, {type(value).__name__} found")
    return value
