"""A payment that goes back takes its surcharge with it: income and tax are reversed, not only the invoice reopened."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from cashapp.actions.payments import post_payment, return_payment
from cashapp.actions.payments.taking_back import TakenBack
from cashapp.models import ElectronicPayment, PaymentFact
from core.models import User
from customers.models import Customer
from ledger.models import Account, JournalEntry
from ledger.posting import EntryDraft, LineDraft, post
from tests.cashapp.queues.conftest import at
from tests.cashapp.receipts.conftest import open_amounts, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


def surcharged(payment: ElectronicPayment, by: User, on: date) -> JournalEntry:
    """2.40 on top for paying by card, 0.40 of it tax, as billing charges it."""
    lines = (
        LineDraft(Account.Role.CARD_CLEARING, debit=Decimal("2.40")),
        LineDraft(Account.Role.SURCHARGE_INCOME, credit=Decimal("2.00"), tax_code="S"),
        LineDraft(Account.Role.OUTPUT_TAX, credit=Decimal("0.40"), tax_code="S"),
    )
    key = f"surcharge:{payment.event}"
    draft = EntryDraft(payment.entity, JournalEntry.Kind.RECEIPT, on, "GBP", lines, key=key, text="Card surcharge")
    return post(by=by, entries=[draft])[0]


def test_a_disputed_payment_gives_its_surcharge_back_as_well_and_once(
    clerk: User, system: User, castle: Customer, invoice: Make, paid: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("120.00", "INV-1001", surcharge="2.40")
    charge = surcharged(payment, system, may(12))
    post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert t_account(castle.entity)["card_clearing"] == "122.40"

    told = TakenBack(PaymentFact.Kind.DISPUTED, at(9, day=20), may(20), "dp_1", "Cardholder disputes it", Decimal(15))
    for _ in range(2):
        return_payment(by=clerk, payment=payment, told=told)

    balances = t_account(castle.entity)
    assert (open_amounts([item]), balances["card_clearing"]) == (["120.00"], "-15.00")
    assert "surcharge_income" not in balances
    mirror = JournalEntry.objects.get(reverses=charge)
    assert (mirror.posted_on, JournalEntry.objects.filter(reverses__isnull=False, key__startswith="surch").count()) == (
        may(20), 0,
    )  # fmt: skip
