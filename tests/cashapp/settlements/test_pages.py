"""The pages of settlements: what Nora sees after an import, and what she does with what is left."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cashapp.actions.ending import reverse_receipt
from cashapp.models import BankStatement, ElectronicPayment, PaymentProvider, Receipt
from core.models import BankAccount, User
from core.rows import Limits, workbook_rows
from customers.models import Customer
from tests.cashapp.settlements.conftest import stripe_file

Make = Callable[..., Any]
SignIn = Callable[[User], Client]
ROWS = (
    "po_1 txn_1 11 120.00 2.50 charge pi_1 Sale INV-1001",
    "po_1 txn_8 13 -7.00 0.00 refund pi_0 Old",
)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_import_leads_to_the_settlement_with_its_payout_on_the_way(
    signed_in: SignIn, clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, castle: Customer, invoice: Make,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    invoice(castle, "INV-1001", "120.00", may(1))
    desk = signed_in(clerk)
    file = SimpleUploadedFile("stripe.csv", stripe_file(*ROWS), "text/csv")
    preview = desk.post("/bank-statements/import/", {"file": file})
    page = text_of(desk.post(f"{preview['Location']}import/", follow=True))

    statement = BankStatement.objects.get()
    assert "3 new lines from stripe.csv" in page and "Not yet in the bank" in page
    assert "its payment pi_0 never came in here" in page and "£110.50" in page
    assert f"/payments/settlements/{statement.pk}/" in text_of(desk.get("/payments/settlements/"))
    assert f"/payments/settlements/{statement.pk}/" in text_of(desk.get(f"/bank-statements/{statement.pk}/"))
    payout = ElectronicPayment.objects.get().facts.get(kind="settled").payout
    assert f"/payments/settlements/{statement.pk}/" in text_of(desk.get(f"/payments/payouts/{payout.pk}/"))  # type: ignore[union-attr]
    assert "Posted by itself" in page
    receipt = Receipt.objects.get()
    why = text_of(desk.get(f"/receipts/{receipt.pk}/"))
    assert "INV-1001" in why and "o2c itself" in why
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(14), reason="Not theirs")
    page = text_of(desk.get(f"/payments/settlements/{statement.pk}/"))
    assert "In the queue of electronic payments" in page
    only = text_of(desk.get(f"/payments/settlements/{statement.pk}/?view=differences"))
    assert "pi_0" in only and "In the queue of electronic payments" not in only


def test_a_missing_provider_is_said_and_looked_for_again(
    signed_in: SignIn, clerk: User, auditor: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make
) -> None:
    PaymentProvider.objects.update(is_active=False)
    statement = bring(stripe_file(*ROWS))
    desk, address = signed_in(clerk), f"/payments/settlements/{statement.pk}/"
    assert "Stripe is not among this company" in text_of(desk.get(address))

    PaymentProvider.objects.update(is_active=True)
    page = text_of(desk.post(f"{address}take-in/", follow=True))

    assert "It is looked at again" in page and "In the queue of electronic payments" in page
    reader = signed_in(auditor)
    assert "Look again" not in text_of(reader.get(address))
    assert reader.post(f"{address}take-in/").status_code == 403


def test_the_workbook_holds_every_movement(
    signed_in: SignIn, clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make
) -> None:
    statement = bring(stripe_file(*ROWS))
    answer: Any = signed_in(clerk).get(f"/payments/settlements/{statement.pk}/?format=xlsx")
    rows = workbook_rows("settlement.xlsx", b"".join(answer.streaming_content), Limits(1000, 50))
    words = [str(cell) for row in rows for cell in row.cells]
    assert {"pi_1", "pi_0", "po_1", "Payout"} <= set(words)


@pytest.mark.parametrize("address", ["/payments/settlements/", "/payments/settlements/{pk}/"])
def test_pages_ask_the_database_as_often_for_many_as_for_few(
    signed_in: SignIn, clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make, address: str,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    rows = [f"po_{n} txn_{n} 11 {100 + n}.00 2.00 charge pi_{n} Sale" for n in range(1, 12)]
    statement = bring(stripe_file(*rows))
    desk = signed_in(clerk)
    desk.get("/payments/settlements/")
    with django_assert_max_num_queries(30):
        assert desk.get(address.format(pk=statement.pk)).status_code == 200
