"""The budget: what a job may cost over its life and a run may cost at all, reserved before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vidpipe.errors import DecisionError

ZERO = Decimal(0)


class BudgetError(DecisionError):
    """Something does not fit into the budget; the message names the amount that would do."""


def dollars(amount: Decimal) -> str:
    """Return an amount as people write it: two decimals, up to four where they say something, all of a tiny one."""
    exact = round(amount, 4)
    if amount and not exact:
        return f"${amount.normalize():f}"
    return f"${exact:.2f}" if exact == round(exact, 2) else f"${exact:.4f}".rstrip("0")


@dataclass(slots=True)
class RunBudget:
    """What one run may still spend; `limit` None is no limit."""

    limit: Decimal | None = None
    reserved: Decimal = ZERO

    def fits(self, amount: Decimal) -> bool:
        """Whether that much more can be reserved."""
        return self.limit is None or self.reserved + amount <= self.limit


@dataclass(slots=True)
class JobBudget:
    """What one job may still spend: `limit` over its life, of which `spent` is gone, and `reserved` is set aside."""

    limit: Decimal
    run: RunBudget
    spent: Decimal = ZERO
    reserved: Decimal = ZERO

    def reserve(self, amount: Decimal, what: str) -> None:
        """Set an amount aside. Raises BudgetError, having set nothing aside, where it does not fit."""
        self._set_aside(amount, f"{what} costs {dollars(amount)}")

    def draw(self, price: Decimal, what: str) -> None:
        """Turn reserved money into spent money; what exceeds the reserve is reserved first. Raises BudgetError."""
        if price > self.reserved:
            lacking = price - self.reserved
            part = f", of which {dollars(lacking)} is not set aside yet" if self.reserved else ""
            self._set_aside(lacking, f"{what} costs {dollars(price)}{part}")
        self.reserved -= price
        self.spent += price

    def give_back(self, price: Decimal) -> None:
        """Put back what was drawn for something that was certainly not bought, for its next attempt."""
        self.spent -= price
        self.reserved += price

    def refund(self, price: Decimal) -> None:
        """Take back what an earlier run spent on something that turned out to cost nothing."""
        self.spent -= price

    def release(self) -> None:
        """Give what is set aside and was not needed back to the run, for its other jobs."""
        self.run.reserved -= self.reserved
        self.reserved = ZERO

    def settle(self, price: Decimal, cost: Decimal) -> None:
        """Replace an expected price by what it really cost."""
        self.spent += cost - price
        self.run.reserved += cost - price

    def _set_aside(self, amount: Decimal, need: str) -> None:
        needed = self.spent + self.reserved + amount
        if amount and needed > self.limit:
            raise BudgetError(
                f"{need}, and {dollars(self.spent + self.reserved)} of the budget of "
                f"{dollars(self.limit)} is spent or set aside: budget: {needed.normalize():f} would do"
            )
        if amount and not self.run.fits(amount):
            wanted = self.run.reserved + amount
            limit = self.run.limit or ZERO
            raise BudgetError(
                f"{need}, and {dollars(limit - self.run.reserved)} of --max-cost "
                f"{dollars(limit)} is left: --max-cost {wanted.normalize():f} would do"
            )
        self.reserved += amount
        self.run.reserved += amount
