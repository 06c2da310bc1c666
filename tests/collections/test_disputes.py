"""Brightwater Hotels contests a part of an invoice; the rest stays in collection, and somebody looks into it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from ar_collections.actions import Claim, Closing, NotDisputable, Task, assign_dispute, close_dispute, open_dispute
from ar_collections.actions.disputes import DisputeClosed
from ar_collections.models import Dispute
from ar_collections.queries.disputes import disputed_amounts, disputed_of_customer, undisputed
from ar_collections.reasons import (
    CODES,
    DeductionReason,
    Department,
    reason_of_edifact,
    reason_of_own,
    reason_of_x12,
)
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, User
from core.money import money
from customers.models import Customer
from ledger.models import OpenItem
from tests.collections.books import Books

Day = Callable[[int], date]
SignIn = Callable[[User], Client]
Outcome = Dispute.Outcome
PRICE = Claim(DeductionReason.PRICE, money("20.00 GBP"), "Agreed 100 on the phone")


@pytest.fixture
def item(system: User, hotels: Customer, may: Day) -> OpenItem:
    return Books(system, hotels).invoice("INV-1", "120.00", may(1), may(31))


def test_the_disputed_part_is_marked_and_the_rest_stays_in_collection(clerk: User, item: OpenItem, may: Day) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))

    assert str(dispute) == "20.00 GBP of INV-1, price differs"
    assert disputed_amounts([item.pk], as_of=may(11)) == {}
    disputed = disputed_amounts([item.pk], as_of=may(12))
    assert undisputed(item.open_amount, disputed[item.pk]) == Decimal("100.00")
    assert disputed_of_customer(item.customer, as_of=may(12)) == [money("20.00 GBP")]
    item.refresh_from_db()
    assert item.open_amount == Decimal("120.00")


def test_the_reason_says_who_looks_into_it_and_until_when(clerk: User, item: OpenItem, may: Day) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(21))
    # Five business days after Thursday the 21st; Monday the 25th is the spring bank holiday.
    assert (dispute.department, dispute.owner, dispute.due_on) == (Department.SALES_OPERATIONS, None, may(29))


def test_a_person_and_a_day_can_be_named(clerk: User, manager: User, item: OpenItem, may: Day) -> None:
    claim = Claim(DeductionReason.TAX, money("20.00 GBP"), owner=manager, department="legal", due_on=may(15))
    dispute = open_dispute(by=clerk, item=item, claim=claim, opened_on=may(12))
    assert (dispute.department, dispute.owner, dispute.due_on) == ("legal", manager, may(15))


def test_opening_it_twice_gives_the_first_and_another_amount_is_refused(clerk: User, item: OpenItem, may: Day) -> None:
    first = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    assert open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(13)) == first
    more = Claim(DeductionReason.PRICE, money("30.00 GBP"))
    with pytest.raises(
        NotDisputable, match=r"INV-1 is disputed already: 20.00 GBP of INV-1, price differs, since 12 M"
    ):
        open_dispute(by=clerk, item=item, claim=more, opened_on=may(13))
    assert AuditEvent.objects.filter(event="dispute.opened").count() == 1


@pytest.mark.parametrize(
    ("claim", "day", "words"),
    [
        (Claim(DeductionReason.TAX, money("101.00 GBP")), 12, "has only 120.00 GBP left open, of which 20.00 GBP"),
        (Claim(DeductionReason.TAX, money("1.00 EUR")), 12, "1.00 EUR cannot be contested of INV-1"),
        (Claim(DeductionReason.TAX, money("0.00 GBP")), 12, "0.00 GBP cannot be contested"),
        (Claim(DeductionReason.BANK_CHARGE, money("1.00 GBP")), 12, "Bank charge is settled at the cash desk"),
        (Claim(DeductionReason.TAX, money("1.00 GBP"), due_on=date(2026, 5, 11)), 12, "11 May 2026 is over already"),
        (Claim(DeductionReason.TAX, money("1.00 GBP"), department="kitchen"), 12, "no department “kitchen”"),
    ],
)
def test_what_can_not_be_disputed(claim: Claim, day: int, words: str, clerk: User, item: OpenItem, may: Day) -> None:
    open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    with pytest.raises(NotDisputable, match=words):
        open_dispute(by=clerk, item=item, claim=claim, opened_on=may(day))


def test_neither_before_its_posting_nor_for_a_credit_nor_by_a_stranger(
    clerk: User, stranger: User, system: User, hotels: Customer, item: OpenItem, may: Day
) -> None:
    note = Books(system, hotels).credit_note("CN-1", "20.00", may(2))
    with pytest.raises(NotDisputable, match="posted on 01 May 2026"):
        open_dispute(by=clerk, item=item, claim=PRICE, opened_on=date(2026, 4, 30))
    with pytest.raises(NotDisputable, match="nothing that the customer owes"):
        open_dispute(by=clerk, item=note, claim=PRICE, opened_on=may(12))
    with pytest.raises(NotDisputable, match="Stella holds no role in Brightwater"):
        claim = Claim(DeductionReason.PRICE, money("20.00 GBP"), owner=stranger)
        open_dispute(by=clerk, item=item, claim=claim, opened_on=may(12))


def test_it_is_given_to_somebody_else_with_more_time(
    clerk: User, collector: User, manager: User, item: OpenItem, may: Day
) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    task = Task("legal", manager, may(29), "The contract is in question")

    given = assign_dispute(by=collector, dispute=dispute, task=task, assigned_on=may(14))

    assert (given.department, given.owner, given.due_on) == ("legal", manager, may(29))
    assert (given.reason, given.amount) == (dispute.reason, dispute.amount)
    assert assign_dispute(by=collector, dispute=dispute, task=task, assigned_on=may(15)) == given
    told = AuditEvent.objects.get(event="dispute.assigned")
    assert told.before == {"department": "sales_operations", "owner": None, "due_on": "2026-05-19"}
    assert (told.after or {})["owner"] == str(manager)
    assert (told.by, told.reason) == (collector, "The contract is in question")


def test_what_keeps_a_dispute_from_being_given(
    clerk: User, stranger: User, auditor: User, item: OpenItem, may: Day
) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))

    def given(by: User = clerk, **facts: Any) -> None:
        task = Task(**{"department": "legal", "owner": None, "due_on": may(20), "why": "Moved", **facts})
        assign_dispute(by=by, dispute=dispute, task=task, assigned_on=may(14))

    with pytest.raises(NotAllowed, match="say who looks into disputes"):
        given(by=auditor)
    with pytest.raises(NotDisputable, match="Stella holds no role in Brightwater"):
        given(owner=stranger)
    with pytest.raises(NotDisputable, match="no department “kitchen”"):
        given(department="kitchen")
    with pytest.raises(NotDisputable, match="13 May 2026 is over already"):
        given(due_on=may(13))
    with pytest.raises(Refused, match="Say why the dispute of 20.00 GBP of INV-1"):
        given(why=" ")
    close_dispute(by=clerk, dispute=dispute, closing=Closing(Outcome.VALID, "All of it"), closed_on=may(18))
    with pytest.raises(DisputeClosed, match="was closed on 18 May 2026"):
        given()


def test_it_is_given_on_screen(
    clerk: User, manager: User, auditor: User, signed_in: SignIn, item: OpenItem, may: Day
) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    page, desk = f"/disputes/{dispute.pk}/", signed_in(clerk)
    assert "Who looks into it?" in desk.get(page).content.decode()
    filled = {"task-department": "legal", "task-owner": manager.pk, "task-due_on": "2099-01-02", "task-why": "Law"}

    refused = desk.post(f"{page}assign/", {**filled, "task-due_on": "2026-02-30"})
    assert (refused.status_code, "Enter a valid date" in refused.content.decode()) == (422, True)
    assert "Maya looks into it" in desk.post(f"{page}assign/", filled, follow=True).content.decode()

    dispute.refresh_from_db()
    assert (dispute.owner, dispute.due_on) == (manager, date(2099, 1, 2))
    looks_on = signed_in(auditor)
    assert "Who looks into it?" not in looks_on.get(page).content.decode()
    assert looks_on.post(f"{page}assign/", filled).status_code == 403


def test_closing_it_collects_the_rest_again(clerk: User, item: OpenItem, may: Day) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    closing = Closing(Outcome.PARTLY, "Five was agreed", money("5.00 GBP"))

    closed = close_dispute(by=clerk, dispute=dispute, closing=closing, closed_on=may(18))

    assert (closed.accepted, closed.rejected, closed.closed_by) == (Decimal("5.00"), Decimal("15.00"), clerk)
    assert disputed_amounts([item.pk], as_of=may(17)) == {item.pk: Decimal("20.00")}
    assert disputed_amounts([item.pk], as_of=may(18)) == {}
    assert close_dispute(by=clerk, dispute=dispute, closing=closing, closed_on=may(19)).closed_on == may(18)
    with pytest.raises(DisputeClosed, match="was closed on 18 May 2026"):
        close_dispute(by=clerk, dispute=dispute, closing=Closing(Outcome.VALID, "All of it"), closed_on=may(19))


@pytest.mark.parametrize(
    ("closing", "day", "words"),
    [
        (Closing(Outcome.PARTLY, "Some", money("20.00 GBP")), 18, "more than nothing, less than all"),
        (Closing(Outcome.PARTLY, "Some"), 18, "Say how much of 20.00 GBP was right"),
        (Closing(Outcome.VALID, " "), 18, "Write what was found"),
        (Closing(Outcome.OPEN, "Well"), 18, "Say how the dispute ended"),
        (Closing(Outcome.INVALID, "No"), 11, "was opened on 12 May 2026"),
    ],
)
def test_an_end_that_says_too_little(
    closing: Closing, day: int, words: str, clerk: User, item: OpenItem, may: Day
) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    with pytest.raises(Refused, match=words):
        close_dispute(by=clerk, dispute=dispute, closing=closing, closed_on=may(day))


def test_an_auditor_opens_and_closes_nothing(clerk: User, auditor: User, item: OpenItem, may: Day) -> None:
    with pytest.raises(NotAllowed):
        open_dispute(by=auditor, item=item, claim=PRICE, opened_on=may(12))
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    with pytest.raises(NotAllowed):
        close_dispute(by=auditor, dispute=dispute, closing=Closing(Outcome.VALID, "Yes"), closed_on=may(13))


def test_the_database_keeps_what_was_said(clerk: User, item: OpenItem, may: Day) -> None:
    dispute = open_dispute(by=clerk, item=item, claim=PRICE, opened_on=may(12))
    with pytest.raises(IntegrityError, match="keep what they were made with"), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).delete()
    close_dispute(by=clerk, dispute=dispute, closing=Closing(Outcome.WITHDRAWN, "Paid"), closed_on=may(13))
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispute.objects.filter(pk=dispute.pk).update(outcome="valid")


def test_codes_of_others_mean_one_of_our_reasons() -> None:
    assert {reason_of_x12("1"), reason_of_x12("01"), reason_of_edifact("5")} == {DeductionReason.PRICE}
    assert reason_of_own("disc-unearned") == DeductionReason.DISCOUNT_UNEARNED
    # Tax that was deducted stays open until a person has seen the certificate.
    assert reason_of_x12("55") == DeductionReason.TAX
    assert (reason_of_x12("98"), reason_of_edifact("ZZZ"), reason_of_own("")) == (None, None, None)
    assert {each.reason for each in CODES} == set(DeductionReason)


def test_a_collector_opens_and_closes_one_on_the_screen(
    collector: User, signed_in: SignIn, hotels: Customer, item: OpenItem
) -> None:
    browser = signed_in(collector)
    filled = {"amount": "20.00", "reason": "price", "note": "Agreed 100", "department": "", "owner": "", "due_on": ""}

    answer = browser.post(f"/items/{item.pk}/disputes/new/", filled, follow=True)

    dispute = Dispute.objects.get()
    page = answer.content.decode()
    assert "Disputed: 20.00 GBP of INV-1, price differs. The rest stays in collection." in page
    assert "£20.00 disputed" in browser.get(f"/customers/{hotels.pk}/").content.decode()
    assert "price differs" in browser.get(f"/items/{item.pk}/disputes/").content.decode()
    assert "INV-1" in browser.get("/disputes/?reason=price&q=agreed").content.decode()
    assert "No dispute has that" in browser.get("/disputes/?reason=tax").content.decode()
    refused = browser.post(f"/disputes/{dispute.pk}/close/", {"outcome": "partly", "accepted": "", "note": "Some"})
    assert (refused.status_code, "less than all" in refused.content.decode()) == (422, True)
    browser.post(f"/disputes/{dispute.pk}/close/", {"outcome": "invalid", "accepted": "", "note": "As signed"})
    assert Dispute.objects.get().outcome == Outcome.INVALID
    assert "Nothing is disputed" in browser.get("/disputes/").content.decode()
    assert "As signed" in browser.get(f"/disputes/{dispute.pk}/").content.decode()


def test_the_list_comes_as_a_workbook(collector: User, signed_in: SignIn, clerk: User, item: OpenItem) -> None:
    open_dispute(by=clerk, item=item, claim=PRICE, opened_on=date(2026, 5, 12))
    answer = signed_in(collector).get("/disputes/?format=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
