"""Reading structured invoices: what we wrote, what others wrote, and what somebody means ill with."""

from pathlib import Path

import pytest

from core.pdf import render_pdf
from invoicing.einvoices.fields import UnreadableInvoice, number_in
from invoicing.einvoices.reading import LARGEST_XML, read_invoice
from tests.shared import shared_files

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE, BASIC = f"{SCHEMA}Invoice-2", f"{SCHEMA}CommonBasicComponents-2"
EUR = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
SAMPLES = [
    path
    for folder in ("en16931", "other", "peppol", "xrechnung", "zugferd")
    for path in shared_files(f"data/einvoice/{folder}/*")
]
NOT_OURS = ("fpa__", "ZUGFeRDv1", "edifact")
MINIMUM = "MINIMUM"  # says what is due, but not what was paid before


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_read_or_refused_with_a_sentence(path: Path) -> None:
    content = path.read_bytes()
    if any(mark in path.name for mark in NOT_OURS):
        with pytest.raises(UnreadableInvoice, match=r"ZUGFeRD 1\.0|FatturaPA|no invoice that is read|no XML"):
            read_invoice(content)
        return

    read = read_invoice(content)

    assert read.net + read.tax == read.gross
    if MINIMUM not in path.name:
        assert read.gross - read.prepaid + read.rounding == read.payable
    assert read.lines_net - read.allowances + read.charges == read.net
    if read.lines:
        assert sum(line.net for line in read.lines) == read.lines_net


def small(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<Invoice xmlns="{INVOICE}" xmlns:cbc="{BASIC}">{body}</Invoice>'.encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear Sirs, please pay.", "no XML"),
        (b"<note/>", "<note> is no invoice"),
        (small("&x;", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "document type"),
        (small("&b;", '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'), "document type"),
        (small("<cbc:ID>1</cbc:ID>"), "no currency"),
        (small("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"), "no date"),
        (small(f"{EUR}<cbc:IssueDate>2026-02-30</cbc:IssueDate>"), "“2026-02-30” is no day"),
        (b"<x>" + b" " * LARGEST_XML + b"</x>", "up to 10 are read"),
        (b"%PDF-1.7 and then nothing", "damaged"),
    ],
)
def test_what_is_no_invoice_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableInvoice, match=said):
        read_invoice(content)


@pytest.mark.parametrize("written", ["1e9", "NaN", "1,5", "0x10", "--1", "9" * 40])
def test_an_amount_is_a_number_or_a_refusal(written: str) -> None:
    with pytest.raises(UnreadableInvoice, match="is no number"):
        number_in(written)


def test_a_pdf_without_data_says_so() -> None:
    with pytest.raises(UnreadableInvoice, match="carries no data of an invoice"):
        read_invoice(render_pdf('<html lang="en"><title>x</title><p>Invoice</p>'))
