"""`vidpipe adopt`: name the operation behind a request whose reply was lost, as the provider's own console shows it.

A name that was mistyped can be put right, and an operation that was given up can be asked about again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.commands.hands import books
from vidpipe.errors import UsageError
from vidpipe.ledger import read_ledger
from vidpipe.ledger.request import is_operation_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidpipe.ledger.request import Request, Status
    from vidpipe.spec.load import Loaded

AGAIN: tuple[Status, ...] = ("adopted", "gone", "abandoned")
"""How a request may stand, besides lost, that an operation's name is bound to: nothing has come of it so far."""


def adopt(loaded: Loaded, target: str, operation: str, *, draft: bool = False) -> str:
    """Bind an operation to the lost request of a target, so that the next run goes on polling it; return a message.

    Where none is lost it is the newest one that was adopted, is gone or was given up. Raises UsageError where there is
    none of these, where another request has that operation, or for text that cannot be an operation's name.
    """
    if not is_operation_name(operation):
        raise UsageError(f"{operation[:60]!r} is no operation's name: one word is wanted, as the provider shows it")
    said: list[str] = []
    with books(loaded, said.append, draft=draft) as store:
        ledger = read_ledger(store.layout.ledger)
        clips = [entry for entry in ledger.requests.values() if entry.kind == "video"]  # nothing else has operations
        request = _meant([entry for entry in clips if entry.target == target])
        if request is None:
            raise UsageError(f"{target}: no request for it is lost, so there is nothing to bind {operation} to")
        for other in clips:  # what is lost again has a name that turned out to be wrong
            if other.operation == operation and other.id != request.id and not other.lost:
                raise UsageError(
                    f"{target}: {operation} is the operation of another request already, for {other.target}"
                )
        ledger.note(request, "adopted", operation=operation)
    return f"{target}: {operation} is its operation now ({dollars(request.price)}); the next run goes on with it"


def _meant(requests: Sequence[Request]) -> Request | None:
    """Return the request of a target to which an operation's name is to be bound."""
    newest_first = requests[::-1]
    lost = (entry for entry in newest_first if entry.lost)
    again = (entry for entry in newest_first if entry.status in AGAIN)
    return next(lost, None) or next(again, None)
