"""The PDF says what the ledger says, in the reader's language; it is tagged, stored once, and fetches nothing."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from tempfile import NamedTemporaryFile

import pytest
from django.core.management import call_command

from core import pdf as core_pdf
from core.errors import NotAllowed
from core.files import store_file
from core.models import ExchangeRate, LegalEntity, StoredFile, User
from customers.models import Customer
from invoicing.actions import cancel_invoice, store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.errors import NotIssued
from invoicing.drafts import DraftLine
from invoicing.models import Invoice, TaxRate
from invoicing.papers.printable import printable_credit_notes, printable_invoices
from invoicing.papers.rendering import html_of_credit_note, html_of_invoice
from ledger.models import JournalLine, OpenItem

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is missing"),
]
Line = Callable[..., DraftLine]
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]
HOSTILE = "<script>alert(1)</script><b>Bold</b> & “Sons”"


@pytest.fixture(scope="module", autouse=True)
def fonts() -> None:
    """Inter in fixed weights."""
    call_command("build_ui", verbosity=0)


def told_by(tool: str, stored: StoredFile, *options: str) -> str:
    """What one of poppler's tools says about a PDF."""
    with NamedTemporaryFile(suffix=".pdf") as target:
        target.write(stored.read())
        target.flush()
        output = ["-"] if tool == "pdftotext" else []
        done = subprocess.run([tool, *options, target.name, *output], capture_output=True, check=True)
    return done.stdout.decode()


def words_of(stored: StoredFile) -> str:
    return re.sub(r"\s+", " ", told_by("pdftotext", stored, "-layout"))


@pytest.fixture
def stored(clerk: User) -> Callable[[Invoice], StoredFile]:
    return lambda invoice: store_invoice_pdf(by=clerk, invoice=invoice)


def test_it_shows_the_figures_of_the_ledger(
    acme: Customer, issued: Issued, stored: Callable[[Invoice], StoredFile], line: Line, reduced: TaxRate
) -> None:
    invoice = issued(acme, line("412.50", quantity=14), line("38", quantity=3, tax_rate=reduced), purchase_order="PO 9")

    text = words_of(stored(invoice))

    owed = OpenItem.objects.get(pk=invoice.item_id).amount
    taxes = JournalLine.objects.filter(entry=invoice.entry, account__role="output_tax").values_list("credit", flat=True)
    for amount in (owed, *taxes, invoice.net):
        assert f"{amount:,.2f}" in text
    for said in ("INV-2026-000001", "PO 9", "4 May 2026", "3 June 2026", "Acme Hotels", "Company 01234567"):
        assert said in text
    assert invoice.reference in text.replace(" ", "")


def test_it_is_tagged_and_brings_its_fonts(
    acme: Customer, issued: Issued, stored: Callable[[Invoice], StoredFile]
) -> None:
    made = stored(issued(acme))

    assert re.search(r"Tagged:\s+yes", told_by("pdfinfo", made))
    fonts = [row.split() for row in told_by("pdffonts", made).splitlines()[2:]]
    assert fonts
    assert all("Inter" in row[0] and "yes" in row for row in fonts)
    assert made.size < 80_000


def test_many_lines_carry_their_sum_from_page_to_page(
    acme: Customer, issued: Issued, stored: Callable[[Invoice], StoredFile], line: Line
) -> None:
    made = stored(issued(acme, *(line("10", description=f"Thing {number}") for number in range(60))))

    pages = told_by("pdftotext", made, "-layout").split("\f")[:-1]
    carried = [re.search(r"Carried forward\s+([\d.,]+)", page) for page in pages]
    brought = [re.search(r"Brought forward\s+([\d.,]+)", page) for page in pages]
    assert len(pages) >= 3
    assert brought[0] is None
    assert carried[-1] is None
    assert [one[1] for one in carried if one] == [one[1] for one in brought if one]
    assert all("Description" in page and "Unit price" in page for page in pages)
    assert "Page 2 of" in pages[1]


@pytest.mark.parametrize(
    ("language", "currency", "said"),
    [
        ("de", "EUR", ("Rechnung", "1.200,00 €", "USt 20 %", "Fällig am")),
        ("fr", "EUR", ("Facture", "Échéance", "TVA à 20")),
        ("es", "EUR", ("Factura", "Vencimiento", "IVA al 20")),
        ("en", "JPY", ("Invoice", "1,200", "VAT in GBP at a rate of 0.5")),
        ("en", "KWD", ("1,200.000",)),
    ],
)
def test_each_language_and_currency_is_written_its_own_way(
    customer: Made,
    issued: Issued,
    stored: Callable[[Invoice], StoredFile],
    line: Line,
    may: Callable[[int], date],
    language: str,
    currency: str,
    said: tuple[str, ...],
) -> None:
    ExchangeRate.objects.create(
        from_currency=currency, to_currency="GBP", on=may(1), rate=Decimal("0.5"), source="Test"
    )
    text = words_of(stored(issued(customer("Halle", currency=currency, language=language), line("1000"))))

    assert [part for part in said if part not in text.replace("\u202f", " ").replace("\xa0", " ")] == []


