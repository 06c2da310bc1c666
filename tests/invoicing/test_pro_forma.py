"""Pro-formas: a draft that the customer may see, which is no invoice and takes no number."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from core.errors import NotAllowed
from core.models import NumberSeries, User
from customers.models import Customer
from invoicing.actions import send_pro_forma
from invoicing.actions.errors import NotADraft
from invoicing.models import Invoice
from invoicing.papers.printable import printable_invoices
from invoicing.papers.rendering import html_of_invoice, html_of_pro_forma
from messaging.models import Message

pytestmark = pytest.mark.django_db
Drafted = Callable[..., Invoice]
TO = ["ann@acme.example"]
DAY = date(2026, 5, 4)


def test_it_says_that_it_is_no_invoice_and_has_no_number(acme: Customer, drafted: Drafted) -> None:
    draft = drafted(acme)

    page = html_of_pro_forma(printable_invoices().get(pk=draft.pk), DAY)

    for said in ("Pro-forma invoice", "This is not a VAT invoice", "4 May 2026", "£120.00"):
        assert said in page
    assert "Invoice number" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "keine Rechnung im Sinne des UStG"),
        ("fr", "Ne vaut pas facture"),
        ("es", "No es una factura a efectos del IVA"),
    ],
)
def test_it_speaks_the_customers_language(acme: Customer, drafted: Drafted, language: str, said: str) -> None:
    draft = drafted(acme, language=language)

    assert said in html_of_pro_forma(printable_invoices().get(pk=draft.pk), DAY)


def test_it_is_sent_once_and_the_draft_stays_a_draft(acme: Customer, drafted: Drafted, clerk: User) -> None:
    draft, request_id = drafted(acme), uuid4()

    sent = [send_pro_forma(by=clerk, invoice=draft, to=TO, on=DAY, request_id=request_id) for _ in range(2)]

    draft.refresh_from_db()
    assert sent[0].pk == sent[1].pk
    assert [one.file.name for one in sent[0].attachments.select_related("file")] == [f"pro-forma-{draft.pk}.pdf"]
    assert not draft.is_issued
    assert not NumberSeries.objects.filter(entity=draft.entity, kind="invoice", next_number__gt=1).exists()


def test_an_issued_invoice_has_none(acme: Customer, issued: Drafted, clerk: User) -> None:
    with pytest.raises(NotADraft, match="send the invoice itself"):
        send_pro_forma(by=clerk, invoice=issued(acme), to=TO, on=DAY, request_id=uuid4())


def test_who_does_not_bill_sends_none(acme: Customer, drafted: Drafted, auditor: User) -> None:
    with pytest.raises(NotAllowed):
        send_pro_forma(by=auditor, invoice=drafted(acme), to=TO, on=DAY, request_id=uuid4())


def test_the_drafts_page_sends_it(client: Client, acme: Customer, drafted: Drafted, clerk: User) -> None:
    draft = drafted(acme)
    client.force_login(clerk)

    assert client.get(f"/invoices/{draft.pk}/pro-forma/")["Content-Type"] == "application/pdf"
    facts = {"to": TO[0], "request_id": str(uuid4())}
    client.post(f"/invoices/{draft.pk}/pro-forma/send/", facts, follow=True)

    assert Message.objects.get(kind="pro_forma").to_addresses == TO


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"is_final": True}, ["Final invoice"]),
        ({"is_consolidated": True}, ["Consolidated invoice"]),
        ({"is_final": True, "is_consolidated": True}, ["Final invoice", "Consolidated invoice"]),
    ],
)
def test_finals_and_consolidated_invoices_say_so(
    acme: Customer, drafted: Drafted, facts: dict[str, bool], said: list[str]
) -> None:
    draft = drafted(acme)
    Invoice.objects.filter(pk=draft.pk).update(**facts)

    page = html_of_invoice(printable_invoices().get(pk=draft.pk))

    assert all(mark in page for mark in said)
