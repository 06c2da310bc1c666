"""Realised exchange differences: what an allocation takes from each of its items in the books' currency."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, round_to_currency


@dataclass(slots=True)
class Carrying:
    """An item's amount and its value in the books, and how much of both is allocated so far."""

    amount: Decimal
    base_amount: Decimal
    allocated: Decimal = ZERO
    allocated_base: Decimal = ZERO

    def take(self, part: Decimal, currency: str) -> Decimal:
        """Allocate a part; returns its value. The part that clears the item takes all the value that is left.

        Values are rounded as shares of the whole, not one by one, so that they never add up to more than the item's.
        """
        self.allocated += part
        left = self.base_amount - self.allocated_base
        if self.allocated == self.amount:
            value = left
        else:
            so_far = round_to_currency(self.base_amount * self.allocated / self.amount, currency)
            value = min(max(so_far - self.allocated_base, ZERO), left)
        self.allocated_base += value
        return value
