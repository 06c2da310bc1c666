"""Several remittances for one sum of the bank, and a payer's own table read as a person says."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cashapp.actions.remittances import save_remittance_mapping, take_in_remittance, untie_remittance
from cashapp.errors import AlreadyTied
from cashapp.models import BankStatementLine, Receipt, Remittance, RemittanceMapping, RemittanceTie
from cashapp.remittances import RemittanceRefused
from cashapp.remittances.mapping import RemittanceColumns, guessed_columns, table_rows
from core.errors import NotAllowed
from core.models import StoredFile, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]
OWN_TABLE = b"Zahllauf;Beleg Kd;Unser Ref;Kontobewegung\nRUN-88;INV-1001;A;120,00\nRUN-88;INV-1002;B;80,00\n"


def ties_of(line: BankStatementLine) -> list[str]:
    return [tie.words for tie in RemittanceTie.objects.filter(line=line, ended_at=None).order_by("pk")]


def test_all_that_a_payer_sent_for_one_sum_is_tied_and_booked_together(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    items = [invoice(castle, f"INV-100{place}", amount, may(1)) for place, amount in ((1, "120.00"), (2, "80.00"))]
    one = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-11")
    told("Invoices: INV-1002", payer=castle.name, total="80.00", on="2026-05-12")
    line = bank_line("200.00", on=may(12), payer="CASTLE FIBRE LTD")

    matched(line)

    assert ties_of(line) == ["payer, date and sum, with 1 more"] * 2
    assert open_amounts(items) == ["0.00", "0.00"] and Receipt.objects.get().item.open_amount == 0
    with pytest.raises(AlreadyTied, match="is booked by it"):
        untie_remittance(by=clerk, remittance=one, reason="Wrong")


def test_a_third_one_that_is_left_over_keeps_all_of_them_apart_and_a_number_ties_its_own(
    castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    for number, amount in (("INV-1001", "120.00"), ("INV-1002", "80.00"), ("INV-1003", "55.00")):
        told(f"Invoices: {number}", payer=castle.name, total=amount, on="2026-05-12")
    line = bank_line("200.00", on=may(12), payer="CASTLE FIBRE LTD")
    matched(line)
    assert ties_of(line) == [] and open_amounts([item]) == ["120.00"]

    for number, amount in (("INV-2001", "30.00"), ("INV-2002", "45.00")):
        told(f"Invoices: {number}", payer="Castle", trace="TRC-778899", total=amount, on="2026-05-12")
    numbered = bank_line("75.00", "TRC-778899", on=may(12), payer="SOMEBODY")
    matched(numbered)
    assert ties_of(numbered) == ["its payment number, with 1 more"] * 2


def test_remittances_that_come_after_their_money_find_it_together(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    items = [invoice(castle, f"INV-100{place}", amount, may(1)) for place, amount in ((1, "121.00"), (2, "82.50"))]
    line = bank_line("203.50", "PAYMENT RUN", on=may(12), payer="CASTLE FIBRE LTD")
    matched(line)
    told("Invoices: INV-1001", payer=castle.name, total="121.00", on="2026-05-12")
    assert ties_of(line) == []
    told("Invoices: INV-1002", payer=castle.name, total="82.50", on="2026-05-13")
    assert len(ties_of(line)) == 2 and open_amounts(items) == ["0.00", "0.00"]


def test_a_table_in_the_payers_own_words_is_read_as_nora_says_and_from_then_on_by_itself(
    signed_in: Callable[[User], Client], clerk: User, castle: Customer, invoice: Make, may: Day
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    nora = signed_in(clerk)
    file = SimpleUploadedFile("lauf.csv", OWN_TABLE)
    page = nora.post(reverse("cashapp:upload_remittance"), {"file": file}, follow=True).content.decode()
    kept = StoredFile.objects.get()
    assert "What each column means" in page and "Beleg Kd" in page

    said = {"header_row": "1", "number": "Beleg Kd", "paid": "Kontobewegung", "trace": "Zahllauf", "decimal": ","}
    address = reverse("cashapp:preview_remittance", args=[kept.pk])
    shown = nora.post(address, said, headers={"HX-Request": "true"}).content.decode()
    assert "1 payment in this file" in shown and "payment RUN-88" in shown and "<html" not in shown
    assert "say which column names the document" in nora.post(address, {**said, "number": ""}).content.decode()
    nora.post(reverse("cashapp:take_in_remittance", args=[kept.pk]), {**said, "name": "Castle’s runs"})

    remittance = Remittance.objects.get()
    assert (remittance.trace, remittance.total) == ("RUN-88", 200)
    assert [line.number for line in remittance.lines.all()] == ["INV-1001", "INV-1002"]
    later = OWN_TABLE.replace(b"RUN-88", b"RUN-89")
    (taken,) = take_in_remittance(by=clerk, entity=castle.entity, name="lauf2.csv", content=later)
    assert (taken.is_new, taken.remittance.trace) == (True, "RUN-89")


def test_who_may_not_keep_columns_and_what_has_none(clerk: User, auditor: User, castle: Customer) -> None:
    columns = RemittanceColumns({"number": "Beleg Kd", "paid": "Kontobewegung"})
    with pytest.raises(NotAllowed):
        save_remittance_mapping(by=auditor, entity=castle.entity, name="Castle", columns=columns)
    with pytest.raises(RemittanceRefused, match="a name, such as the payer"):
        save_remittance_mapping(by=clerk, entity=castle.entity, name=" ", columns=columns)
    for _ in range(2):
        save_remittance_mapping(by=clerk, entity=castle.entity, name="Castle", columns=columns)
    assert RemittanceMapping.objects.count() == 1
    assert table_rows(b"Dear all,\nwe paid.\n", "mail.txt") == []
    rows = table_rows(b"Run of May\nInvoice;Foo;Amount\nINV-1;x;5.00\n", "a.csv")
    assert guessed_columns(rows).columns == {"number": "Invoice", "paid": "Amount"}
