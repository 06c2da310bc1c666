"""A payment by card with a surcharge, disputed and won: it is posted again with its surcharge, by itself."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.models import ElectronicPayment, PaymentFact, Receipt
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer
from integrations.actions.payments import collect_payment
from invoicing.actions import add_surcharge_rule, end_surcharge_rule
from invoicing.models import CardSurcharge, Invoice
from ledger.models import OpenItem
from tests.cashapp.queues.conftest import at
from tests.cashapp.queues.conftest import paid as paid
from tests.cashapp.queues.conftest import stripe as stripe
from tests.cashapp.receipts.conftest import t_account
from tests.cashapp.settlements.conftest import bring as bring
from tests.cashapp.settlements.conftest import differences, stripe_file
from tests.invoicing.test_surcharges import rule_of

Make = Callable[..., Any]
Day = Callable[[int], date]


def left_of(invoice: Invoice) -> str:
    return f"{OpenItem.objects.get(pk=invoice.item_id).open_amount:.2f}"


@pytest.fixture
def castle(acme: Customer) -> Customer:
    """Who pays here."""
    return acme


@pytest.fixture
def disputed(
    clerk: User, finance_manager: User, uk: LegalEntity, castle: Customer, issued: Make, paid: Make, bring: Make,
    line: Make, may: Day,
) -> tuple[Invoice, ElectronicPayment]:  # fmt: skip
    """120.00 and 1.80 on top came by card, went back in a dispute, and both are open again."""
    BankAccount.objects.create(entity=uk, name="Stripe balance", currency="GBP", bank_name="Stripe")
    add_surcharge_rule(by=finance_manager, rule=rule_of(uk))
    invoice = issued(castle, line("100"))
    payment = paid("120.00", invoice.number, surcharge="1.80", reference="pi_1", received_at=at(9, day=10))
    collect_payment(by=clerk, payment=payment, posted_on=may(10))
    assert differences(bring(stripe_file("po_1 txn_1 11 121.80 2.50 charge pi_1 Sale"))) == []
    assert differences(bring(stripe_file("po_2 txn_9 18 -121.80 15.00 dispute pi_1 Fraudulent"))) == []
    assert left_of(invoice) == "120.00" and "surcharge_income" not in t_account(uk)
    return invoice, payment


def test_a_dispute_that_is_won_charges_the_surcharge_anew_and_posts_the_payment(
    uk: LegalEntity, disputed: tuple[Invoice, ElectronicPayment], bring: Make
) -> None:
    invoice, payment = disputed

    won = bring(stripe_file("po_3 txn_12 25 121.80 0.00 dispute_reversal pi_1 Won"))

    assert differences(won) == [] and left_of(invoice) == "0.00"
    assert payment.facts.order_by("-pk")[0].kind == PaymentFact.Kind.POSTED
    first, again = CardSurcharge.objects.order_by("pk")
    assert (first.mirror is None, again.mirror, again.gross) == (False, None, Decimal("1.80"))
    assert t_account(uk)["surcharge_income"] == "-1.50"


def test_where_the_rules_charge_no_more_a_person_is_told(
    finance_manager: User, disputed: tuple[Invoice, ElectronicPayment], bring: Make, may: Day
) -> None:
    invoice, _ = disputed
    rule = CardSurcharge.objects.get().rule
    end_surcharge_rule(by=finance_manager, rule=rule, valid_until=may(9))

    won = bring(stripe_file("po_3 txn_12 25 121.80 0.00 dispute_reversal pi_1 Won"))

    assert differences(won) == ["Payment pi_1 collected 1.80 GBP on top; by the rules it is 0 GBP."]
    assert left_of(invoice) == "120.00"
    assert not Receipt.objects.filter(ended_on=None).exists()
