"""The pages of corrections, without JavaScript: bill again, adjust, refund, and credit many."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from controls.models import ApprovalRequest
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import issue_credit_note
from invoicing.models import Adjustment, BulkCredit, CreditNote, Invoice, Refund
from ledger.models import OpenItem
from tests.invoicing.test_corrections import credit_item
from tests.invoicing.test_pages import text_of

__all__ = ["credit_item"]
pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
SignIn = Callable[[User], Client]
WHY = {"reason_code": "price", "reason": "Price of last year", "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}


def test_credit_and_bill_again(
    acme: Customer, clerk: User, manager: User, issued: Issued, signed_in: SignIn, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    proof = SimpleUploadedFile("mail.txt", b"You promised last year's price.")

    response = signed_in(clerk).post(f"/invoices/{invoice.pk}/credit/", {**WHY, "what": "rebill", "file": proof})

    note = CreditNote.objects.get()
    assert response["Location"] == f"/credit-notes/{note.pk}/"
    text = text_of(signed_in(clerk).get(f"/credit-notes/{note.pk}/"))
    assert "issuing it writes a draft with the same lines" in text
    assert "mail.txt" in text
    issue_credit_note(by=manager, credit_note=note, issued_on=may(5))
    draft = Invoice.objects.get(number=None)
    assert f"Draft invoice {draft.pk}" in text_of(signed_in(clerk).get(f"/credit-notes/{note.pk}/"))


def test_a_refund_begins_where_open_credits_are_listed(
    acme: Customer, clerk: User, auditor: User, credit_item: OpenItem, signed_in: SignIn
) -> None:
    nora = signed_in(clerk)

    assert 'href="/refunds/credits/"' in nora.get("/refunds/").content.decode()
    listed = nora.get("/refunds/credits/", {"q": "acme"}).content.decode()
    assert credit_item.number in listed and f'href="/refunds/items/{credit_item.pk}/"' in listed
    item_page = nora.get(f"/ledger/items/{credit_item.pk}/").content.decode()
    assert f'href="/refunds/items/{credit_item.pk}/"' in item_page
    assert "No open credit fits that" in text_of(nora.get("/refunds/credits/", {"q": "nobody"}))
    assert 'href="/refunds/credits/"' not in signed_in(auditor).get("/refunds/").content.decode()
    assert signed_in(auditor).get("/refunds/credits/").status_code == 403


def test_who_may_neither_issue_nor_credit_has_nothing_to_tick(
    acme: Customer, clerk: User, auditor: User, issued: Issued, signed_in: SignIn
) -> None:
    issued(acme)

    assert "data-tick-all" in signed_in(clerk).get("/invoices/").content.decode()
    assert "data-tick" not in signed_in(auditor).get("/invoices/").content.decode()


def test_an_adjustment_from_the_invoice_to_the_books(
    acme: Customer, clerk: User, manager: User, issued: Issued, signed_in: SignIn
) -> None:
    invoice = issued(acme)
    page = signed_in(clerk).get(f"/invoices/{invoice.pk}/").content.decode()
    assert f'href="/adjustments/items/{invoice.item_id}/"' in page
    facts = {"side": "credit", "amount": "20.00", "reason_code": "discount", "reason": "Agreed"}

    too_much = signed_in(clerk).post(f"/adjustments/items/{invoice.item_id}/", {**facts, "amount": "121"})
    assert (too_much.status_code, "has only 120.00 GBP open" in too_much.content.decode()) == (422, True)
    response = signed_in(clerk).post(f"/adjustments/items/{invoice.item_id}/", facts)

    draft = Adjustment.objects.get()
    assert response["Location"] == f"/adjustments/{draft.pk}/"
    assert "Your role drafts adjustments" in text_of(signed_in(clerk).get(f"/adjustments/{draft.pk}/"))
    signed_in(clerk).post(f"/adjustments/{draft.pk}/ask/")
    asked = ApprovalRequest.objects.get()
    approval = text_of(signed_in(manager).get(f"/approvals/{asked.pk}/"))
    assert "is reduced by 20.00 GBP, against settlement discounts allowed" in approval
    assert "Agreed" in approval
    done = signed_in(manager).post(f"/adjustments/requests/{asked.pk}/approve/", follow=True)
    assert "Adjustment ADJ-" in text_of(done)
    assert "Agreed" in text_of(signed_in(clerk).get("/adjustments/"))
    assert signed_in(clerk).get("/adjustments/?format=xlsx").status_code == 200


def test_posted_within_ones_limit_or_discarded(
    acme: Customer, manager: User, issued: Issued, signed_in: SignIn
) -> None:
    item = issued(acme).item_id
    client = signed_in(manager)
    facts = {"side": "debit", "amount": "5.00", "reason_code": "interest", "reason": "Late"}
    for _ in range(2):
        client.post(f"/adjustments/items/{item}/", facts)
    first, second = Adjustment.objects.order_by("pk")

    client.post(f"/adjustments/{first.pk}/post/", {"issued_on": "2026-05-10"})
    client.post(f"/adjustments/{second.pk}/discard/")

    assert [row.number for row in Adjustment.objects.all()] == ["ADJ-2026-00001"]
    assert "In the books" in text_of(client.get(f"/adjustments/{first.pk}/"))


def test_a_refund_is_asked_for_and_approved(
    credit_item: OpenItem, clerk: User, manager: User, signed_in: SignIn
) -> None:
    client = signed_in(clerk)
    assert "Refund RC-1" in text_of(client.get(f"/refunds/items/{credit_item.pk}/"))

    client.post(f"/refunds/items/{credit_item.pk}/", {"amount": "120", "reason": "Paid twice"})

    refund, asked = Refund.objects.get(), ApprovalRequest.objects.get()
    assert "Waits for approval" in text_of(client.get(f"/refunds/{refund.pk}/"))
    done = signed_in(manager).post(f"/refunds/requests/{asked.pk}/approve/", follow=True)
    assert "is approved and waits to be paid" in text_of(done)
    assert "RC-1" in text_of(client.get("/refunds/"))


def test_the_chosen_are_credited_together(
    acme: Customer, clerk: User, manager: User, issued: Issued, signed_in: SignIn
) -> None:
    invoices = [issued(acme) for _ in range(2)]
    query = "&".join(f"invoice={one.pk}" for one in invoices)
    client = signed_in(clerk)
    assert "Credit the chosen ones" in text_of(client.get("/invoices/"))
    assert "240.00" in text_of(client.get(f"/credit-notes/many/?{query}"))

    facts = {"invoice": [one.pk for one in invoices], "reason_code": "service", "reason": "Outage"}
    client.post("/credit-notes/many/", facts)

    bulk = BulkCredit.objects.get()
    assert "Your role chooses invoices" in text_of(client.get(f"/credit-notes/many/{bulk.pk}/"))
    client.post(f"/credit-notes/many/{bulk.pk}/ask/")
    asked = ApprovalRequest.objects.get()
    assert asked.amount == Decimal(240)
    signed_in(manager).post(f"/credit-notes/many/requests/{asked.pk}/approve/")
    assert CreditNote.objects.filter(number__isnull=False).count() == 2
    assert "Decided" in text_of(client.get(f"/credit-notes/many/{bulk.pk}/"))


def test_within_the_limit_the_manager_starts_at_once(
    acme: Customer, manager: User, issued: Issued, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    facts = {"invoice": [issued(acme).pk], "reason_code": "service", "reason": "Outage"}
    client.post("/credit-notes/many/", facts)

    response = client.post(f"/credit-notes/many/{BulkCredit.objects.get().pk}/start/", {"issued_on": "2026-05-20"})

    assert response["Location"].startswith("/runs/")
    assert CreditNote.objects.get().issued_on == date(2026, 5, 20)


def test_empty_lists_say_where_it_begins(auditor: User, clerk: User, books: LegalEntity, signed_in: SignIn) -> None:
    client = signed_in(auditor)
    assert "An adjustment begins on the page of the invoice" in text_of(client.get("/adjustments/"))
    assert "No refund yet" in text_of(client.get("/refunds/"))
    assert "Nothing to credit" in text_of(signed_in(clerk).get("/credit-notes/many/"))
    assert signed_in(auditor).post("/refunds/items/1/", {}).status_code == 403
