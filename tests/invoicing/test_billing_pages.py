"""The pages of billing, in a browser without JavaScript."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.models import LegalEntity, User
from customers.actions import attach_file, change_requirements
from customers.models import Customer
from invoicing.actions import draft_charges, issue_invoice
from invoicing.cycles import end_of_month
from invoicing.messages import InvoiceMessage
from invoicing.models import BillingException, BillingRun, ChargeKind, ContractFile, Invoice, TaxRate
from messaging.models import Message
from tests.invoicing.billing import contract_of

pytestmark = pytest.mark.django_db
Made = Callable[..., Customer]
MAY = date(2026, 5, 31)
CHOSEN: dict[str, Any] = {
    "billed_through": "2026-05-31",
    "invoice_on": "2026-05-31",
    "kinds": ChargeKind.values,
    "request_id": "form-1",
}


@pytest.fixture
def nora(signed_in: Callable[[User], Client], clerk: User, books: LegalEntity, standard: TaxRate) -> Client:
    return signed_in(clerk)


def text(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    answer = client.get(url, data)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_from_choosing_to_issued_invoices_by_clicking(
    acme: Customer, customer: Made, clerk: User, nora: Client
) -> None:
    contract_of(clerk, acme)
    contract_of(clerk, acme)
    contract_of(clerk, customer("Strict", purchase_order_required=True))

    assert "No billing run yet" in text(nora, "/billing/")
    seen = text(nora, "/billing/preview/", CHOSEN)
    assert "Strict" in seen and "purchase order number; it is missing" in seen
    assert not Invoice.objects.exists()

    nora.post("/billing/prepare/", CHOSEN)
    run = BillingRun.objects.get()
    page = text(nora, f"/billing/{run.pk}/")
    assert "Put it right" in page and "bill Acme Hotels (C-ACME HOT) the same" in page
    for exception in BillingException.objects.filter(code="likely_duplicate"):
        assert nora.post(f"/billing/exceptions/{exception.pk}/accept/", {"reason": ""}).status_code == 422
        nora.post(f"/billing/exceptions/{exception.pk}/accept/", {"reason": "Two buildings."})
    nora.post(f"/billing/{run.pk}/check/")
    run.refresh_from_db()
    assert run.checked_at is not None
    started = nora.post(f"/billing/{run.pk}/start/", {"checked_at": run.checked_at.isoformat()})

    run.refresh_from_db()
    assert started["Location"] == f"/runs/{run.run_id}/"
    assert Invoice.objects.filter(billing_run=run, number__isnull=False).count() == 2
    assert "Issued" in text(nora, f"/billing/{run.pk}/")
    assert "Two buildings." in text(nora, f"/billing/{run.pk}/", {"state": "accepted"})
    assert f"/billing/{run.pk}/" in text(nora, "/billing/")


def test_a_preview_of_nothing_and_of_no_kind_says_so(nora: Client) -> None:
    assert "Nothing is due" in text(nora, "/billing/preview/", CHOSEN)
    assert nora.get("/billing/preview/", {**CHOSEN, "kinds": []}).status_code == 422
    assert "Choose what the run bills" in nora.get("/billing/preview/", follow=True).content.decode()


def test_a_stale_run_is_not_started(acme: Customer, clerk: User, nora: Client) -> None:
    contract_of(clerk, acme)
    nora.post("/billing/prepare/", CHOSEN)
    run = BillingRun.objects.get()

    answer = nora.post(f"/billing/{run.pk}/start/", {"checked_at": "yesterday"}, follow=True)

    assert "checked again meanwhile" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_every_list_can_be_taken_along(acme: Customer, clerk: User, nora: Client) -> None:
    contract_of(clerk, acme, {"unit_price": None})
    nora.post("/billing/prepare/", CHOSEN)
    run = BillingRun.objects.get()

    for url, data in (("/billing/", {}), ("/billing/preview/", CHOSEN), (f"/billing/{run.pk}/", {})):
        answer = nora.get(url, {**data, "format": "xlsx"})
        assert answer["Content-Type"].endswith("sheet"), url
        assert b"".join(answer.streaming_content).startswith(b"PK"), url  # type: ignore[attr-defined]


def test_the_checks_are_changed_by_who_may(
    clerk: User, manager: User, books: LegalEntity, signed_in: Callable[[User], Client]
) -> None:
    given = {"amount_percent": 40, "quantity_percent": 30, "least_amount": "100", "duplicate_days": 10}

    assert signed_in(clerk).post("/billing/checks/", given).status_code == 403
    assert signed_in(manager).post("/billing/checks/", {**given, "amount_percent": 0}).status_code == 422
    assert signed_in(manager).post("/billing/checks/", given).status_code == 302
    assert 'value="40"' in text(signed_in(manager), "/billing/checks/")


def test_a_month_is_declared_complete_on_the_page(
    acme: Customer,
    clerk: User,
    manager: User,
    books: LegalEntity,
    standard: TaxRate,
    signed_in: Callable[[User], Client],
) -> None:
    contract_of(clerk, acme, ends_on=date(2026, 5, 20))
    maya = signed_in(manager)

    refused = maya.post("/billing/finals/declare/", {"month_on": "2026-05-01"})
    assert refused.status_code == 422
    assert "customers who leave and are not billed: 1" in refused.content.decode()

    maya.post("/billing/finals/declare/", {"month_on": "2026-05-01", "reason": "Settled in court."})
    assert "Settled in court." in text(maya, "/billing/")
    assert "Settled in court." in text(maya, "/billing/finals/", {"month_on": "2026-05-01"})


def test_the_final_bills_of_a_month_stand_on_a_page_and_in_a_workbook(
    acme: Customer, clerk: User, books: LegalEntity, nora: Client
) -> None:
    today = clock.today(books)
    first_on = today.replace(day=1)
    contract = contract_of(clerk, acme, starts_on=first_on, ends_on=end_of_month(today))
    [draft] = draft_charges(by=clerk, entity=books, customers=[acme], through=first_on, invoice_on=first_on)
    invoice = issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=first_on)
    asked = {"month_on": first_on.isoformat()}

    page = text(nora, "/billing/finals/", asked)

    assert str(invoice.number) in page and "final invoice" in page and str(contract.customer.name) in page
    assert "No customer left with a bill" in text(nora, "/billing/finals/")
    answer = nora.get("/billing/finals/", {**asked, "format": "xlsx"})
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_the_draft_of_a_contract_changes_in_its_header_only(
    acme: Customer, clerk: User, books: LegalEntity, nora: Client
) -> None:
    contract_of(clerk, acme)
    [draft] = draft_charges(by=clerk, entity=books, customers=[acme], through=MAY, invoice_on=MAY)
    url = f"/invoices/{draft.pk}/change/"

    page = text(nora, url)
    given = {"purchase_order": "PO 9", "terms": acme.terms_id, "language": "fr", "text": "", "version": 1}
    saved = nora.post(url, given)

    assert "bill days of contracts" in page and "lines-0" not in page
    assert saved.status_code == 302
    draft.refresh_from_db()
    assert (draft.purchase_order, draft.language, draft.version) == ("PO 9", "fr", 2)


def test_files_that_the_customer_wants_go_along(
    acme: Customer, clerk: User, system: User, books: LegalEntity, standard: TaxRate
) -> None:
    order = attach_file(by=clerk, customer=acme, name="rules.txt", content=b"Rules")
    change_requirements(by=system, customer=acme, files=[order], sends_contract_papers=True)
    contract = contract_of(clerk, acme)
    ContractFile.objects.create(contract=contract, file=order.file, kind="notice", attached_by=clerk)
    paper = attach_file(by=clerk, customer=acme, name="po.txt", content=b"PO").file
    ContractFile.objects.create(contract=contract, file=paper, kind="purchase_order", attached_by=clerk)
    [draft] = draft_charges(by=clerk, entity=books, customers=[acme], through=MAY, invoice_on=MAY)
    invoice = issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=MAY)

    sent = InvoiceMessage().attachments(Message.objects.get())

    assert [file.name for file in sent] == [f"{invoice.number}.pdf", "rules.txt", "po.txt"]


def test_pages_ask_no_more_the_more_they_show(acme: Customer, clerk: User, books: LegalEntity, nora: Client) -> None:
    def questions(url: str, data: dict[str, Any]) -> int:
        nora.get(url, data)
        with CaptureQueriesContext(connection) as asked:
            text(nora, url, data)
        return len(asked)

    few = questions("/billing/preview/", CHOSEN)
    for number in range(30):
        contract_of(clerk, acme, {"quantity": Decimal(number + 1), "unit_price": None if number % 2 else Decimal(5)})
    nora.post("/billing/prepare/", CHOSEN)
    run = BillingRun.objects.get()

    assert questions("/billing/preview/", CHOSEN) <= few + 16
    assert questions(f"/billing/{run.pk}/", {}) <= 24
    assert questions("/billing/", {}) <= 20
