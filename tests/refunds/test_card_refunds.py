"""A card that was charged gets its money back by the provider; the books follow."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from cashapp.models import ElectronicPayment, PaymentFact, PaymentProvider
from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.models import Refund
from ledger.models import Account
from refunds.actions import record_card_refund
from refunds.errors import PaymentRefused
from refunds.queries.payable import held_up
from tests.cashapp.receipts.conftest import t_account


@pytest.fixture
def card_payment(books: LegalEntity, castle: Customer, system: User) -> ElectronicPayment:
    clearing = Account.objects.get(entity=books, role=Account.Role.CARD_CLEARING)
    stripe = PaymentProvider.objects.create(entity=books, code="stripe", name="Stripe", clearing=clearing)
    payment = ElectronicPayment.objects.create(
        entity=books,
        provider=stripe,
        reference="pi_1",
        method="card",
        source="api",
        customer=castle,
        amount=120,
        currency="GBP",
        received_at=datetime(2026, 5, 5, 9, tzinfo=UTC),
        recorded_by=system,
    )
    payment.refresh_from_db()
    return payment


def test_it_comes_off_what_the_provider_owes_us(
    approved: Callable[..., Refund], card_payment: ElectronicPayment, clerk: User, books: LegalEntity,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    refund = approved("120.00", None)
    facts: dict[str, Any] = {"refund": refund, "payment": card_payment, "reference": "re_1", "refunded_on": may(13)}

    row = record_card_refund(by=clerk, **facts)

    assert record_card_refund(by=clerk, **facts) == row
    accounts = t_account(books)
    assert ("refunds_payable" in accounts, accounts["card_clearing"]) == (False, "-120.00")
    assert PaymentFact.objects.get(kind="refunded").reference == "re_1"


def test_a_card_gets_back_no_more_than_it_was_charged(
    approved: Callable[..., Refund], card_payment: ElectronicPayment, clerk: User, collector: User, halden: Customer,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    refund = approved("120.00", None)
    facts: dict[str, Any] = {"refund": refund, "payment": card_payment, "refunded_on": may(13)}
    with pytest.raises(PaymentRefused, match="Write the provider's reference"):
        record_card_refund(by=clerk, reference=" ", **facts)
    with pytest.raises(NotAllowed):
        record_card_refund(by=collector, reference="re_1", **facts)
    ElectronicPayment.objects.filter(pk=card_payment.pk).update(customer=halden)
    card_payment.refresh_from_db()
    with pytest.raises(PaymentRefused, match="is no card payment of Castle"):
        record_card_refund(by=clerk, reference="re_1", **facts)


def test_a_refund_that_neither_card_nor_bank_account_leads_back_says_so(
    approved: Callable[..., Refund], clerk: User, signed_in: Callable[[User], Client]
) -> None:
    refund = approved("120.00", None)
    words = f"came by no card, and no bank account is named: {refund} has no way back yet"

    assert words in held_up([refund])[refund.pk]
    for address in ("/refund-payments/", f"/refund-payments/refunds/{refund.pk}/state/"):
        assert words in " ".join(signed_in(clerk).get(address).content.decode().split())
