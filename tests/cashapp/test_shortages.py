"""Why a document is paid short, from the figures alone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ar_collections.reasons import DeductionReason
from cashapp.shortages import Allowed, Discount, Likely, Shortage, Withholding, likely_reason
from core.money import money

DAY = date(2026, 5, 11)
TWO = Discount(Decimal("2.40"), DAY)
TAX = Withholding("Tax India", Decimal("10.00"))
FIVE = Allowed(1, "five pounds", Decimal("5.00"), Decimal("3.00"), settles_by_itself=True)


def likely(short: str, **known: Any) -> Likely | None:
    return likely_reason(Shortage(money(f"{short} GBP"), known.pop("on", DAY), **known))


@pytest.mark.parametrize(
    ("short", "known", "reason", "is_sure"),
    [
        ("2.40", {"discount": TWO}, DeductionReason.SETTLEMENT_DISCOUNT, True),
        ("2.40", {"discount": TWO, "on": date(2026, 5, 12)}, DeductionReason.DISCOUNT_UNEARNED, False),
        ("10.00", {"withholdings": [TAX]}, DeductionReason.WITHHOLDING_TAX, False),
        ("3.00", {"allowed": FIVE}, DeductionReason.SMALL_DIFFERENCE, True),
        ("3.00", {"allowed": FIVE, "from_abroad": True}, DeductionReason.BANK_CHARGE, True),
    ],
)
def test_the_figures_speak_for_one_reason(
    short: str, known: dict[str, Any], reason: DeductionReason, *, is_sure: bool
) -> None:
    found = likely(short, **known)
    assert found is not None
    assert (found.reason, found.is_sure) == (reason, is_sure)


@pytest.mark.parametrize(
    ("short", "known"),
    [
        ("2.41", {"discount": TWO}),
        ("2.40", {"discount": TWO, "discount_taken": Decimal("1.00")}),
        ("9.99", {"withholdings": [TAX]}),
        ("3.01", {"allowed": FIVE}),
        ("1.00", {}),
    ],
)
def test_a_cent_beside_it_explains_nothing(short: str, known: dict[str, Any]) -> None:
    assert likely(short, **known) is None
