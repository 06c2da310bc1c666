"""A payment that is too small: in one movement the rest is left open, let go, or disputed with owner and date."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ar_collections.models import Dispute
from ar_collections.queries.disputes import disputed_amounts
from cashapp.actions.applying import unapply_receipt
from cashapp.actions.deductions import Difference, settle_difference
from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.ending import return_receipt
from cashapp.actions.matching import match_lines
from cashapp.actions.tolerances import Bounds, end_tolerance, set_tolerance, set_withholding
from cashapp.errors import AboveTolerance
from cashapp.models import Deduction, DeductionReason, MatchTask, Receipt, WithholdingPattern
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.queries.shortages import small_write_offs
from controls.actions.limits import AboveAuthority
from controls.models import AuthorityReturn, AuthorityUse
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.money import money
from customers.models import Address, Customer
from tests.cashapp.receipts.conftest import open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]
SignIn = Callable[[User], Client]
Reason = DeductionReason
FIVE = {"amount": "5.00", "percent": "5", "monthly_cap": "8.00"}


def bounds(currency: str = "GBP", segment: str = "", *, by_itself: bool = False, **more: str) -> Bounds:
    figures = {name: Decimal(value) for name, value in {**FIVE, **more}.items()}
    return Bounds(currency, segment, settles_by_itself=by_itself, **figures)


def match_all(by: User, entity: LegalEntity, on: date) -> list[str]:
    lines = list(lines_to_match(entity))
    answered = match_lines(by=by, entity=entity, lines=lines, index=load_index(entity, on))
    return [f"{each.decision} {each.proposal.rule}" for each in answered]


def test_the_rest_becomes_a_dispute_with_owner_and_date(
    clerk: User, manager: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("100.00", "INV-1001", on=may(12))
    contested = Difference(
        item, money("20.00 GBP"), Reason.PRICE, "Agreed 100", department="legal", owner=manager, due_on=may(20)
    )

    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "100.00"}), [contested]))

    dispute = Dispute.objects.get()
    assert (dispute.owner, dispute.department, dispute.due_on) == (manager, "legal", may(20))
    assert Deduction.objects.get().dispute == dispute
    assert open_amounts([item]) == ["20.00"]
    assert {k: f"{v:.2f}" for k, v in disputed_amounts([item.pk], as_of=may(12)).items()} == {item.pk: "20.00"}


def test_taking_it_back_withdraws_the_dispute_and_a_return_of_the_bank_keeps_it(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("100.00", "INV-1001", on=may(12))
    verdict = Verdict(castle, pays({item: "100.00"}), [Difference(item, money("20.00 GBP"), Reason.QUANTITY)])
    match_line(by=clerk, line=line, verdict=verdict)

    undo_line(by=clerk, line=line, undone_on=may(13), reason="Another invoice")
    assert Dispute.objects.get().outcome == Dispute.Outcome.WITHDRAWN

    receipt = match_line(by=clerk, line=line, verdict=verdict)
    return_receipt(by=clerk, receipt=receipt, returned_on=may(18), reason="No funds")
    assert Dispute.objects.filter(outcome="").count() == 1
    assert open_amounts([item]) == ["120.00"]


def test_a_discount_that_was_not_earned_stays_open_and_in_collection(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("117.60", "INV-1001", on=may(20))
    late = Difference(item, money("2.40 GBP"), Reason.DISCOUNT_UNEARNED)
    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "117.60"}), [late]))
    assert (open_amounts([item]), Dispute.objects.count()) == (["2.40"], 0)


def test_the_authority_of_what_is_undone_is_given_back(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "116.00", may(15), {item: "116.00"})
    four = Difference(item, money("4.00 GBP"), Reason.SMALL_DIFFERENCE)
    settle_difference(by=clerk, receipt=receipt, difference=four, settled_on=may(15))
    other = invoice(castle, "INV-2", "60.00", may(5))
    second = received(castle, "57.00", may(16), {other: "57.00"})
    three = Difference(other, money("3.00 GBP"), Reason.SMALL_DIFFERENCE)
    with pytest.raises(AboveAuthority, match=r"of which 4.00 GBP were used"):
        settle_difference(by=clerk, receipt=second, difference=three, settled_on=may(16))

    unapply_receipt(by=clerk, receipt=receipt, unapplied_on=may(16), reason="Another invoice")

    assert AuthorityReturn.objects.get().use == AuthorityUse.objects.get()
    settle_difference(by=clerk, receipt=second, difference=three, settled_on=may(16))
    assert open_amounts([other]) == ["0.00"]


def test_a_tolerance_needs_no_limit_until_the_month_is_full(
    clerk: User, manager: User, castle: Customer, books: LegalEntity, invoice: Make, received: Make, may: Day
) -> None:
    set_tolerance(by=manager, entity=books, bounds=bounds())
    for number, day in ((1, 15), (2, 16)):
        item = invoice(castle, f"INV-{number}", "120.00", may(5))
        receipt = received(castle, "116.00", may(day), {item: "116.00"})
        gone = Difference(item, money("4.00 GBP"), Reason.SMALL_DIFFERENCE)
        deduction = settle_difference(by=clerk, receipt=receipt, difference=gone, settled_on=may(day))
        assert (deduction.tolerance is not None, deduction.authority_use) == (True, None)

    item = invoice(castle, "INV-3", "120.00", may(5))
    receipt = received(castle, "119.00", may(17), {item: "119.00"})
    third = settle_difference(
        by=clerk,
        receipt=receipt,
        difference=Difference(item, money("1.00 GBP"), Reason.BANK_CHARGE),
        settled_on=may(17),
    )
    assert (third.tolerance, third.authority_use is not None) == (None, True)
    (row,) = small_write_offs(books, from_on=may(1), until_on=may(31))
    assert [f"{each:.2f}" for each in (row.under_tolerance, row.by_people, row.total, row.cap or 0)] == [
        "8.00",
        "1.00",
        "9.00",
        "8.00",
    ]


def test_the_matcher_lets_go_what_a_tolerance_says_and_nothing_else(
    system: User, manager: User, castle: Customer, books: LegalEntity, invoice: Make, bank_line: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1001", "120.00", may(1)), invoice(castle, "INV-1002", "240.00", may(1))
    bank_line("119.50", "INV-1001", on=may(18), payer="CASTLE FIBRE LTD")
    set_tolerance(by=manager, entity=books, bounds=bounds(by_itself=True))
    assert match_all(system, books, may(18)) == ["posted number_part_paid"]
    assert open_amounts([first]) == ["0.00"]
    assert Deduction.objects.get().recorded_by == system

    bank_line("230.00", "INV-1002", on=may(19), payer="CASTLE FIBRE LTD")
    assert match_all(system, books, may(19)) == ["posted number_part_paid"]
    assert open_amounts([second]) == ["10.00"]
    with pytest.raises(AboveTolerance, match="10.00 GBP missing on INV-1002 is above every tolerance"):
        settle_difference(
            by=system,
            receipt=Receipt.objects.latest("pk"),
            difference=Difference(second, money("10.00 GBP"), Reason.BANK_CHARGE),
            settled_on=may(19),
        )


def test_a_discount_in_time_is_settled_by_itself_and_a_late_one_stays_open(
    system: User, castle: Customer, books: LegalEntity, invoice: Make, bank_line: Make, may: Day
) -> None:
    early, late = invoice(castle, "INV-1001", "120.00", may(10)), invoice(castle, "INV-1002", "240.00", may(1))
    bank_line("117.60", "INV-1001", on=may(18), payer="CASTLE FIBRE LTD")
    bank_line("235.20", "INV-1002", on=may(18), payer="CASTLE FIBRE LTD")
    match_all(system, books, may(18))
    assert open_amounts([early, late]) == ["0.00", "4.80"]
    assert t_account(books)["discounts_allowed"] == "2.00"


def test_the_desk_says_what_the_figures_speak_for(
    clerk: User, manager: User, signed_in: SignIn, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    Address.objects.create(customer=castle, lines="1 Street", city="Pune", country="IN", kind="billing")
    facts: dict[str, Any] = {"percent": money("10.00 GBP").amount, "base": WithholdingPattern.Base.NET, "country": "IN"}
    set_withholding(by=manager, entity=castle.entity, name="Withholding tax India", **facts)
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("110.00", "INV-1001", on=may(20))
    MatchTask.objects.create(line=line, entity=castle.entity)
    desk = signed_in(clerk)

    filled = {"customer": "C-10001", "version": "0", f"tick_{item.pk}": "on", f"apply_{item.pk}": "110.00"}
    page = desk.post(f"/cash/{line.pk}/", {**filled, "do": "work_out"}).content.decode()
    assert "Withholding tax India, 10 % of the amount without tax to the cent. Ask for the certificate" in page

    chosen = {f"short_{item.pk}": "claim", f"claim_{item.pk}": "price", f"due_{item.pk}": "2026-13-01"}
    refused = desk.post(f"/cash/{line.pk}/", {**filled, **chosen})
    assert "write the day of the dispute as 2026-05-31" in refused.content.decode()
    chosen |= {
        f"due_{item.pk}": "2026-06-12",
        f"owner_{item.pk}": str(manager.pk),
        f"note_{item.pk}": "Less was agreed",
    }
    assert desk.post(f"/cash/{line.pk}/", {**filled, **chosen}).status_code == 302
    dispute = Dispute.objects.get()
    assert (dispute.owner, dispute.due_on, dispute.note) == (manager, date(2026, 6, 12), "Less was agreed")


def test_a_tolerance_replaces_the_one_before_and_ends(
    clerk: User, manager: User, books: LegalEntity, signed_in: SignIn, may: Day
) -> None:
    first = set_tolerance(by=manager, entity=books, bounds=bounds())
    assert set_tolerance(by=manager, entity=books, bounds=bounds()) == first
    second = set_tolerance(by=manager, entity=books, bounds=bounds(amount="2.00"))
    first.refresh_from_db()
    assert (first.is_in_force, second.is_in_force) == (False, True)
    assert not end_tolerance(by=manager, tolerance=second).is_in_force
    with pytest.raises(NotAllowed):
        set_tolerance(by=clerk, entity=books, bounds=bounds())
    both: dict[str, Any] = {"percent": bounds().percent, "base": WithholdingPattern.Base.NET}
    with pytest.raises(Refused, match="a country or a customer"):
        set_withholding(by=manager, entity=books, name="Tax", **both)


def test_a_manager_sets_them_on_screen(
    manager: User, books: LegalEntity, castle: Customer, signed_in: SignIn, auditor: User
) -> None:
    browser = signed_in(manager)
    tolerance = {"currency": "gbp", "segment": "", "amount": "5", "percent": "0.5", "monthly_cap": "20"}
    assert browser.post("/match-rules/tolerances/set/", tolerance).status_code == 302
    tax = {"tax-name": "Tax India", "tax-country": "IN", "tax-percent": "10", "tax-base": "net", "tax-customer": ""}
    assert browser.post("/match-rules/withholding/set/", tax).status_code == 302
    page = browser.get("/match-rules/tolerances/").content.decode()
    assert "£5.00" in page and "Tax India" in page
    wrong = browser.post("/match-rules/tolerances/set/", {**tolerance, "currency": "XXQ"})
    assert (wrong.status_code, "is not a currency" in wrong.content.decode()) == (422, True)
    assert "Nothing was let go" in browser.get("/match-rules/small-differences/").content.decode()
    assert browser.get("/match-rules/small-differences/?format=xlsx")["Content-Type"].endswith("spreadsheetml.sheet")
    assert "Set a tolerance" not in signed_in(auditor).get("/match-rules/tolerances/").content.decode()
