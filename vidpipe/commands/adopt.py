"""`vidpipe adopt`: name the operation behind a request whose reply was lost, as the provider's own console shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe.budget import dollars
from vidpipe.commands.hands import books
from vidpipe.errors import UsageError
from vidpipe.ledger import is_operation_name, read_ledger

if TYPE_CHECKING:
    from vidpipe.spec.load import Loaded


def adopt(loaded: Loaded, target: str, operation: str) -> str:
    """Bind an operation to the lost request of a target, so that the next run goes on polling it; return a message.

    Raises UsageError where the target has no lost request, or for text that cannot be an operation's name.
    """
    if not is_operation_name(operation):
        raise UsageError(f"{operation[:60]!r} is no operation's name: one word is wanted, as the provider shows it")
    said: list[str] = []
    with books(loaded, said.append) as store:
        ledger = read_ledger(store.layout.ledger)
        clips = [entry for entry in ledger.requests.values() if entry.kind == "video"]  # nothing else has operations
        lost = [entry for entry in clips if entry.lost and entry.target == target]
        if not lost:
            raise UsageError(f"{target}: no request for it is lost, so there is nothing to bind {operation} to")
        ledger.note(lost[-1], "adopted", operation=operation)
    return f"{target}: {operation} is its operation now ({dollars(lost[-1].price)}); the next run goes on with it"
