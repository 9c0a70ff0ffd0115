"""What goes on costing money at a provider when a run ends before its time, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.budget import dollars

if TYPE_CHECKING:
    from vidpipe.ledger import Ledger


def going_on(ledger: Ledger) -> list[str]:
    """Name every operation that a provider is at work on, with its price."""
    return [
        f"{request.target}: operation {request.operation} goes on at the provider and costs {dollars(request.price)}"
        for request in list(ledger.requests.values())
        if request.open
    ]


def unanswered(ledger: Ledger) -> list[str]:
    """Name every request that was sent, or was about to be, and of which no answer will be heard any more."""
    return [
        f"{request.target}: the request under way may have been accepted, and then costs {dollars(request.price)}"
        for request in list(ledger.requests.values())
        if request.status == "intent"
    ]
