"""Structured data goes along where the customer takes it, and can be had on the page and by the API."""

from collections.abc import Callable

import pytest
from django.test import Client
from lxml import etree

from core.models import User
from customers.models import Customer
from invoicing.messages import InvoiceMessage
from invoicing.models import Invoice, StructuredInvoice
from messaging.models import Message

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
CUSTOMIZATION = ".//{*}CustomizationID"


def test_the_page_offers_every_profile_and_downloads_it(
    client: Client, acme: Customer, issued: Issued, clerk: User, reach: Callable[..., None]
) -> None:
    reach(acme, file_format="peppol")
    invoice = issued(acme)
    client.force_login(clerk)

    page = client.get(f"/invoices/{invoice.pk}/").content.decode()
    answer = client.get(f"/invoices/{invoice.pk}/data/peppol/")

    assert "Peppol BIS 3</a>, which the customer takes" in page
    assert answer["Content-Disposition"] == 'attachment; filename="INV-2026-000001-peppol.xml"'
    assert etree.fromstring(answer.content).findtext(CUSTOMIZATION) == PEPPOL
    kept = StructuredInvoice.objects.get(invoice=invoice)
    assert kept.file.sha256[:12] in client.get(f"/invoices/{invoice.pk}/").content.decode()


def test_a_draft_says_what_the_customers_file_lacks(
    client: Client, acme: Customer, drafted: Issued, clerk: User, reach: Callable[..., None]
) -> None:
    reach(acme, file_format="peppol", electronic_scheme="", electronic_address="", buyer_reference="")
    client.force_login(clerk)

    page = client.get(f"/invoices/{drafted(acme).pk}/").content.decode()

    assert "Acme Hotels has no electronic address and no VAT number that could be one." in page
    assert "Peppol wants a purchase order number or the reference of Acme Hotels." in page


def test_a_profile_that_there_is_not_is_not_found(client: Client, acme: Customer, issued: Issued, clerk: User) -> None:
    client.force_login(clerk)

    assert client.get(f"/invoices/{issued(acme).pk}/data/edifact/").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "files"),
    [
        ("none", ["INV-2026-000001.pdf"]),
        ("factur_x", ["INV-2026-000001.pdf"]),
        ("peppol", ["INV-2026-000001.pdf", "INV-2026-000001-peppol.xml"]),
    ],
)
def test_the_mail_carries_the_file_that_the_customer_takes(
    acme: Customer, issued: Issued, reach: Callable[..., None], wanted: str, files: list[str]
) -> None:
    reach(acme, file_format=wanted)
    invoice = issued(acme)

    message = Message.objects.get(kind="invoice", document=str(invoice.number))

    assert [stored.name for stored in InvoiceMessage().attachments(message)] == files


def test_the_api_serves_the_data(client: Client, acme: Customer, issued: Issued, clerk: User) -> None:
    invoice = issued(acme)
    client.force_login(clerk)

    answer = client.get(f"/api/v1/invoices/{invoice.pk}/data/cii/")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert etree.fromstring(answer.content).findtext(".//{*}ExchangedDocument/{*}ID") == invoice.number
