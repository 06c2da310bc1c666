"""Remittances are taken in once, tied to one bank line and no other, taken apart, and given up."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ar_collections.models import Dispute
from cashapp.actions.receipts import post_receipt
from cashapp.actions.remittances import (
    give_up_remittance,
    take_in_remittance,
    tie_remittance,
    untie_remittance,
)
from cashapp.errors import AlreadyTied, ReasonMissing, WrongLine
from cashapp.models import BankStatementLine, Deduction, DeductionReason, MatchTask, Receipt, Remittance, RemittanceTie
from cashapp.money_in import Incoming
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]


def line_of(remittance: Remittance) -> BankStatementLine | None:
    tie = RemittanceTie.objects.filter(remittance=remittance, ended_at=None).first()
    return tie.line if tie else None


def doubts_of(line: BankStatementLine) -> str:
    return " · ".join(each["words"] for each in MatchTask.objects.get(line=line).evidence if each["kind"] == "doubt")


# Taking in -----------------------------------------------------------------------------------------------------------


def test_the_same_remittance_comes_in_once_whatever_the_file(
    clerk: User, uk: LegalEntity, castle: Customer, told: Make
) -> None:
    first = told("Invoices: INV-1", payer=castle.name, total="120.00")
    text = (
        f"Subject: forwarded\nFrom: colleague@x.example\n\nPayer: {castle.name}\nAmount paid: 120.00\nInvoices: INV-1\n"
    )
    again = told("Invoices: INV-1", payer=castle.name, total="120.00")
    (other,) = take_in_remittance(by=clerk, entity=uk, name="x.txt", content=text.replace("INV-1", "INV-2").encode())

    assert (again, other.is_new) == (first, True)
    assert Remittance.objects.count() == 2
    assert AuditEvent.objects.filter(event="remittance.taken_in").count() == 2


def test_it_knows_its_customer_and_documents(castle: Customer, invoice: Make, may: Day, told: Make) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1), purchase_order="PO-77")
    by_code = told("Invoices: inv 1001, INV-9", code="C-10001", total="5.00")
    by_order = told("PO: PO-77", payer=castle.name, total="120.00")

    assert (by_code.customer, by_code.is_certain) == (castle, True)
    assert (by_order.customer, by_order.is_certain) == (castle, False)
    assert [line.item for line in by_order.lines.all()] == [item]


def test_what_a_payer_said_never_changes(castle: Customer, told: Make) -> None:
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00")
    for change in (
        lambda: Remittance.objects.filter(pk=remittance.pk).update(total=1),
        lambda: remittance.lines.update(number="INV-2"),
        lambda: remittance.lines.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_amount_with_too_many_decimals_or_of_nothing_is_refused(told: Make) -> None:
    with pytest.raises(Exception, match="no money that comes in"):
        told("Invoices: INV-1001", total="-120.00")


def test_who_only_reads_takes_nothing_in(auditor: User, told: Make) -> None:
    with pytest.raises(NotAllowed):
        told("Invoices: INV-1001", by=auditor, total="1.00")


# Tying ---------------------------------------------------------------------------------------------------------------


def test_a_payment_number_ties_and_posts_what_the_text_of_the_bank_never_named(
    castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    items = [invoice(castle, f"INV-100{number}", "60.00", may(1)) for number in (1, 2)]
    remittance = told("Invoices: INV-1001, INV-1002", code="C-10001", trace="4711042", total="120.00", on="2026-05-09")
    line = bank_line("120.00", "CHQ 4711042", on=may(12))
    matched(line)

    assert (line_of(remittance), open_amounts(items)) == (line, ["0.00", "0.00"])
    task = MatchTask.objects.get(line=line)
    assert (task.rule, task.state) == ("remittance_and_sum", "matched")
    assert any("tied by its payment number" in each["words"] for each in task.evidence)


def test_total_payer_and_a_day_nearby_tie_but_not_a_week_later(
    castle: Customer, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    remittance = told("Invoices: INV-1001", payer="Castle Fibre Limited", total="120.00", on="2026-05-04")
    late, other = (
        bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD"),
        bank_line("120.00", on=may(5), payer="Z Ltd"),
    )
    matched(late, other)
    assert line_of(remittance) is None

    near = bank_line("120.00", on=may(8), payer="CASTLE FIBRE LTD")
    matched(near)
    assert line_of(remittance) == near


def test_two_lines_or_two_remittances_that_fit_are_tied_to_none(
    castle: Customer, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-12")
    first, second = (bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD") for _ in range(2))
    matched(first)
    matched(second)
    assert line_of(remittance) is None

    twins = [told(f"Invoices: INV-200{n}", payer=castle.name, total="75.00", on="2026-05-12") for n in (1, 2)]
    matched(bank_line("75.00", on=may(12), payer="CASTLE FIBRE LTD"))
    assert [line_of(each) for each in twins] == [None, None]


def test_money_on_account_is_applied_when_the_remittance_comes(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD")
    receipt = post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line))
    told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-12")

    receipt.item.refresh_from_db()
    assert (open_amounts([item]), receipt.item.open_amount) == (["0.00"], 0)
    assert Receipt.objects.count() == 1


def test_a_person_ties_what_was_too_far_apart(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-02")
    line = bank_line("120.00", on=may(20), payer="CASTLE FIBRE LTD")

    tie = tie_remittance(by=clerk, remittance=remittance, line=line)

    assert tie_remittance(by=clerk, remittance=remittance, line=line) == tie
    assert open_amounts([item]) == ["0.00"]
    assert AuditEvent.objects.filter(event="remittance.tied").count() == 1


def test_a_remittance_has_one_line_and_a_line_no_more_than_it_holds(
    clerk: User, auditor: User, castle: Customer, bank_line: Make, may: Day, told: Make
) -> None:
    one = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-02")
    other = told("Invoices: INV-1002", payer=castle.name, total="90.00", on="2026-05-02")
    line, second, out = bank_line("500.00", on=may(20)), bank_line("7.00", on=may(20)), bank_line("-7.00", on=may(20))
    tie_remittance(by=clerk, remittance=one, line=line)

    with pytest.raises(AlreadyTied, match="Take them apart first"):
        tie_remittance(by=clerk, remittance=one, line=second)
    third = told("Invoices: INV-1003", payer=castle.name, total="380.00", on="2026-05-02")
    tie_remittance(by=clerk, remittance=third, line=line)
    with pytest.raises(AlreadyTied, match="With .* they come to 590.00 GBP, and the bank booked 500.00 GBP"):
        tie_remittance(by=clerk, remittance=other, line=line)
    with pytest.raises(WrongLine, match="no money that came in"):
        tie_remittance(by=clerk, remittance=other, line=out)
    with pytest.raises(NotAllowed):
        tie_remittance(by=auditor, remittance=other, line=second)


def test_what_was_taken_apart_is_not_tied_again_by_itself(
    clerk: User, castle: Customer, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    remittance = told("Invoices: INV-9999", payer=castle.name, total="120.00", on="2026-05-12")
    line = bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD")
    matched(line)
    assert line_of(remittance) == line and "INV-9999 is no document of ours" in doubts_of(line)

    with pytest.raises(ReasonMissing):
        untie_remittance(by=clerk, remittance=remittance, reason=" ")
    untie_remittance(by=clerk, remittance=remittance, reason="Another month's")
    matched(line)

    assert line_of(remittance) is None
    assert AuditEvent.objects.get(event="remittance.untied").reason == "Another month's"


def test_what_is_booked_is_not_taken_apart(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-12")
    matched(bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD"))

    with pytest.raises(AlreadyTied, match="is booked by it as RC-2026-000001. Undo that first"):
        untie_remittance(by=clerk, remittance=remittance, reason="No")


def test_money_that_never_comes_is_given_up_and_then_not_waited_for(
    clerk: User, castle: Customer, bank_line: Make, may: Day, told: Make, matched: Make
) -> None:
    remittance = told("Invoices: INV-1001", payer=castle.name, total="120.00", on="2026-05-12")
    with pytest.raises(ReasonMissing):
        give_up_remittance(by=clerk, remittance=remittance, reason="")
    done = give_up_remittance(by=clerk, remittance=remittance, reason="Paid by the parent")

    assert give_up_remittance(by=clerk, remittance=remittance, reason="Again") == done
    matched(bank_line("120.00", on=may(12), payer="CASTLE FIBRE LTD"))
    assert line_of(remittance) is None
    with pytest.raises(AlreadyTied, match="was given up: Paid by the parent"):
        tie_remittance(by=clerk, remittance=remittance, line=BankStatementLine.objects.get())


# What is booked, and what waits --------------------------------------------------------------------------------------


@pytest.fixture
def stated(castle: Customer, invoice: Make, may: Day) -> dict[str, Any]:
    return {
        "one": invoice(castle, "INV-1001", "100.00", may(1)),
        "two": invoice(castle, "INV-1002", "50.00", may(2)),
    }


TABLE = "Invoice,Gross,Discount,Deduction,Reason code,Amount"


@pytest.mark.parametrize(
    ("total", "rows", "doubt"),
    [
        (
            "149.00",
            ["INV-1001,,,,,100.00", "INV-1002,,,,,50.00", "Total,,,,,149.00"],
            "about another sum than the bank",
        ),
        ("151.00", ["INV-1001,,,,,101.00", "INV-1002,,,,,50.00"], "INV-1001 has less open than the remittance pays"),
        ("150.00", ["INV-1001,,,,,100.00", "INV-1009,,,,,50.00"], "INV-1009 is no document of ours"),
        ("140.00", ["INV-1001,100.00,,5.00,PRICE,90.00", "INV-1002,,,,,50.00"], "does not explain what is missing"),
        ("140.00", ["INV-1001,110.00,,20.00,PRICE,90.00", "INV-1002,,,,,50.00"], "has another amount"),
        ("200.00", ["INV-1001,,,,,100.00", "INV-1001,,,,,100.00"], "INV-1001 is named twice"),
    ],
)
def test_a_remittance_that_raises_a_question_is_only_proposed(
    total: str, rows: list[str], doubt: str, clerk: User, uk: LegalEntity, castle: Customer, stated: dict[str, Any],
    bank_line: Make, may: Day, matched: Make,
) -> None:  # fmt: skip
    content = "\n".join([f"Payer,{castle.name}", "Trace,TR-4711042", TABLE, *rows]).encode()
    (taken,) = take_in_remittance(by=clerk, entity=uk, name="a.csv", content=content)
    line = bank_line("150.00" if total == "149.00" else total, "TR-4711042", on=may(12), payer="CASTLE FIBRE LTD")
    tie_remittance(by=clerk, remittance=taken.remittance, line=line)
    matched(line)

    task = MatchTask.objects.get(line=line)
    assert (task.state, task.decision, task.rule) == ("to_match", "proposed", "remittance_and_sum")
    assert doubt in doubts_of(line)
    assert not Receipt.objects.exists()


def test_a_discount_in_time_is_settled_and_a_price_is_disputed(
    clerk: User, uk: LegalEntity, stated: dict[str, Any], bank_line: Make, may: Day, matched: Make
) -> None:
    rows = ["INV-1001,100.00,2.00,,,98.00", "INV-1002,50.00,,10.00,PRICE,40.00"]
    content = "\n".join(["Account,C-10001", "Trace,TR-4711042", TABLE, *rows]).encode()
    take_in_remittance(by=clerk, entity=uk, name="a.csv", content=content)
    matched(bank_line("138.00", "TR-4711042", on=may(10)))

    assert open_amounts(list(stated.values())) == ["0.00", "10.00"]
    found = {each.item.number: (each.reason, f"{each.amount:.2f}") for each in Deduction.objects.all()}
    assert found == {
        "INV-1001": (DeductionReason.SETTLEMENT_DISCOUNT, "2.00"),
        "INV-1002": (DeductionReason.PRICE, "10.00"),
    }
    assert Dispute.objects.get().item == stated["two"]


def test_a_discount_out_of_time_leaves_the_line_to_a_person(
    clerk: User, uk: LegalEntity, stated: dict[str, Any], bank_line: Make, may: Day, matched: Make
) -> None:
    content = "\n".join(["Account,C-10001", "Trace,TR-4711042", TABLE, "INV-1001,100.00,2.00,,,98.00"]).encode()
    take_in_remittance(by=clerk, entity=uk, name="a.csv", content=content)
    line = bank_line("98.00", "TR-4711042", on=may(25))
    matched(line)

    assert open_amounts([stated["one"]]) == ["100.00"]
    assert "INV-1001 earned no discount" in doubts_of(line)


def test_a_credit_note_is_used_up_beside_the_invoice(
    clerk: User, uk: LegalEntity, castle: Customer, stated: dict[str, Any], credit_note: Make, bank_line: Make,
    may: Day, matched: Make,
) -> None:  # fmt: skip
    note = credit_note(castle, "CN-7001", "20.00", may(3))
    content = "\n".join(["Account,C-10001", "Trace,TR-4711042", TABLE, "INV-1001,,,,,100.00", "CN-7001,,,,,-20.00"])
    take_in_remittance(by=clerk, entity=uk, name="a.csv", content=content.encode())
    matched(bank_line("80.00", "TR-4711042", on=may(12)))

    assert open_amounts([stated["one"], note]) == ["0.00", "0.00"]


def test_documents_of_another_customer_wait_for_a_person(
    clerk: User, uk: LegalEntity, halden: Customer, stated: dict[str, Any], invoice: Make, bank_line: Make, may: Day,
    matched: Make,
) -> None:  # fmt: skip
    invoice(halden, "INV-3001", "30.00", may(1))
    content = "\n".join(["Trace,TR-4711042", TABLE, "INV-1001,,,,,100.00", "INV-3001,,,,,30.00"]).encode()
    take_in_remittance(by=clerk, entity=uk, name="a.csv", content=content)
    line = bank_line("130.00", "TR-4711042", on=may(12))
    matched(line)

    assert MatchTask.objects.get(line=line).decision == "proposed"
    assert "The documents belong to several customers" in doubts_of(line)
    assert not Receipt.objects.exists()
