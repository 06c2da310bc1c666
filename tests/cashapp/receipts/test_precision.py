"""The page of rate and precision: what was undone later counts against the rule that decided it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.ending import return_receipt
from cashapp.actions.matching import match_lines
from cashapp.models import MatchTask, Receipt
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.queries.precision import PrecisionQuestion, decisions_behind, precision_by_rule, rates
from core.models import LegalEntity, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import pays

Make = Callable[..., Any]
Day = Callable[[int], date]
SignIn = Callable[[User], Client]
NUMBER = "number_and_amount"


@pytest.fixture
def month(
    clerk: User,
    system: User,
    castle: Customer,
    halden: Customer,
    books: LegalEntity,
    invoice: Make,
    bank_line: Make,
    may: Day,
) -> PrecisionQuestion:
    """Three lines by themselves, of which one was wrong and one came back; one proposal followed, one not."""
    for number, day in ((1001, 4), (1002, 5), (1003, 6)):
        invoice(castle, f"INV-{number}", "120.00", may(1))
        bank_line("120.00", f"INV-{number}", on=may(day), payer="CASTLE FIBRE LTD")
    followed, other = invoice(halden, "INV-2001", "60.00", may(1)), invoice(halden, "INV-2002", "80.00", may(1))
    near = bank_line("59.00", "PAYMENT", on=may(7), payer="HALDEN LOGISTICS LTD")
    second = bank_line("79.00", "PAYMENT", on=may(8), payer="HALDEN LOGISTICS LTD")
    index = load_index(books, may(8))
    match_lines(by=system, entity=books, lines=list(lines_to_match(books)), index=index)
    wrong, returned, _ = Receipt.objects.order_by("pk")
    undo_line(by=clerk, line=wrong.line, undone_on=may(9), reason="Not theirs")  # type: ignore[arg-type]
    return_receipt(by=clerk, receipt=returned, returned_on=may(9), reason="No funds")
    match_line(by=clerk, line=near, verdict=Verdict(halden, pays({followed: "59.00"})))
    match_line(by=clerk, line=second, verdict=Verdict(halden, pays({other: "70.00"})))
    return PrecisionQuestion(books, may(1), may(31))


def test_reversals_count_against_the_rule_and_returns_do_not(month: PrecisionQuestion, clerk: User) -> None:
    rows = {row.rule: row for row in precision_by_rule(month)}

    number = rows[NUMBER]
    assert (number.itself, number.undone, number.precision) == (3, 1, Decimal("66.66"))
    near = rows["payer_and_near_amount"]
    assert (near.itself, near.precision, near.followed, near.otherwise, near.agreement) == (0, None, 1, 1, 50)
    (account,) = rates(month)
    assert (account.lines, account.itself, account.undone, account.rate) == (5, 3, 1, 60)


def test_each_figure_opens_onto_its_decisions(month: PrecisionQuestion, clerk: User, stranger: User) -> None:
    question = PrecisionQuestion(month.entity, month.from_on, month.until_on, rule=NUMBER, kind="undone")
    assert [row.line.text for row in decisions_behind(question, by=clerk)] == ["INV-1001"]
    assert not decisions_behind(question, by=stranger).exists()


def test_the_page_and_its_workbooks(
    month: PrecisionQuestion, clerk: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(clerk)
    days = "from_on=2026-05-01&until_on=2026-05-31"
    with django_assert_max_num_queries(30):
        page = browser.get(f"/match-rules/precision/?{days}").content.decode()
    assert "66.66%" in page and "3 of 5 lines by themselves, 1 undone" in page
    decided = browser.get(f"/match-rules/decisions/?{days}&rule={NUMBER}&kind=undone").content.decode()
    assert "CASTLE FIBRE LTD" in decided
    for address in ("precision", "decisions"):
        answer = browser.get(f"/match-rules/{address}/?{days}&format=xlsx")
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert (
        "Nothing was decided"
        in browser.get("/match-rules/precision/?from_on=2020-01-01&until_on=2020-01-02").content.decode()
    )


def test_keeping_money_on_account_as_proposed_follows_the_proposal(
    month: PrecisionQuestion, clerk: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    before = sum(row.followed for row in precision_by_rule(month))
    line = bank_line("77.77", "THANKS", on=may(14), payer="CASTLE FIBRE LTD")
    MatchTask.objects.create(
        line=line, entity=castle.entity, customer=castle, decision="proposed", rule="payer_only", applied=[]
    )

    match_line(by=clerk, line=line, verdict=Verdict(castle))

    assert sum(row.followed for row in precision_by_rule(month)) == before + 1