def test_a_credit_note_names_what_it_corrects(
    acme: Customer, manager: User, issued: Issued, may: Callable[[int], date]
) -> None:
    note = cancel_invoice(
        by=manager, invoice=issued(acme), issued_on=may(9), reason_code="duplicate", reason="Billed twice"
    )

    text = words_of(store_credit_note_pdf(by=manager, credit_note=note))

    for said in ("Credit note", "CN-2026-00001", "INV-2026-000001 of 4", "Billed twice", "£120.00"):
        assert said in text


def test_it_is_made_once_whatever_changes_later(
    acme: Customer, issued: Issued, stored: Callable[[Invoice], StoredFile], uk: LegalEntity
) -> None:
    invoice = issued(acme)
    first = stored(invoice)
    Customer.objects.filter(pk=acme.pk).update(name="Somebody Else")
    LegalEntity.objects.filter(pk=uk.pk).update(name="Somebody Else")

    again = stored(Invoice.objects.select_related("entity").get(pk=invoice.pk))

    assert (first.pk, first.sha256) == (again.pk, again.sha256)


def test_html_in_any_text_stays_text(
    customer: Made, manager: User, issued: Issued, line: Line, uk: LegalEntity, may: Callable[[int], date]
) -> None:
    LegalEntity.objects.filter(pk=uk.pk).update(name=HOSTILE, legal_name=HOSTILE, address_lines=HOSTILE)
    hostile = customer("Hostile")
    Customer.objects.filter(pk=hostile.pk).update(name=HOSTILE)
    invoice = issued(hostile, line("1", description=HOSTILE, detail=HOSTILE), text=HOSTILE, purchase_order=HOSTILE[:60])
    note = cancel_invoice(by=manager, invoice=invoice, issued_on=may(9), reason_code="other", reason=HOSTILE)

    for html in (
        html_of_invoice(printable_invoices().get(pk=invoice.pk)),
        html_of_credit_note(printable_credit_notes().get(pk=note.pk)),
    ):
        assert "<script" not in html
        assert "<b>" not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://localhost/", "https://example.com/x.png", "ftp://x"])
def test_a_document_fetches_nothing(address: str) -> None:
    with pytest.raises(core_pdf.NotFetched):
        core_pdf._fetcher().fetch(address)
    made = core_pdf.render_pdf(f'<html lang="en"><title>x</title><img src="{address}" alt="x"><p>y</p>')
    assert made.startswith(b"%PDF")


def test_a_stored_logo_is_shown(
    acme: Customer, uk: LegalEntity, clerk: User, issued: Issued, stored: Callable[[Invoice], StoredFile], png: bytes
) -> None:
    uk.logo = store_file(clerk, uk, "logo.png", png)
    uk.save()

    text = told_by("pdfimages", stored(issued(acme)), "-list") if shutil.which("pdfimages") else "image"

    assert text.count("image") >= 2


def test_a_draft_has_a_preview_and_no_stored_pdf(
    acme: Customer, clerk: User, drafted: Issued, line: Line, books: LegalEntity
) -> None:
    draft = drafted(acme, line("5"))

    assert "Draft, not an invoice" in html_of_invoice(printable_invoices().get(pk=draft.pk))
    with pytest.raises(NotIssued):
        store_invoice_pdf(by=clerk, invoice=draft)


def test_who_does_not_see_invoices_gets_no_pdf(
    acme: Customer, administrator: User, stranger: User, issued: Issued
) -> None:
    invoice = issued(acme)
    for person in (administrator, stranger):
        with pytest.raises(NotAllowed):
            store_invoice_pdf(by=person, invoice=invoice)


def test_without_pango_there_is_a_sentence_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError("cannot load library 'libpangoft2'")

    core_pdf._engine.cache_clear()
    monkeypatch.setattr(core_pdf, "import_module", missing)
    with pytest.raises(core_pdf.PdfUnavailable, match="apt-get install libpango"):
        core_pdf.render_pdf("<p>x</p>")
    core_pdf._engine.cache_clear()
