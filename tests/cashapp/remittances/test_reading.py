"""Remittances of our own writing: every kind, what each says, and what is refused."""

from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO

import pytest
from weasyprint import HTML
from xlsxwriter import Workbook

from ar_collections.reasons import DeductionReason
from cashapp.remittances import Advice, CodeList, StatedDeduction, read_remittances, read_text
from cashapp.remittances.meaning import reason_of
from core.errors import Refused

BAI1 = "\n".join(
    [
        "100" + "FIRSTMIDW ".ljust(10) + "HARBORLINE" + "260918" + "0900",
        "2" + "HARBORLINE" * 2,
        "5001000" + "0008841" + "260918" + "X" * 20,
        "6001001"
        + "0000425000"
        + "021000021"
        + "0012345678"
        + "0000882104"
        + "091626"
        + "NORTHWIND RETAIL CO".ljust(30),
        "4001001601" + "9" + "INV-10481 4250.00",
        "6001002" + "0000300000" + "021000021" + "0098765432" + "0000000777" + "091626" + "PINNACLE GROCERS".ljust(30),
        "4001002601" + "0" + "INV-10550   0000100000",
        "4001002602" + "9" + "INV-10558   0000200000",
        "7001000" + "0008841" + "260918" + "002" + "0000725000",
        "9",
    ]
)
TABLE = """Payer;Castle Fibre Ltd
Payment reference;PAY-77001
Invoice no;Invoice date;Gross;Skonto;Deduction;Reason;Net
INV-1001;01.05.2026;1.200,00;24,00;;;1.176,00
INV-1002;02.05.2026;600,00;;-50,00;damaged;550,00
CN-17;03.05.2026;-100,00;;;;-100,00
Total;;;;;;1.626,00
"""
PASTED = """Dear Sir or Madam,

we have paid 1,650.00 GBP today for

  Invoice        Date         Gross      Discount        Net
  INV-1001       01/05/2026   1,200.00      24.00    1,176.00
  INV-1002       02/05/2026     500.00       0.00      500.00
  CN-17          03/05/2026     -26.00       0.00      -26.00
  Total                                              1,650.00

Yours, Castle Fibre Ltd
"""
X12 = "ST*820*1~BPR*C*{total}*C*ACH*CTX*01*1*DA*2*3**01*4*DA*5*20260512~TRN*1*T-4711~{lines}SE*{count}*1~"


def paid(advice: Advice) -> dict[str, str]:
    return {line.number: f"{line.net:.2f}" for line in advice.lines}


def x12(total: str, *lines: str) -> Advice:
    body = "".join(f"{line}~" for line in lines)
    (advice,) = read_text(X12.format(total=total, lines=body, count=len(lines) + 4))
    return advice


def test_every_cheque_of_a_lockbox_with_the_documents_on_its_stub() -> None:
    one, other = read_text(BAI1)

    assert (one.payer, one.trace, one.total, one.paid_on) == (
        "NORTHWIND RETAIL CO", "882104", Decimal("4250.00"), date(2026, 9, 18),
    )  # fmt: skip
    assert (paid(one), paid(other)) == ({"INV-10481": "4250.00"}, {"INV-10550": "1000.00", "INV-10558": "2000.00"})
    assert one.findings == ()


def test_a_lockbox_whose_batch_does_not_add_up_says_so() -> None:
    one, _ = read_text(BAI1.replace("0000725000", "0000725001"))

    assert one.findings == ("Batch 001 says 7,250.01 and its cheques come to 7,250.00.",)


def test_a_table_by_its_headings_in_the_payers_language() -> None:
    (advice,) = read_text(TABLE, "Avis.csv")

    assert (advice.payer, advice.trace, advice.total) == ("Castle Fibre Ltd", "PAY-77001", Decimal("1626.00"))
    first, second, third = advice.lines
    assert (first.gross, first.discount, first.paid) == (Decimal("1200.00"), Decimal("24.00"), Decimal("1176.00"))
    assert second.deductions == (StatedDeduction(Decimal("50.00"), words="damaged"),)
    assert (third.number, third.paid, first.dated_on) == ("CN-17", Decimal("-100.00"), date(2026, 5, 1))


def test_a_workbook_with_one_payment_for_each_number_in_a_column() -> None:
    target = BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [["Payment no", "Invoice", "Amount"], ["P-1", "INV-1", 100.5], ["P-2", "INV-2", 20], ["P-1", "INV-3", 9.5]]
        ):
            sheet.write_row(number, 0, row)
    one, other = read_remittances(target.getvalue(), "payments.xlsx")

    assert (one.trace, one.total, paid(one)) == ("P-1", Decimal(110), {"INV-1": "100.50", "INV-3": "9.50"})
    assert (other.trace, other.total) == ("P-2", Decimal(20))


def test_a_pasted_table_with_its_total() -> None:
    (advice,) = read_text(PASTED)

    assert (advice.total, advice.currency) == (Decimal("1650.00"), "GBP")
    assert paid(advice) == {"INV-1001": "1176.00", "INV-1002": "500.00", "CN-17": "-26.00"}
    assert advice.lines[0].discount == Decimal("24.00")


def test_a_pdf_as_it_is_laid_out() -> None:
    page = f"<pre>{PASTED}</pre>"
    (advice,) = read_remittances(HTML(string=page).write_pdf() or b"", "advice.pdf")

    assert (advice.file_format, advice.total) == ("PDF", Decimal("1650.00"))
    assert paid(advice)["INV-1001"] == "1176.00"


