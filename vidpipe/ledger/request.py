"""A paid request, and what the entries of the ledger say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, get_args

from vidpipe.engine.layout import is_target_name
from vidpipe.engine.record import dollars_from, fingerprint_from
from vidpipe.words import shown_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vidpipe.engine.fingerprint import Fingerprint

Status = Literal[
    "intent", "submitted", "rejected", "unknown", "settled", "refused", "failed", "gone", "abandoned", "adopted"
]
STATUSES: tuple[Status, ...] = get_args(Status)
FREE: tuple[Status, ...] = ("rejected", "refused")
LONGEST_NAME = 500
PART = re.compile(r"[A-Za-z0-9._~:@=+-]+")


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


def is_operation_name(name: str) -> bool:
    """Whether a text can be the name of an operation: one that is asked for by it leads nowhere else.

    It stands in the address of a request that carries credentials, so nothing in it may be another host, a step upwards
    or the beginning of a query.
    """
    parts = name.split("/")
    return len(name) <= LONGEST_NAME and all(PART.fullmatch(part) and part not in {".", ".."} for part in parts)


def take_in(requests: dict[str, Request], entry: dict[str, object]) -> None:
    """Let an entry that was read change the requests. Raises KeyError, TypeError, ValueError or InvalidOperation."""
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
        requests[id_] = after(requests[id_], status, entry)


def after(request: Request, status: Status, entry: Mapping[str, object]) -> Request:
    """Return a request as it is after an entry. Raises TypeError, ValueError or InvalidOperation."""
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
