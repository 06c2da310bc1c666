"""In which order customers are contacted, and why. No database, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import models

from core.money import round_to_currency

MANY_MONTHS = 2
OVER_31 = 31
WINDOW = (5, 15)
CLAIMED_FOR = timedelta(minutes=10)
EDGES = (31, 61, 91)
"""Days overdue from which the next age begins: 1 to 30, 31 to 60, 61 to 90, older."""
AGES = ("1–30 days", "31–60 days", "61–90 days", "over 90 days")


class Tier(models.IntegerChoices):
    """The policy's order. Within a tier the greatest value at risk comes first."""

    BROKEN = 0, "Promise broken"
    FINAL = 1, "Final invoice overdue"
    RECURRING = 2, "Two or more months unpaid"
    OVER_31 = 3, "Over 31 days past due"
    WINDOW = 4, "5 to 15 days past due"
    REST = 5, "Overdue"
    WAITING = 6, "Waits for a promise, plan or dispute"


FLOORS = {
    Tier.BROKEN: 90,
    Tier.FINAL: 80,
    Tier.RECURRING: 70,
    Tier.OVER_31: 60,
    Tier.WINDOW: 45,
    Tier.REST: 25,
    Tier.WAITING: 0,
}
CEILINGS = {
    Tier.BROKEN: 99,
    Tier.FINAL: 89,
    Tier.RECURRING: 79,
    Tier.OVER_31: 69,
    Tier.WINDOW: 59,
    Tier.REST: 44,
    Tier.WAITING: 24,
}


@dataclass(frozen=True, slots=True)
class RiskPart:
    """One summand of the value at risk."""

    age: str
    amount: Decimal
    share: Decimal
    risk: Decimal


def risk_parts(ages: Sequence[Decimal], risks: Sequence[Decimal], currency: str) -> Iterator[RiskPart]:
    """What the value at risk is made of: each age's free amount times its share."""
    for name, amount, share in zip(AGES, ages, risks, strict=False):
        if amount:
            yield RiskPart(name, amount, share * 100, round_to_currency(amount * share, currency))