def test_what_is_attached_to_a_mail_goes_before_what_it_says() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = '"Castle, Payables" <ap@castle.example>', "cash@x.example", "Payment"
    mail["Date"] = "Tue, 12 May 2026 09:00:00 +0100"
    mail.set_content("See the table. Ref 20260512.")
    mail.add_attachment(
        b"Invoice,Amount\nINV-1,100.00\nINV-2,50.00\n", maintype="text", subtype="csv", filename="a.csv"
    )
    (advice,) = read_remittances(mail.as_bytes(), "mail.eml")

    assert (advice.payer, advice.paid_on) == ("Castle, Payables", date(2026, 5, 12))
    assert (advice.file_format, advice.total) == ("CSV", Decimal("150.00"))


def test_a_mail_of_html_is_read_by_its_table() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ap@castle.example", "Payment"
    rows = "<tr><th>Invoice</th><th>Amount</th></tr><tr><td>INV-1001</td><td>$1,100.00</td></tr>"
    mail.set_content(f"<p>We paid</p><style>td{{x:1}}</style><table>{rows}</table>", subtype="html")
    (advice,) = read_remittances(mail.as_bytes(), "mail.eml")

    assert (advice.total, paid(advice)) == (Decimal("1100.00"), {"INV-1001": "1100.00"})


def test_a_sentence_says_which_document_gets_how_much() -> None:
    (advice,) = read_text(
        "Payer: A\nRemitting: 1,500.00\nInvoices: INV-580, INV-581\nPlease put $1,100.00 to INV-580.\n"
    )

    assert [(line.number, line.paid) for line in advice.lines] == [("INV-580", Decimal("1100.00")), ("INV-581", None)]


def test_deductions_of_an_820_with_their_sign_either_way() -> None:
    for sign in ("-", ""):
        advice = x12("900", "RMR*IV*INV-1**900*1000", f"ADX*{sign}100*04")
        assert advice.lines[0].deductions == (StatedDeduction(Decimal(100), "04", CodeList.X12),), sign


def test_an_adjustment_that_explains_nothing_is_told_and_not_believed() -> None:
    advice = x12("900", "RMR*IV*INV-1**900*1000", "ADX*-30*04")

    assert advice.lines[0].deductions == ()
    assert advice.findings == ("INV-1: the adjustments do not explain why 900 of 1000 are paid.",)


def test_a_credit_note_without_its_minus_gets_it_where_the_total_says_so() -> None:
    assert paid(x12("80", "RMR*IV*INV-1**100", "RMR*CM*CN-1**20")) == {"INV-1": "100.00", "CN-1": "-20.00"}
    assert paid(x12("120", "RMR*IV*INV-1**100", "RMR*CM*CN-1**20")) == {"INV-1": "100.00", "CN-1": "20.00"}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (StatedDeduction(Decimal(1), "01", CodeList.X12), DeductionReason.PRICE),
        (StatedDeduction(Decimal(1), "4", CodeList.X12), DeductionReason.SERVICE),
        (StatedDeduction(Decimal(1), "06", CodeList.X12), DeductionReason.QUANTITY),
        (StatedDeduction(Decimal(1), "11", CodeList.EDIFACT), DeductionReason.BANK_CHARGE),
        (StatedDeduction(Decimal(1), "4", CodeList.EDIFACT), DeductionReason.QUANTITY),
        (StatedDeduction(Decimal(1), "freight", CodeList.OWN), DeductionReason.FREIGHT),
        (StatedDeduction(Decimal(1), "ZZ", CodeList.X12, "27 cartons crushed"), DeductionReason.SERVICE),
        (StatedDeduction(Decimal(1), words="Shortage on the brake hardware"), DeductionReason.QUANTITY),
        (StatedDeduction(Decimal(1), words="Frachtkosten"), DeductionReason.FREIGHT),
        (StatedDeduction(Decimal(1), words="as agreed"), DeductionReason.UNKNOWN),
    ],
)
def test_a_code_means_one_of_our_reasons_and_words_do_where_there_is_none(
    told: StatedDeduction, reason: DeductionReason
) -> None:
    assert reason_of(told) == reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"Hello, thank you for everything.", "names no document and no amount"),
        (b"%PDF-1.7\nnothing", "damaged PDF"),
        (b"PK\x03\x04nothing", "damaged workbook"),
        (b"ST*820*1~BPR*C*12x*C~SE*3*1~", "segment 2 (BPR): “12x” is no amount"),
        (b"ST*820*1~BPR*C*12*C~", "breaks off"),
        (b"ST*850*1~SE*2*1~", "neither an 820 nor an 823. It holds 850"),
        (b"ISA*00*", "is not whole"),
        (b"UNB+UNOC:3'UNH+1+ORDERS:D:96A:UN'UNT+2+1'", "no remittance advice (REMADV). It holds ORDERS"),
        (b"UNH+1+REMADV:D'MOA+12:x'UNT+3+1'", "“x” is no amount"),
        (b"Invoice;Amount\nINV-1;12,3,4\n", "row 2: “12,3,4” is no amount"),
        (b"\x00\x01\x02\x03" * 50, "is no text, table or PDF"),
    ],
)
def test_what_tells_of_no_payment_is_refused_with_the_place(content: bytes, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_remittances(content, "file")

    assert words in refused.value.message
