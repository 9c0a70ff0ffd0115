"""What a command line asks of a run or a plan, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of `run` and `plan`; what is None or empty was not asked for."""

    targets: tuple[str, ...] = ()
    dry: bool = False
    fail_fast: bool = False
    until: str | None = None
    draft: bool = False
    max_cost: Decimal | None = None
    force: frozenset[str] = frozenset()
    upgrade: bool = False
    on_lost: Literal["resubmit", "abandon"] | None = None
    retry_refused: bool = False
    verify: bool = False
    wait: bool = False
