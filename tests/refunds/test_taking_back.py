"""A refund that was approved and can't be paid, or isn't owed after all, is taken back; its credit is open again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cashapp.models import Receipt
from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import CustomerBankAccount
from invoicing.models import Refund
from refunds.actions import cancel_batch, prepare_batch, release_batch, take_back_refund
from refunds.errors import PaymentRefused
from refunds.models import PaymentChannel, TakenBack
from refunds.queries.payable import held_up, refunds_to_pay
from tests.cashapp.receipts.conftest import t_account

Approved = Callable[..., Refund]
SignedIn = Callable[[User], Client]


def test_a_refund_without_a_way_back_is_taken_back_and_asked_for_with_an_account(
    approved: Approved,
    receipt: Receipt,
    paid_to: CustomerBankAccount,
    books: LegalEntity,
    clerk: User,
    signed_in: SignedIn,
    may: Callable[[int], date],
) -> None:
    stuck = approved("120.00", None)
    assert "has no way back yet" in held_up([stuck])[stuck.pk]
    browser, panel = signed_in(clerk), reverse("refunds:state_of_refund", args=[stuck.pk])
    assert "Take it back" in browser.get(panel).content.decode()
    address, form = reverse("refunds:take_back_refund", args=[stuck.pk]), {"taken_back_on": "2026-05-12"}

    browser.post(address, {**form, "reason": " "})
    assert not TakenBack.objects.exists(), "without a reason nothing is taken back"
    for _ in range(2):
        said = browser.post(address, {**form, "reason": "They name an account now"}, follow=True).content.decode()
        assert f"{stuck} is taken back" in said

    row = TakenBack.objects.get()
    assert (row.taken_back_on, row.recorded_by, row.entry.reverses) == (may(12), clerk, stuck.entry)
    receipt.item.refresh_from_db()
    assert receipt.item.open_amount == 120 and not refunds_to_pay(books).exists()
    assert "refunds_payable" not in t_account(books)
    shown = browser.get(panel).content.decode()
    assert "They name an account now" in shown and "Nothing was paid" in shown and "Take it back" not in shown
    assert AuditEvent.objects.get(event="refund.taken_back").reason == "They name an account now"
    assert "was taken back on 12 May 2026" in held_up([Refund.objects.get(pk=stuck.pk)])[stuck.pk]

    for page in (reverse("invoicing:refund", args=[stuck.pk]), reverse("invoicing:refunds")):
        assert "Taken back" in browser.get(page).content.decode(), page

    again = approved("120.00", paid_to)
    assert list(refunds_to_pay(books)) == [again] and held_up([again]) == {}
    call_command("check_ledger")


def test_what_is_on_its_way_stays(
    approved: Approved,
    paid_to: CustomerBankAccount,
    channel: PaymentChannel,
    clerk: User,
    auditor: User,
    finance_manager: User,
    may: Callable[[int], date],
) -> None:
    refund = approved("120.00", paid_to)
    facts: dict[str, Any] = {"refund": refund, "taken_back_on": may(13), "reason": "Not owed"}
    with pytest.raises(NotAllowed):
        take_back_refund(by=auditor, **facts)
    with pytest.raises(PaymentRefused, match="Say why"):
        take_back_refund(by=clerk, **{**facts, "reason": ""})
    pay_on = clock.today(channel.entity) + timedelta(days=3)
    batch = prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on)
    with pytest.raises(PaymentRefused, match="Cancel that file first"):
        take_back_refund(by=clerk, **facts)

    cancel_batch(by=clerk, batch=batch)
    second = prepare_batch(by=clerk, channel=channel, refunds=[refund], paid_on=pay_on)
    release_batch(by=finance_manager, batch=second, released_on=may(12))
    with pytest.raises(PaymentRefused, match="was paid or is on its way"):
        take_back_refund(by=clerk, **facts)
    assert not TakenBack.objects.exists()


def test_it_is_written_down_for_good(approved: Approved, clerk: User, may: Callable[[int], date]) -> None:
    row = take_back_refund(by=clerk, refund=approved("120.00", None), taken_back_on=may(13), reason="Not owed")

    for change in (lambda: TakenBack.objects.update(reason="Else"), lambda: TakenBack.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            change()
    assert str(row).endswith("taken back")
