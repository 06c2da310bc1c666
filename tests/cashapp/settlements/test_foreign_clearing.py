"""Euros that a provider pays out leave its clearing account empty, in euros and in the pounds of the books."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from cashapp.actions.payments import (
    add_provider,
    credit_payout,
    post_payment,
    record_payout,
    take_in_payment,
    uncredit_payout,
)
from cashapp.actions.statements import import_statement
from cashapp.bank_lines_file import MAPPING, Row, bank_table
from cashapp.electronic import PaidOut, PaymentDraft, PayoutDraft
from cashapp.models import BankStatementLine, ElectronicPayment, PaymentProvider, Payout
from core.models import BankAccount, ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Customer
from tests.cashapp.queues.conftest import at
from tests.cashapp.settlements.test_by_themselves import balances

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def adyen(books: LegalEntity, finance_manager: User, may: Day) -> PaymentProvider:
    """A euro is 0.86 on the 12th, 0.84 on the 13th and 0.90 from the 14th on."""
    for day, rate in ((12, "0.86"), (13, "0.84"), (14, "0.90")):
        ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(day), rate=Decimal(rate))
    return add_provider(by=finance_manager, entity=books, code="adyen", name="Adyen")


@pytest.fixture
def euro_line(system: User, books: LegalEntity) -> Make:
    """The bank tells of euros on our account in euros: euro_line("99.00", may(14))."""
    account = BankAccount.objects.create(entity=books, name="Barclays euro", currency="EUR", bank_name="Barclays")
    numbers = count(1)

    def tell(amount: str, on: date) -> BankStatementLine:
        row = Row(f"E{next(numbers)}", on, int(Decimal(amount) * 100), "ADYEN", "", "")
        facts: dict[str, Any] = {"name": f"{row.id}.csv", "content": bank_table([row], "EUR"), "mapping": MAPPING}
        (imported,) = import_statement(by=system, entity=books, bank_account=account, **facts)
        return imported.statement.lines.get()

    return tell


@pytest.fixture
def came(clerk: User, adyen: PaymentProvider, castle: Customer) -> Make:
    """100 euros of Castle come in by card: came("P12", 12)."""

    def take_in(reference: str, day: int) -> ElectronicPayment:
        draft = PaymentDraft(
            method=ElectronicPayment.Method.CARD,
            reference=reference,
            money=money("100.00 EUR"),
            received_at=at(9, day=day),
            provider=adyen,
            customer=castle,
        )
        return take_in_payment(by=clerk, entity=adyen.entity, draft=draft, source="api")

    return take_in


def paid_out(by: User, provider: PaymentProvider, on: date, reference: str, *payments: str) -> Payout:
    """A hundred euros for each payment, less a fee of one."""
    draft = PayoutDraft(
        provider=provider,
        reference=reference,
        paid_on=on,
        gross=money(f"{100 * len(payments)}.00 EUR"),
        fee=Decimal(1),
        payments=[PaidOut(payment, Decimal(100)) for payment in payments],
    )
    return record_payout(by=by, entity=provider.entity, draft=draft)


def test_payouts_take_the_value_along_and_realise_what_the_rates_made_of_it(
    clerk: User, adyen: PaymentProvider, came: Make, euro_line: Make, may: Day
) -> None:
    for reference, day in (("P12", 12), ("P13", 13)):
        post_payment(by=clerk, payment=came(reference, day), posted_on=may(day))
    assert balances(adyen.entity)["card_clearing"] == "170.00", "86 and 84"
    first = paid_out(clerk, adyen, may(14), "X1", "P12")

    credit_payout(by=clerk, payout=first, line=euro_line("99.00", may(14)))

    found = balances(adyen.entity)
    assert (found["bank"], found["bank_charges"]) == ("89.10", "0.90")
    assert (found["card_clearing"], found["exchange_differences"]) == ("85.00", "-5.00"), "half of 170 left as 90"

    second = paid_out(clerk, adyen, may(15), "X2", "P13")
    credit_payout(by=clerk, payout=second, line=euro_line("99.00", may(15)))
    found = balances(adyen.entity)
    assert "card_clearing" not in found and found["exchange_differences"] == "-10.00"

    uncredit_payout(by=clerk, payout=second, on=may(16), reason="Another line")
    assert balances(adyen.entity)["card_clearing"] == "85.00"


def test_a_payout_before_its_payments_leaves_a_rest_that_the_next_takes_along(
    clerk: User, adyen: PaymentProvider, came: Make, euro_line: Make, may: Day
) -> None:
    for payment in (came("P12", 12), came("P13", 13)):
        post_payment(by=clerk, payment=payment, posted_on=may(13))
    late = [came("P16", 13), came("P17", 13)]
    early = paid_out(clerk, adyen, may(14), "X1", "P12", "P13", "P16")
    credit_payout(by=clerk, payout=early, line=euro_line("299.00", may(14)))
    assert balances(adyen.entity)["card_clearing"] == "-90.00", "170 left, and 100 euros at the rate of the day"
    for payment in late:
        post_payment(by=clerk, payment=payment, posted_on=may(14))
    assert balances(adyen.entity)["card_clearing"] == "78.00"
    last = paid_out(clerk, adyen, may(15), "X2", "P17")

    credit_payout(by=clerk, payout=last, line=euro_line("99.00", may(15)))

    assert "card_clearing" not in balances(adyen.entity)
