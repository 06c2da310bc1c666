"""The statement on paper and as a workbook."""

import subprocess
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from ar_collections.papers.rendering import file_name, html_of_statement, pdf_of_statement, workbook_of_statement
from ar_collections.queries import customer_statement
from core.models import BankAccount, User
from customers.models import Customer
from tests.collections.books import Books, brightwater

TODAY = date(2026, 11, 20)


def text_of(pdf: bytes) -> str:
    """Every page's text on one line, so that it doesn't matter where lines break."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def statement_pdf(customer: Customer, starts_on: date | None = None) -> bytes:
    return pdf_of_statement(customer_statement(customer=customer, as_of=TODAY, starts_on=starts_on))


def test_the_pdf_is_tagged_small_and_says_what_the_ledger_says(account: Books, hotels: Customer) -> None:
    brightwater(account)
    pdf = statement_pdf(hotels)
    reader, text = PdfReader(BytesIO(pdf)), text_of(pdf)

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"  # type: ignore[index]
    assert len(reader.pages) == 1
    assert len(pdf) < 80_000
    for figure in ("£32,271.40", "£45,147.00", "−1,250.00", "16,549.00", "20-13-42", "RF98 C104 20", "Page 1 of 1"):
        assert figure in text, figure
    assert "Bath BA1 5EX" in text


def test_every_font_is_embedded(account: Books, hotels: Customer, tmp_path: Path) -> None:
    brightwater(account)
    path = tmp_path / "statement.pdf"
    path.write_bytes(statement_pdf(hotels))
    try:
        listed = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        pytest.skip("pdffonts is missing: apt-get install poppler-utils")

    fonts = [line.split() for line in listed.splitlines()[2:]]
    assert fonts and all("Inter" in font[0] and font[-5] == "yes" for font in fonts)


def test_long_lists_run_over_pages_with_heads_and_carried_balances(account: Books, hotels: Customer) -> None:
    for number in range(80):
        account.invoice(f"INV-{number:04d}", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    pages = [page.extract_text() for page in PdfReader(BytesIO(statement_pdf(hotels))).pages]

    assert len(pages) >= 3
    assert all("Your order" in page for page in pages[: len(pages) - 1])
    assert "Carried forward" in pages[0] and "Brought forward" not in pages[0]
    assert "Brought forward" in pages[1] and "Carried forward" not in pages[-1]
    assert "£8,000.00" in pages[-1] or "£8,000.00" in pages[-2]


def test_each_currency_begins_on_a_page_of_its_own(account: Books, hotels: Customer) -> None:
    account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    account.invoice("INV-2", "200.00", date(2026, 5, 4), date(2026, 6, 3), currency="EUR", rate="0.85")
    pages = [page.extract_text() for page in PdfReader(BytesIO(statement_pdf(hotels))).pages]

    assert len(pages) == 2
    assert "British Pound" in pages[0] and "20-13-42" in pages[0] and "INV-2" not in pages[0]
    assert "Euro" in pages[1] and "DE89 3704 0044 0532 0130 00" in pages[1] and "INV-1" not in pages[1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Statement", "Overdue now", "Not yet applied", "Since 1 November 2026", "£45,147.00"]),
        ("de", ["Kontoauszug", "Jetzt überfällig", "Noch nicht verrechnet", "Seit 1. November 2026", "45.147,00 £"]),
        ("fr", ["Relevé de compte", "Échu à ce jour", "Non imputé", "Depuis le 1 novembre 2026"]),
        ("es", ["Extracto de cuenta", "Vencido ahora", "Sin aplicar", "Desde el 1 de noviembre de 2026"]),
    ],
)
def test_it_speaks_the_customers_language(account: Books, hotels: Customer, language: str, words: list[str]) -> None:
    brightwater(account)
    Customer.objects.filter(pk=hotels.pk).update(language=language)
    hotels.refresh_from_db()
    text = text_of(statement_pdf(hotels, starts_on=date(2026, 11, 1)))

    for word in words:
        assert word in text, word


def test_without_an_account_in_the_currency_the_page_says_whom_to_ask(account: Books, hotels: Customer) -> None:
    BankAccount.objects.all().delete()
    brightwater(account)

    assert "Ask us for the account to pay into: accounts@brightwater.example" in text_of(statement_pdf(hotels))


def test_an_empty_account_is_thanked_and_asked_for_nothing(hotels: Customer) -> None:
    text = text_of(statement_pdf(hotels))

    assert "Nothing is open on this account" in text
    assert "Scan to pay" not in text


def test_names_are_text_whatever_they_contain(new_customer: Callable[..., Customer], system: User) -> None:
    customer = new_customer("C-9", "<script>alert(1)</script> & Söhne")
    Books(system, customer).invoice("<b>1</b>", "100.00", date(2026, 5, 4), date(2026, 6, 3), order="=2+2")
    statement = customer_statement(customer=customer, as_of=TODAY)

    page = html_of_statement(statement)
    assert "<script>" not in page and "<b>1</b>" not in page
    [sheet] = CalamineWorkbook.from_filelike(BytesIO(workbook_of_statement(statement))).sheet_names
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(workbook_of_statement(statement))).get_sheet_by_name(sheet).to_python()
    )
    assert any("=2+2" in row for row in rows)


def test_very_large_amounts_and_amounts_without_decimals_fit(account: Books, hotels: Customer) -> None:
    account.invoice("INV-1", "123456789012.34", date(2026, 5, 4), date(2026, 6, 3))
    account.invoice("INV-2", "9876543210", date(2026, 5, 4), date(2026, 6, 3), currency="JPY", rate="0.005")
    text = text_of(statement_pdf(hotels))

    assert "£123,456,789,012.34" in text
    assert "JP¥9,876,543,210" in text and "9,876,543,210.00" not in text


def test_the_workbook_has_real_figures_and_dates(account: Books, hotels: Customer) -> None:
    brightwater(account)
    statement = customer_statement(customer=hotels, as_of=TODAY, starts_on=date(2026, 11, 1))
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of_statement(statement)))

    assert book.sheet_names == ["Open items GBP", "Debit, Credit GBP"]
    rows = book.get_sheet_by_name("Open items GBP").to_python()
    head = next(index for index, row in enumerate(rows) if row[0] == "Date")
    first = rows[head + 1]
    assert first[0] == date(2026, 7, 26) and first[1] == "INV-24120"
    assert [first[6], first[8]] == [7488.0, 7488.0]
    assert ["As at", "20 November 2026"] == rows[2][:2]
    moved = book.get_sheet_by_name("Debit, Credit GBP").to_python()
    assert moved[-1][-1] == 45147.0 or any(row[-1] == 45147.0 for row in moved)


def test_the_file_is_named_after_company_customer_and_day(hotels: Customer) -> None:
    hotels.code = "C/1"
    statement = customer_statement(customer=hotels, as_of=TODAY)

    assert file_name(statement, "pdf") == "statement-UK-C-1-2026-11-20.pdf"
