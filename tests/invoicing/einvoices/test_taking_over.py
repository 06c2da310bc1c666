"""Invoices that another program issued come in from their structured files, with their numbers and figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.errors import NotAllowed
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import store_invoice_pdf
from invoicing.actions.errors import ImportRefused
from invoicing.actions.structured_imports import import_structured
from invoicing.drafts import DraftLine
from invoicing.einvoices.fields import UnreadableInvoice
from invoicing.einvoices.formats import Profile, xml_of
from invoicing.einvoices.importing import document_of
from invoicing.einvoices.loading import content_of
from invoicing.imported import ImportedInvoice
from invoicing.models import Invoice, TaxRate
from ledger.models import OpenItem

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Line = Callable[..., DraftLine]
Xml = Callable[..., bytes]


@pytest.fixture
def written(acme: Customer, issued: Issued, line: Line) -> Xml:
    """What another program could have written: our own invoice, under a number of that program."""

    def write(profile: Profile = Profile.PEPPOL, number: str = "OLD-77") -> bytes:
        discounted = line("33.33", quantity=3, discount_percent=Decimal(10))
        xml = xml_of(content_of(issued(acme, discounted, line("5", quantity=-1))), profile)
        return xml.replace(b"INV-2026-000001", number.encode())

    return write


def test_an_invoice_keeps_its_number_and_its_figures(
    acme: Customer, books: LegalEntity, finance_manager: User, written: Xml
) -> None:
    taken = import_structured(by=finance_manager, entity=books, name="a.xml", content=written())

    ours = Invoice.objects.get(number="INV-2026-000001")
    assert (taken.number, taken.customer, taken.issued_on) == ("OLD-77", acme, date(2026, 5, 4))
    assert (taken.net, taken.tax, taken.gross) == (ours.net, ours.tax, ours.gross)
    assert OpenItem.objects.get(pk=taken.item_id).amount == ours.gross


def test_several_tax_rates_come_in_as_they_are(
    acme: Customer, books: LegalEntity, finance_manager: User, issued: Issued, line: Line, reduced: TaxRate
) -> None:
    ours = issued(acme, line("100"), line("40", tax_rate=reduced))
    xml = xml_of(content_of(ours), Profile.CII).replace(b"INV-2026-000001", b"OLD-78")

    taken = import_structured(by=finance_manager, entity=books, name="a.xml", content=xml)

    assert (taken.net, taken.tax, taken.gross) == (Decimal(140), Decimal(22), Decimal(162))
    assert set(taken.taxes.values_list("tax_rate__percent", "net")) == {(20, 100), (5, 40)}


def test_an_allowance_for_all_of_it_is_taken_at_the_rates_at_which_it_stands(
    acme: Customer, issued: Issued, line: Line, reduced: TaxRate
) -> None:
    content = content_of(issued(acme, line("100"), line("40", tax_rate=reduced)))
    usual, low = content.taxes
    less = replace(usual, net=Decimal(90), tax=Decimal(18))
    sums: dict[str, Any] = {"net": Decimal(130), "tax": Decimal(20), "gross": Decimal(150), "allowances": Decimal(10)}

    document = document_of(replace(content, taxes=(less, low), **sums), acme)

    assert isinstance(document, ImportedInvoice)
    assert not list(document.complaints())
    assert [(one.net, one.tax_percent) for one in document.lines] == [(100, 20), (40, 5), (-10, 20)]
    with pytest.raises(UnreadableInvoice, match="not those of its tax rates"):
        document_of(replace(content, **sums), acme)


def test_a_factur_x_pdf_is_kept_as_the_documents_pdf(
    books: LegalEntity, finance_manager: User, acme: Customer, issued: Issued
) -> None:
    pdf = store_invoice_pdf(by=finance_manager, invoice=issued(acme)).read()

    with pytest.raises(ImportRefused, match="INV-2026-000001 is taken already"):
        import_structured(by=finance_manager, entity=books, name="a.pdf", content=pdf)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"Acme Hotels", b"Nobody Ltd", "for Nobody Ltd, who is no customer"),
        (b"Brightwater Software Ltd", b"Someone Else", "seller is Someone Else"),
    ],
)
def test_strangers_are_refused_by_name(
    books: LegalEntity, finance_manager: User, written: Xml, old: bytes, new: bytes, said: str
) -> None:
    xml = written().replace(old, new).replace(b"C-ACME HOT", b"X").replace(b"GB123456782", b"GB000000000")

    with pytest.raises(ImportRefused, match=said):
        import_structured(by=finance_manager, entity=books, name="a.xml", content=xml)


def test_what_is_no_invoice_is_refused(books: LegalEntity, finance_manager: User) -> None:
    with pytest.raises(UnreadableInvoice, match="no XML"):
        import_structured(by=finance_manager, entity=books, name="a.xml", content=b"hello")


def test_who_may_not_is_refused(books: LegalEntity, clerk: User, written: Xml) -> None:
    with pytest.raises(NotAllowed):
        import_structured(by=clerk, entity=books, name="a.xml", content=written())


def test_the_page_says_what_became_of_each_file(client: Client, finance_manager: User, written: Xml) -> None:
    client.force_login(finance_manager)
    files = [SimpleUploadedFile("good.xml", written()), SimpleUploadedFile("bad.xml", b"hello")]

    page = client.post("/invoices/import/", {"files": files}).content.decode()

    assert "OLD-77" in page
    assert "bad.xml" in page
    assert "The file is no XML" in page
