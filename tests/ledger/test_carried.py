"""Foreign money leaves an account at the value at which it stands there."""

from decimal import Decimal

import pytest

from ledger.carried import worth_leaving


@pytest.mark.parametrize(
    ("held", "stands_at", "moved", "worth", "why"),
    [
        ("100", "86.00", "-100", "-86.00", "all of it, at what it came in with"),
        ("100", "86.00", "-40", "-34.40", "a part takes its share"),
        ("100", "86.00", "-150", "-131.00", "what is not there yet counts at the rate, 0.90"),
        ("0", "1.50", "-100", "-91.50", "a rest without money goes along"),
        ("0", "0", "-100", "-90.00", "nothing is there"),
        ("100", "86.00", "20", "18.00", "more of the same comes at the rate"),
        ("-50", "-43.00", "50", "43.00", "the other way round"),
        ("0", "-200.00", "-100", "-90.00", "a rest that would turn the side round stays"),
    ],
)
def test_what_a_movement_is_worth(held: str, stands_at: str, moved: str, worth: str, why: str) -> None:
    found = worth_leaving(Decimal(held), Decimal(stands_at), Decimal(moved), Decimal("0.90"))
    assert found == Decimal(worth), why
