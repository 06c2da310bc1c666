"""What collections hears of invoices: which reached nobody, which are finals or recurring."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core import clock
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import (
    amend_contract,
    draft_charges,
    give_notice,
    issue_invoice,
    issue_invoices,
    record_access,
    withdraw_notice,
)
from invoicing.amending import AmendmentDraft
from invoicing.collection_source import InvoiceSource
from invoicing.models import Invoice, InvoiceLink, TaxRate
from messaging.models import Message
from messaging.sender import deliver
from tests.invoicing.billing import contract_of

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]


def undelivered(customer: Customer) -> dict[int, str]:
    return dict(InvoiceSource().undelivered([customer.pk]))


def test_an_invoice_counts_as_arrived_once_its_mail_left(issued: Issued, acme: Customer, system: User) -> None:
    invoice = issued(acme)
    assert invoice.item_id is not None
    assert undelivered(acme) == {invoice.item_id: f"{invoice.number} never arrived"}

    Message.objects.filter(state="queued").update(not_before=clock.now())
    deliver(by=system)

    assert undelivered(acme) == {}


def test_or_once_they_opened_it(issued: Issued, acme: Customer, system: User) -> None:
    issued(acme)
    Message.objects.filter(state="queued").update(state="cancelled")
    link = InvoiceLink.objects.get()
    facts: dict[str, Any] = {"by": system, "link": link, "network": "", "user_agent": "", "colleague": None}

    record_access(**facts, kind="refused")
    assert undelivered(acme)
    record_access(**facts, kind="opened")
    assert undelivered(acme) == {}


def test_finals_and_recurring_invoices_are_told_apart(
    issued: Issued, drafted: Issued, acme: Customer, clerk: User
) -> None:
    issued(acme)
    recurring = issued(acme, kind=Invoice.Kind.RECURRING)
    draft = drafted(acme, kind=Invoice.Kind.RECURRING)
    Invoice.objects.filter(pk=draft.pk).update(is_final=True)
    final = issue_invoice(by=clerk, entity=acme.entity, invoice=draft, issued_on=date(2026, 5, 4))

    assert InvoiceSource().kinds([acme.pk]) == {recurring.item_id: "recurring", final.item_id: "final"}


def test_a_bill_that_became_the_last_after_it_went_out_is_a_final_as_soon_as_that_is_known(
    acme: Customer, clerk: User, books: LegalEntity, standard: TaxRate, client: Client
) -> None:
    june = date(2025, 6, 1)
    facts: dict[str, Any] = {"starts_on": june, "ends_on": date(2026, 5, 31)}
    contract_of(clerk, acme, starts_on=june, ends_on=date(2025, 6, 30))  # a pilot that ran out
    contract = contract_of(clerk, acme, {"cycle": "annual", "unit_price": Decimal(100)}, renews=True, **facts)
    drafts = draft_charges(by=clerk, entity=books, customers=[acme], through=june, invoice_on=june)
    bills = issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=june)
    bill = max(bills, key=lambda one: one.gross)
    source = InvoiceSource()
    assert source.kinds([acme.pk]).get(bill.item_id or 0) != "final"

    give_notice(by=clerk, contract=contract, given_on=date(2026, 3, 2), reason="Moves to another house.")

    assert source.kinds([acme.pk])[bill.item_id or 0] == "final"
    client.force_login(clerk)
    assert "collections treats it as a final" in client.get(f"/invoices/{bill.pk}/").content.decode()
    withdraw_notice(by=clerk, contract=contract)
    assert source.kinds([acme.pk]).get(bill.item_id or 0) != "final"


def test_a_fixed_term_that_runs_is_no_final_and_one_that_is_ended_early_is(
    acme: Customer, clerk: User, books: LegalEntity, standard: TaxRate
) -> None:
    may = date(2026, 5, 1)
    contract = contract_of(clerk, acme, {"cycle": "annual"}, starts_on=may, ends_on=date(2027, 4, 30))
    drafts = draft_charges(by=clerk, entity=books, customers=[acme], through=may, invoice_on=may)
    [bill] = issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=may)
    assert "final" not in InvoiceSource().kinds([acme.pk]).values()

    end = AmendmentDraft(kind="early_end", effective_on=date(2026, 11, 1), source_id="1")
    amend_contract(by=clerk, contract=contract, draft=end)

    assert bill.credit_notes.count() == 1
    assert InvoiceSource().kinds([acme.pk]) == {bill.item_id: "final"}
