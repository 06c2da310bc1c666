"""Why is a document paid short? What the terms, the tolerances and the law of the payer's country would say.

Pure: no database, no clock. What is answered here is offered at the desk; only a discount within the terms and a
difference within a tolerance that says so are settled without a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ar_collections.reasons import DeductionReason
from core.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Discount:
    """What the terms allow on a document, and until when."""

    amount: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class Withholding:
    """A tax that the payer may have kept back of the document."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a tolerance lets go of the document, and what is left of the customer's month."""

    rule: int
    words: str
    most: Decimal
    left_of_month: Decimal
    settles_by_itself: bool = False

    def covers(self, short: Decimal) -> bool:
        """Whether so much may be missing."""
        return short <= min(self.most, self.left_of_month)


@dataclass(frozen=True, slots=True)
class Shortage:
    """A document after a payment that was too small."""

    short: Money
    received_on: date
    discount: Discount | None = None
    discount_taken: Decimal = ZERO
    withholdings: Sequence[Withholding] = ()
    allowed: Allowed | None = None
    from_abroad: bool = False


@dataclass(frozen=True, slots=True)
class Likely:
    """The reason that the figures speak for, in words, and whether a person need not look at it."""

    reason: DeductionReason
    words: str
    is_sure: bool = False


def likely_reason(shortage: Shortage) -> Likely | None:
    """The reason that explains what is missing to the last cent; None where nothing does."""
    return _discount(shortage) or _withheld(shortage) or _tolerated(shortage)


def _discount(shortage: Shortage) -> Likely | None:
    discount = shortage.discount
    if discount is None or shortage.short.amount != discount.amount or shortage.discount_taken:
        return None
    day = f"{discount.until:%d %b %Y}"
    if shortage.received_on <= discount.until:
        return Likely(DeductionReason.SETTLEMENT_DISCOUNT, f"The discount of the terms, in time: until {day}", True)
    return Likely(DeductionReason.DISCOUNT_UNEARNED, f"The discount of the terms, too late: it ended on {day}")


def _withheld(shortage: Shortage) -> Likely | None:
    for each in shortage.withholdings:
        if each.amount == shortage.short.amount:
            return Likely(DeductionReason.WITHHOLDING_TAX, f"{each.name} to the cent. Ask for the certificate")
    return None


def _tolerated(shortage: Shortage) -> Likely | None:
    allowed = shortage.allowed
    if allowed is None or not allowed.covers(shortage.short.amount):
        return None
    reason = DeductionReason.BANK_CHARGE if shortage.from_abroad else DeductionReason.SMALL_DIFFERENCE
    return Likely(reason, f"Within the tolerance: {allowed.words}", allowed.settles_by_itself)
