"""Castle pays what they agreed to pay, by plan or promise, and says nothing: the money finds its documents."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.plans import Proposal, approve_plan, open_plan, propose_plan
from ar_collections.actions.promises import Pledge, record_promise, withdraw_promise
from ar_collections.plans import Every, steps_of
from ar_collections.reasons import DeductionReason
from cashapp.actions.matching import match_lines
from cashapp.models import MatchTask
from cashapp.queries.matching import agreed_sums, lines_to_match, load_index
from controls.models import ApprovalRequest
from core.calendars import calendar_of
from core.models import LegalEntity, User
from core.money import money
from customers.models import Contact, Customer
from ledger.models import OpenItem
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def billed(castle: Customer, invoice: Make, may: Day) -> list[OpenItem]:
    """700 and 500 pounds, the second due first, and 410 beside them."""
    Contact.objects.create(customer=castle, name="Accounts", email="ap@castle.example", receives_statements=True)
    dues = {"INV-1001": ("700.00", 9), "INV-1002": ("500.00", 7), "INV-1003": ("410.00", 20)}
    return [invoice(castle, number, amount, may(1), due_on=may(day)) for number, (amount, day) in dues.items()]


def answered(by: User, entity: LegalEntity, on: date) -> tuple[str, str]:
    match_lines(by=by, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, on))
    task = MatchTask.objects.latest("pk")
    return task.decision, task.rule


def test_an_instalment_of_a_plan_pays_its_oldest_document(
    books: LegalEntity, castle: Customer, manager: User, collector: User, finance_manager: User, clerk: User,
    billed: list[OpenItem], bank_line: Make, may: Day,
) -> None:  # fmt: skip
    open_plan(by=manager, customer=castle, reason="Long-standing", opened_on=may(11))
    steps = steps_of(money("1200.00 GBP"), count=2, first_on=may(13), every=Every.WEEK, calendar=calendar_of(books))
    facts: dict[str, Any] = {"items": billed[:2], "steps": steps, "proof": ("forecast.pdf", b"%PDF-1.7")}
    proposal = Proposal(currency="GBP", reason="Insolvent buyer", **facts)
    plan = propose_plan(by=collector, customer=castle, proposal=proposal, proposed_on=may(11))
    assert list(agreed_sums(books)) == [], "nobody approved it yet"
    approve_plan(by=finance_manager, request=ApprovalRequest.objects.get(), plan=plan, approved_on=may(11))
    bank_line("600.00", "PAYMENT", on=may(13), payer="CASTLE FIBRE LTD")

    assert answered(clerk, books, may(13)) == ("posted", "payer_and_instalment")

    assert open_amounts(billed) == ["600.00", "0.00", "410.00"]


def test_what_was_promised_pays_its_documents_and_withdrawn_it_proves_nothing(
    books: LegalEntity, castle: Customer, collector: User, clerk: User, billed: list[OpenItem], bank_line: Make,
    may: Day,
) -> None:  # fmt: skip
    pledge = Pledge(
        currency="GBP",
        instalments=[(may(15), money("300.00 GBP").amount)],
        parts=[(billed[0], money("300.00 GBP").amount)],
        said_by="Priya Nair",
    )
    promise = record_promise(by=collector, customer=castle, pledge=pledge, taken_on=may(12))
    withdraw_promise(by=collector, promise=promise, reason="Another customer said it", withdrawn_on=may(12))
    bank_line("300.00", "PAYMENT", on=may(14), payer="CASTLE FIBRE LTD")
    assert answered(clerk, books, may(14))[0] != "posted"

    record_promise(by=collector, customer=castle, pledge=pledge, taken_on=may(13))
    bank_line("300.00", "PAYMENT AGAIN", on=may(14), payer="CASTLE FIBRE LTD")
    answered(clerk, books, may(14))

    rules = sorted(MatchTask.objects.values_list("decision", "rule"))
    assert rules[0] == ("posted", "payer_and_promise") and rules[1][0] != "posted", "it was promised once"
    assert open_amounts(billed) == ["400.00", "500.00", "410.00"]


def test_the_desk_says_beside_a_document_what_was_agreed_about_it(
    castle: Customer, collector: User, clerk: User, signed_in: Callable[[User], Client], billed: list[OpenItem],
    bank_line: Make, may: Day,
) -> None:  # fmt: skip
    line = bank_line("123.00", "PAYMENT", on=may(14), payer="CASTLE FIBRE LTD")
    MatchTask.objects.create(line=line, entity=castle.entity, customer=castle)
    all_of_it = billed[0].open_amount
    pledge = Pledge(
        currency="GBP", instalments=[(may(15), all_of_it)], parts=[(billed[0], all_of_it)], said_by="Priya Nair"
    )
    record_promise(by=collector, customer=castle, pledge=pledge, taken_on=may(12))
    claim = Claim(DeductionReason.PRICE, money("20.00 GBP"), "Agreed 480")
    open_dispute(by=collector, item=billed[1], claim=claim, opened_on=may(12))

    page = signed_in(clerk).get(f"/cash/{line.pk}/").content.decode()

    assert "Invoice · promised by 15 May" in page and "Invoice · disputed" in page
    assert page.count("Invoice · ") == 2
