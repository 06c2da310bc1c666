"""A refund to a card that failed is tried again, and gives the money back once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cashapp.actions.receipts import post_receipt
from cashapp.actions.reconciling import untie_posting
from cashapp.models import ElectronicPayment, LinePosting
from cashapp.money_in import Incoming
from core import clock
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.models import Refund
from refunds.actions import clear_payments, fail_payment, record_card_refund
from refunds.errors import PaymentRefused
from refunds.models import DuplicatePayment, PaymentBatch
from refunds.tasks import look_for_duplicates
from tests.cashapp.receipts.conftest import t_account
from tests.refunds.test_card_refunds import card_payment  # noqa: F401 - a fixture of neighbours
from tests.refunds.test_payment_files import made, pay_on, released  # noqa: F401 - fixtures of neighbours

Day = Callable[[int], date]


def test_after_a_failure_the_card_is_given_its_money_once(
    approved: Callable[..., Refund],
    card_payment: ElectronicPayment,  # noqa: F811
    clerk: User,
    books: LegalEntity,
    may: Day,
) -> None:
    facts: dict[str, Any] = {"refund": approved("120.00", None), "payment": card_payment, "refunded_on": may(13)}
    first = record_card_refund(by=clerk, reference="re_1", **facts)
    with pytest.raises(PaymentRefused, match="on its way already"):
        record_card_refund(by=clerk, reference="re_2", **facts)
    fail_payment(by=clerk, payment=first, failed_on=may(14), reason="The card was closed")

    with pytest.raises(PaymentRefused, match="re_1 was written down before, and failed"):
        record_card_refund(by=clerk, reference="re_1", **facts)
    second = record_card_refund(by=clerk, reference="re_2", **facts)
    assert record_card_refund(by=clerk, reference="re_2", **facts) == second

    accounts = t_account(books)
    assert (accounts["card_clearing"], "refunds_payable" in accounts) == ("-120.00", False)
    with pytest.raises(PaymentRefused, match="on its way already"):
        record_card_refund(by=clerk, reference="re_3", **facts)


def test_payments_whose_entry_was_taken_off_their_line_are_refused_in_words(
    released: PaymentBatch,  # noqa: F811
    bank_line: Callable[..., Any],
    clerk: User,
    may: Day,
) -> None:
    payment, line = released.payments.get(), bank_line("-120.00", "BACS REFUNDS", on=may(14))
    clear_payments(by=clerk, payments=[payment], line=line)
    untie_posting(by=clerk, tie=LinePosting.objects.get())

    with pytest.raises(PaymentRefused, match="their entry was taken off it"):
        clear_payments(by=clerk, payments=[payment], line=line)


def test_one_company_s_failure_keeps_no_other_from_being_looked_through(
    books: LegalEntity, de: LegalEntity, clerk: User, castle: Customer, bank_line: Callable[..., Any]
) -> None:
    """Hamburg comes first and has a time zone that no clock knows; Bristol was paid twice this week."""
    LegalEntity.objects.filter(pk=de.pk).update(time_zone="Nowhere/Atlantis")
    today = clock.today(books)
    for days in (4, 2):
        line = bank_line("120.00", "INV-1", on=today - timedelta(days=days), payer="CASTLE FIBRE LTD")
        post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line))

    with pytest.raises(ExceptionGroup, match="duplicate payments of some companies"):
        look_for_duplicates()

    assert DuplicatePayment.objects.count() == 1
