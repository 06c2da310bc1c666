"""PDFs that carry their data: PDF/A-3 for archives, tagged for screen readers, Factur-X for programs."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import facturx
import pypdf
import pytest
from lxml import etree

from core.models import ExchangeRate, User
from customers.models import Customer
from invoicing.actions import cancel_invoice, store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.structured import NotStructured, store_structured
from invoicing.einvoices.formats import Profile
from invoicing.models import Invoice, StructuredInvoice

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def catalogue_of(reader: pypdf.PdfReader) -> Any:
    return reader.trailer["/Root"].get_object()


def xmp_of(reader: pypdf.PdfReader) -> etree._Element:
    return etree.fromstring(catalogue_of(reader)["/Metadata"].get_object().get_data())


def said(xmp: etree._Element, namespace: str, name: str) -> str:
    key = f"{{{namespace}}}{name}"
    inside = xmp.findtext(f".//{key}")
    return inside or next((row.get(key, "") for row in xmp.iter(f"{RDF}Description") if row.get(key)), "")


def test_an_invoice_carries_its_data_and_says_what_it_is(acme: Customer, issued: Issued, clerk: User) -> None:
    invoice = issued(acme)

    pdf = store_invoice_pdf(by=clerk, invoice=invoice).read()

    name, xml = facturx.get_facturx_xml_from_pdf(pdf)
    kept = StructuredInvoice.objects.get(invoice=invoice, profile=Profile.CII)
    assert (name, xml) == ("factur-x.xml", kept.file.read())
    root = catalogue_of(pypdf.PdfReader(io.BytesIO(pdf)))
    (attached,) = (one.get_object() for one in root["/AF"])
    assert (attached["/AFRelationship"], attached["/F"]) == ("/Alternative", "factur-x.xml")
    assert attached["/EF"]["/F"].get_object()["/Subtype"] in {"/text/xml", "/application/xml"}


def test_it_is_an_archive_and_tagged_all_the_same(acme: Customer, issued: Issued, clerk: User) -> None:
    reader = pypdf.PdfReader(io.BytesIO(store_invoice_pdf(by=clerk, invoice=issued(acme)).read()))

    root, xmp = catalogue_of(reader), xmp_of(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/StructTreeRoot" in root
    assert len(xmp.findall(f".//{RDF}RDF")) == 1
    assert [said(xmp, "http://www.aiim.org/pdfa/ns/id/", name) for name in ("part", "conformance")] == ["3", "A"]
    assert said(xmp, "http://www.aiim.org/pdfua/ns/id/", "part") == "1"
    factur_x = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
    assert said(xmp, factur_x, "ConformanceLevel") == "EN 16931"
    described = xmp.iterfind(".//{http://www.aiim.org/pdfa/ns/schema#}namespaceURI")
    assert {one.text for one in described} == {factur_x, "http://www.aiim.org/pdfua/ns/id/"}


def test_a_credit_note_carries_its_data_too(
    acme: Customer, issued: Issued, manager: User, may: Callable[[int], date]
) -> None:
    note = cancel_invoice(
        by=manager, invoice=issued(acme), issued_on=may(9), reason_code="duplicate", reason="Billed twice"
    )

    _, xml = facturx.get_facturx_xml_from_pdf(store_credit_note_pdf(by=manager, credit_note=note).read())

    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert b"INV-2026-000001" in xml


def test_what_en_16931_has_no_room_for_is_a_pdf_without_data(
    customer: Callable[..., Customer], issued: Issued, clerk: User, may: Callable[[int], date]
) -> None:
    ExchangeRate.objects.create(from_currency="KWD", to_currency="GBP", on=may(1), rate=Decimal(2), source="Test")
    invoice = issued(customer("Kuwait", currency="KWD"))

    pdf = store_invoice_pdf(by=clerk, invoice=invoice).read()

    assert facturx.get_facturx_xml_from_pdf(pdf) == (False, False)
    with pytest.raises(NotStructured, match="two decimals, and KWD has 3"):
        store_structured(by=clerk, document=invoice, profile=Profile.CII)


def test_data_is_written_once(acme: Customer, issued: Issued, clerk: User) -> None:
    invoice = issued(acme)
    first = store_structured(by=clerk, document=invoice, profile=Profile.CII)
    Customer.objects.filter(pk=acme.pk).update(name="Somebody Else")

    store_invoice_pdf(by=clerk, invoice=invoice)
    again = store_structured(by=clerk, document=invoice, profile=Profile.CII)

    assert (again.pk, StructuredInvoice.objects.count()) == (first.pk, 1)


def test_what_a_profile_needs_is_said_in_sentences(acme: Customer, issued: Issued, clerk: User) -> None:
    invoice = issued(acme)

    with pytest.raises(NotStructured, match="Acme Hotels has no electronic address"):
        store_structured(by=clerk, document=invoice, profile=Profile.PEPPOL)
    with pytest.raises(NotStructured, match=r"buyer reference \(Leitweg-ID\) of Acme Hotels is missing"):
        store_structured(by=clerk, document=invoice, profile=Profile.XRECHNUNG)
