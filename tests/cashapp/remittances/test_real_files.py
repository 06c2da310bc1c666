"""Remittances of real senders are read to the cent, and what is odd about them is said."""

from datetime import date
from decimal import Decimal

import pytest

from cashapp.remittances import Advice, CodeList, read_remittances
from tests.shared import shared_path


def read(name: str) -> Advice:
    path = shared_path(f"data/remittance/{name}")
    (advice,) = read_remittances(path.read_bytes(), path.name)
    return advice


def named(advice: Advice) -> dict[str, str | None]:
    """What each document gets; None where it isn't told."""
    return {line.number: None if line.paid is None else f"{line.paid:.2f}" for line in advice.lines}


def test_two_invoices_in_an_820() -> None:
    advice = read("edi820/harborline_EDI-820-20260918-VM.edi")

    assert (advice.payer, advice.payer_code) == ("VERTEX MANUFACTURING LLC", "VM-30881")
    assert (advice.trace, advice.paid_on, advice.total) == ("820-20260918-VM", date(2026, 9, 18), Decimal("11050.00"))
    assert named(advice) == {"INV-10530": "8900.00", "INV-10531": "2150.00"}
    assert [line.purchase_order for line in advice.lines] == ["VM-77421", "VM-77455"]
    assert advice.findings == ("Set 0001 says that it has 14 segments and has 12.",)


def test_adjustments_that_only_make_up_an_amount_are_no_deductions() -> None:
    advice = read("edi820/acme_group_premium.edi")

    (line,) = advice.lines
    assert (line.paid, line.gross, line.deductions) == (Decimal("12450.75"), Decimal("12450.75"), ())
    assert "EMPLOYEE LIFE PREMIUM 8500.00" in line.note


def test_an_820_whose_lines_come_to_less_than_its_total() -> None:
    advice = read("edi820/edifabric_PaymentOrder.edi")

    assert (advice.total, advice.stated_sum) == (Decimal(19000), Decimal(16750))
    assert (advice.payer, advice.paid_on) == ("ABC PLASTICS", date(2007, 5, 16))


def test_a_lockbox_in_an_823() -> None:
    advice = read("edi823/sample_823.edi")

    assert (advice.payer, advice.trace, advice.total) == ("PAYER", "PAYMENT1", Decimal(5000))
    assert (advice.paid_on, named(advice)) == (date(2020, 1, 1), {"INV100": "5000.00"})


def test_a_remadv_with_a_deduction_and_its_reason() -> None:
    advice = read("edifact_remadv/mega_retail_RM-2026-0031.edi")

    (line,) = advice.lines
    (kept,) = line.deductions
    assert (advice.payer, advice.currency, advice.total) == ("MEGA RETAIL AS", "EUR", Decimal("1460.00"))
    assert (advice.reference, advice.paid_on) == ("RM-2026-0031", date(2026, 2, 22))
    assert (line.number, line.gross, line.paid) == ("FT-2026-777", Decimal("1473.60"), Decimal("1460.00"))
    assert (kept.amount, kept.code, kept.code_list) == (Decimal("13.60"), "1", CodeList.EDIFACT)
    assert advice.findings == (), "its counts are right"


@pytest.mark.parametrize(
    ("name", "trace", "total", "number"),
    [
        ("harborline__LBX-20260918-014_exact.txt", "882104", "4250.00", "INV-10481"),
        ("harborline__LBX-20260918-088_overpayment.txt", "441902", "6100.00", "INV-10550"),
    ],
)
def test_a_stub_of_a_lockbox(name: str, trace: str, total: str, number: str) -> None:
    advice = read(f"lockbox_text/{name}")

    assert (advice.trace, advice.total, advice.paid_on) == (trace, Decimal(total), date(2026, 9, 18))
    assert named(advice) == {number: None}


def test_a_mail_that_keeps_something_back() -> None:
    advice = read("email/harborline__EML-20260919-CASCADE_short_pay.txt")

    (line,) = advice.lines
    (kept,) = line.deductions
    assert (advice.payer, advice.payer_code, advice.total) == (
        "Cascade Health Systems", "CH-22018", Decimal("11240.00"),
    )  # fmt: skip
    assert (advice.paid_on, advice.currency) == (date(2026, 9, 19), "USD")
    assert (line.number, line.purchase_order) == ("INV-10510", "CH-PO-4419")
    assert (kept.amount, kept.words) == (Decimal("1240.00"), "damaged cartons, POD exception on PO CH-PO-4419")
