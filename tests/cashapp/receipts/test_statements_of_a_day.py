"""A bank that sends several statements a day: the day begins with the first and ends with the last of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from cashapp.actions.statements import import_statement
from cashapp.queries.proving import day_proof
from cashapp.statement_chain import first_of, last_of
from core.models import BankAccount, LegalEntity, User

SAMPLES = [
    (12, "1000.00", [("C100,00", "INV-1")], 11, "12"),
    (12, "1100.00", [("C50,00", "INV-2"), ("D20,00", "FEE")], 12, "13"),
    (12, "1130.00", [("C7,50", "INV-3")], 12, "14"),
]


@dataclass
class Sheet:
    opening: Decimal | None
    closing: Decimal | None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_a_day_of_three_statements_is_proved_in_whatever_order_they_came(
    order: tuple[int, ...], system: User, books: LegalEntity, bank_account: BankAccount,
    statement_text: Callable[..., bytes], may: Callable[[int], date],
) -> None:  # fmt: skip
    for place in order:
        day, opening, lines, opened, number = SAMPLES[place]
        content = statement_text(day, opening, lines, opened=opened, number=number)
        import_statement(by=system, entity=books, name=f"{number}.sta", content=content)

    proof = day_proof(bank_account, may(12))

    assert proof is not None
    told = proof.statement
    assert (told.opening, told.money_in, told.money_out, told.closing) == (
        Decimal(1000), Decimal("157.50"), Decimal(-20), Decimal("1137.50"),
    )  # fmt: skip
    assert told.missing == 0 and not any("missing" in each for each in proof.problems)


def test_where_balances_run_in_a_ring_the_order_decides() -> None:
    out, back = Sheet(Decimal(100), Decimal(150)), Sheet(Decimal(150), Decimal(100))
    assert (first_of([out, back]), last_of([out, back])) == (out, back)
    still = Sheet(Decimal(100), Decimal(100))
    assert (first_of([still]), last_of([still])) == (still, still)
