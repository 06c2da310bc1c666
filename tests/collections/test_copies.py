"""Copies of notices, and letters at the printer: what a person sends again says what is true on its day."""

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.models import DunningHold, DunningNotice, NoticeLine
from ar_collections.reasons import DeductionReason
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.models import OpenItem
from messaging.actions import join_letters, resend_message, start_printing
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, night, office_hours, steps_of, switch_all_on

DAY = date(2026, 5, 11)
NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def ladders(books: LegalEntity, manager: User) -> None:
    switch_all_on(manager, books)


@pytest.fixture
def two(account: Books, books: LegalEntity) -> tuple[OpenItem, OpenItem]:
    """Two overdue invoices, and their reminder in the outbox."""
    first = account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    second = account.invoice("INV-2", "500.00", date(2026, 4, 4), date(2026, 5, 4))
    night(books, DAY)
    return first, second


def copy_of(by: User, day: date, hour: int = 9) -> Message:
    """Somebody sends the notice again."""
    with patch("core.clock.now", lambda: at(day, hour)):
        original = Message.objects.get(resend_of=None)
        return resend_message(by=by, message=original, to=["boss@hotels.example"], request_id=uuid4())


def paid(account: Books, item: OpenItem, amount: str, on: date = NEXT) -> None:
    account.apply(account.receipt(f"RC-{item.number}", amount, on), item, amount, on)


def test_a_copy_asks_only_for_what_is_true_on_its_day_and_the_record_stays(
    two: tuple[OpenItem, OpenItem], account: Books, collector: User
) -> None:
    office_hours(DAY)
    paid(account, two[0], "900.00")
    claim = Claim(DeductionReason.PRICE, money("200.00 GBP"), "Too dear")
    open_dispute(by=collector, item=two[1], claim=claim, opened_on=NEXT)

    copy = copy_of(collector, LATER)
    office_hours(LATER, 10)

    copy.refresh_from_db()
    assert copy.state == "sent"
    assert "INV-1" not in copy.text and "INV-2" in copy.text and "£300.00" in copy.text
    assert "20 May 2026" in copy.text, "five business days after the copy, not after the first mail"
    told = list(NoticeLine.objects.order_by("pk").values_list("item__number", "asked", "fell_out"))
    assert told == [("INV-1", 900, ""), ("INV-2", 500, "")], "what the first mail said stays as it was told"
    assert steps_of("INV-1", "INV-2") == [(DAY, "first_chase")] * 2


def test_a_copy_waits_for_the_morning_and_is_asked_for_its_way(
    two: tuple[OpenItem, OpenItem], account: Books, collector: User, hotels: Customer
) -> None:
    office_hours(DAY)
    asked_on_friday_night = copy_of(collector, date(2026, 5, 15), 21)
    assert asked_on_friday_night.not_before == at(date(2026, 5, 18), 7), "Monday, 8 o'clock British summer time"

    facts = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "Only letters, please", channel="email")
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=date(2026, 5, 18))
    office_hours(date(2026, 5, 18), 8)

    asked_on_friday_night.refresh_from_db()
    assert asked_on_friday_night.state == "cancelled" and "Only letters" in asked_on_friday_night.reason
    late = copy_of(collector, NEXT)
    Message.objects.filter(pk=late.pk).update(not_before=at(NEXT, 20))
    office_hours(NEXT, 20)
    late.refresh_from_db()
    assert late.reason.startswith("The copy would have left outside the working hours")


def test_no_copy_leaves_when_all_is_settled_or_the_notice_was_taken_back(
    two: tuple[OpenItem, OpenItem], account: Books, books: LegalEntity, collector: User
) -> None:
    office_hours(DAY)
    Message.objects.update(state="bounced", reason="550 No such user.")
    night(books, NEXT)
    stale = copy_of_first(collector, NEXT)
    office_hours(NEXT, 10)
    stale.refresh_from_db()
    assert stale.state == "cancelled" and stale.reason.startswith("It reached nobody")

    for item in two:
        paid(account, item, str(item.amount), LATER)
    again = Message.objects.filter(state="sent").get()
    with patch("core.clock.now", lambda: at(LATER, 9)):
        settled = resend_message(by=collector, message=again, to=["boss@hotels.example"], request_id=uuid4())
    office_hours(LATER, 10)
    settled.refresh_from_db()
    assert settled.state == "cancelled"
    assert not DunningNotice.objects.get(message=again).held_back, "it was told; only its copy is not"


def copy_of_first(by: User, day: date) -> Message:
    with patch("core.clock.now", lambda: at(day, 9)):
        first = Message.objects.order_by("pk")[0]
        return resend_message(by=by, message=first, to=["boss@hotels.example"], request_id=uuid4())


def test_where_only_the_copy_arrives_what_it_leaves_out_frees_its_step(
    two: tuple[OpenItem, OpenItem], account: Books, collector: User
) -> None:
    office_hours(DAY)
    Message.objects.update(state="bounced", reason="550 No such user.")
    paid(account, two[0], "900.00", DAY)

    copy_of(collector, DAY, 10)
    office_hours(DAY, 11)

    assert steps_of("INV-1") == []
    assert steps_of("INV-2") == [(DAY, "first_chase")]


# Letters -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_post(hotels: Customer) -> Customer:
    hotels.delivery = Customer.Delivery.PRINT
    hotels.save()
    return hotels


def printed(by: User, entity: LegalEntity, on: date) -> int:
    """Letters that are put into one file on a day; how many are left to post."""
    letters = list(Message.objects.filter(state="to_print"))
    with patch("core.clock.now", lambda: at(on, 9)):
        batch = start_printing(by=by, entity=entity, letters=letters, business_date=on, request_id=uuid4())
        join_letters(by=by, batch=batch)
    return Message.objects.filter(state="to_print").count()


def test_a_letter_has_its_page_and_is_asked_again_at_the_printer(
    by_post: Customer,
    books: LegalEntity,
    account: Books,
    collector: User,
    new_customer: Callable[..., Customer],
    system: User,
) -> None:
    castle = new_customer("C-2", "Castle Fibre", delivery=Customer.Delivery.PRINT)
    item = account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    Books(system, castle).invoice("INV-9", "100.00", date(2026, 4, 4), date(2026, 5, 4))
    night(books, DAY)
    office_hours(DAY)
    assert Message.objects.filter(state="to_print", attachments__file__content_type="application/pdf").count() == 2
    paid(account, item, "100.00")

    assert printed(collector, books, NEXT) == 1

    gone = Message.objects.get(customer=by_post)
    assert gone.state == "cancelled"
    assert gone.reason == "INV-1: only 800.00 GBP is to be asked for, and the letter says 900.00 GBP."
    assert steps_of("INV-1") == [] and steps_of("INV-9")
    night(books, LATER)
    assert steps_of("INV-1") == [(LATER, "first_chase")]
