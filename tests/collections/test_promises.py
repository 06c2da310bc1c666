"""Promises: taken, reminded of, and decided by the ledger alone."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.promises import (
    NotPromisable,
    Pledge,
    PromiseEnded,
    judge_promises,
    record_promise,
    withdraw_promise,
)
from ar_collections.models import DunningHold, Promise
from ar_collections.promise_runs import carry_out, due_run
from ar_collections.promises import Outcome
from ar_collections.queries.promises import open_promises, reliability
from ar_collections.reasons import DeductionReason
from ar_collections.tasks import judge_due_promises
from core import clock
from core.calendars import calendar_of
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, Run, User
from core.money import money
from customers.models import Contact, Customer
from ledger.models import OpenItem
from ledger.posting import reverse_entry
from messaging.models import Message
from tests.collections.books import Books

CALLED = date(2026, 11, 10)  # a Tuesday
FRIDAY = date(2026, 11, 13)
MONDAY = date(2026, 11, 16)  # Friday's grace
TUESDAY = date(2026, 11, 17)


@pytest.fixture
def invoice(account: Books) -> OpenItem:
    """A thousand pounds, due since October."""
    return account.invoice("INV-1", "1000.00", date(2026, 9, 10), date(2026, 10, 10))


@pytest.fixture
def promise(collector: User, hotels: Customer, invoice: OpenItem) -> Promise:
    """Priya says on Tuesday that all of it comes on Friday."""
    return promised(collector, hotels, (FRIDAY, "1000.00"))


def promised(by: User, customer: Customer, *payments: tuple[date, str], on: date = CALLED, **more: Any) -> Promise:
    parts = [(item, Decimal(amount)) for item, amount in more.pop("parts", ())]
    instalments = [(day, Decimal(amount)) for day, amount in payments]
    pledge = Pledge(currency="GBP", instalments=instalments, parts=parts, **{"said_by": "Priya Nair", **more})
    return record_promise(by=by, customer=customer, pledge=pledge, taken_on=on)


def judged(by: User, promise: Promise, as_of: date) -> str:
    judge_promises(by=by, entity=promise.entity, promises=[promise], as_of=as_of)
    promise.refresh_from_db()
    return promise.outcome


def pay(
    account: Books, invoice: OpenItem, amount: str, on: date, *, applied: date | None = None, no: str = "1"
) -> None:
    account.apply(account.receipt(f"RC-{no}", amount, on), invoice, amount, applied or on)


# Decided by the ledger -----------------------------------------------------------------------------------------------


def test_a_promise_is_kept_by_money_of_its_day(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    pay(account, invoice, "1000.00", FRIDAY)

    assert judged(system, promise, TUESDAY) == Outcome.KEPT
    assert (promise.received, promise.ended_on) == (Decimal(1000), TUESDAY)


def test_money_counts_from_the_day_on_which_it_came_not_on_which_it_was_applied(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    pay(account, invoice, "1000.00", FRIDAY, applied=date(2026, 11, 19))

    assert judged(system, promise, date(2026, 11, 20)) == Outcome.KEPT


def test_the_day_of_grace_keeps_it_and_the_day_after_does_not(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    assert judged(system, promise, MONDAY) == Outcome.OPEN
    assert judged(system, promise, TUESDAY) == Outcome.BROKEN

    pay(account, invoice, "1000.00", TUESDAY)

    assert judged(system, promise, date(2026, 11, 18)) == Outcome.LATE


def test_ninety_nine_percent_is_enough_and_a_part_is_a_part(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    pay(account, invoice, "400.00", FRIDAY)
    assert judged(system, promise, TUESDAY) == Outcome.PARTLY

    pay(account, invoice, "590.00", FRIDAY, no="2")
    assert judged(system, promise, TUESDAY) == Outcome.KEPT


def test_money_on_account_keeps_a_promise_once(
    account: Books, system: User, collector: User, hotels: Customer, promise: Promise
) -> None:
    other = account.invoice("INV-2", "1000.00", date(2026, 10, 1), date(2026, 10, 31))
    second = promised(collector, hotels, (FRIDAY, "1000.00"), parts=[(other, "1000.00")])
    account.receipt("RC-1", "1000.00", FRIDAY)

    judge_promises(by=system, entity=hotels.entity, promises=[promise, second], as_of=TUESDAY)

    assert list(Promise.objects.order_by("pk").values_list("outcome", flat=True)) == ["kept", "broken"]


def test_a_payment_that_comes_back_breaks_what_was_kept(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    receipt = account.receipt("RC-1", "1000.00", FRIDAY)
    assert judged(system, promise, TUESDAY) == Outcome.KEPT

    reverse_entry(by=system, entry=receipt.line.entry, posted_on=date(2026, 11, 18), reason="Returned by the bank")

    assert judged(system, promise, date(2026, 11, 19)) == Outcome.BROKEN


def test_what_is_credited_needs_no_payment(account: Books, system: User, invoice: OpenItem, promise: Promise) -> None:
    account.apply(account.credit_note("CN-1", "700.00", FRIDAY), invoice, "700.00", FRIDAY)
    pay(account, invoice, "300.00", FRIDAY)

    assert judged(system, promise, TUESDAY) == Outcome.KEPT
    assert promise.received == Decimal(300)


def test_a_promise_whose_document_is_credited_in_full_was_neither_kept_nor_broken(
    account: Books, system: User, invoice: OpenItem, promise: Promise
) -> None:
    account.apply(account.credit_note("CN-1", "1000.00", FRIDAY), invoice, "1000.00", FRIDAY)

    assert judged(system, promise, TUESDAY) == Outcome.SETTLED


def test_a_credit_takes_first_what_was_not_promised(
    account: Books, system: User, collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    half = promised(collector, hotels, (FRIDAY, "500.00"), parts=[(invoice, "500.00")])
    account.apply(account.credit_note("CN-1", "500.00", FRIDAY), invoice, "500.00", FRIDAY)

    assert judged(system, half, TUESDAY) == Outcome.BROKEN


def test_instalments_are_followed_one_by_one_and_early_money_counts_for_the_next(
    account: Books, system: User, collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    week, later = date(2026, 11, 20), date(2026, 11, 27)
    promise = promised(collector, hotels, (FRIDAY, "300.00"), (week, "300.00"), (later, "400.00"))
    pay(account, invoice, "600.00", FRIDAY)

    assert judged(system, promise, date(2026, 11, 25)) == Outcome.OPEN
    assert judged(system, promise, date(2026, 12, 1)) == Outcome.PARTLY
    assert list(promise.instalments.values_list("outcome", flat=True)) == ["kept", "kept", "broken"]


def test_money_that_came_before_the_promise_keeps_nothing(
    account: Books, system: User, collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    pay(account, invoice, "400.00", date(2026, 11, 2))
    promise = promised(collector, hotels, (FRIDAY, "600.00"))

    assert judged(system, promise, TUESDAY) == Outcome.BROKEN


# What it holds back --------------------------------------------------------------------------------------------------


def test_a_promise_holds_back_what_it_names_until_its_grace_is_over(
    uk: LegalEntity, collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    promised(collector, hotels, (FRIDAY, "400.00"), parts=[(invoice, "400.00")])

    assert open_promises(entity=uk, as_of=date(2026, 11, 9)) == []
    [held] = open_promises(entity=uk, as_of=MONDAY, customers=[hotels.pk])
    assert (held.item, held.amount, held.until_on) == (invoice.pk, Decimal(400), MONDAY)
    assert open_promises(entity=uk, as_of=TUESDAY) == []


def test_the_first_instalment_that_fails_ends_the_pause(
    uk: LegalEntity, system: User, collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    promise = promised(collector, hotels, (FRIDAY, "500.00"), (date(2026, 11, 27), "500.00"))

    assert open_promises(entity=uk, as_of=TUESDAY) == []
    assert judged(system, promise, TUESDAY) == Outcome.BROKEN
    assert open_promises(entity=uk, as_of=TUESDAY) == []


# Taking and withdrawing ----------------------------------------------------------------------------------------------


def test_without_documents_the_oldest_are_promised(account: Books, collector: User, hotels: Customer) -> None:
    account.invoice("INV-2", "500.00", date(2026, 10, 1), date(2026, 10, 31))
    account.invoice("INV-1", "1000.00", date(2026, 9, 10), date(2026, 10, 10))
    promise = promised(collector, hotels, (FRIDAY, "1200.00"))

    assert list(promise.items.values_list("item__number", "amount")) == [
        ("INV-1", Decimal(1000)), ("INV-2", Decimal(200)),
    ]  # fmt: skip


def test_sent_twice_it_is_one_promise(collector: User, hotels: Customer, invoice: OpenItem) -> None:
    key = str(uuid4())
    first = promised(collector, hotels, (FRIDAY, "1000.00"), request_id=key)

    assert promised(collector, hotels, (FRIDAY, "1000.00"), request_id=key) == first


def test_what_cannot_be_promised_is_refused_in_a_sentence(
    account: Books, collector: User, hotels: Customer, invoice: OpenItem, new_customer: Callable[..., Customer]
) -> None:
    def refused(*payments: tuple[date, str], **more: Any) -> str:
        with pytest.raises(NotPromisable) as refusal:
            promised(collector, hotels, *payments, **more)
        return refusal.value.message

    assert refused((FRIDAY, "1500.00")).startswith("Only 1,000.00 GBP is open")
    assert refused((date(2026, 11, 2), "100.00")).startswith("02 Nov 2026 is over already")
    assert refused((FRIDAY, "0.00")).endswith("has no amount.")
    assert refused((FRIDAY, "10.00"), said_by=" ").startswith("Write who promised it")
    assert refused((FRIDAY, "10.00"), parts=[(invoice, "20.00")]).startswith("The items come to 20.00 GBP")
    assert refused((date(2027, 6, 1), "10.00")).startswith("01 Jun 2027 is later than 60 days")
    stranger = Contact.objects.filter(customer=new_customer("C-2", "Castle Fibre")).get()
    assert refused((FRIDAY, "10.00"), contact=stranger) == "Priya Nair is no contact of Brightwater Hotels Group."
    receipt = account.receipt("RC-9", "50.00", CALLED)
    assert refused((FRIDAY, "50.00"), parts=[(receipt, "50.00")]).startswith("RC-9 has 0.00 GBP open")


def test_what_is_disputed_cannot_be_promised_as_well(collector: User, hotels: Customer, invoice: OpenItem) -> None:
    claim = Claim(DeductionReason.PRICE, money("300.00 GBP"), "Too dear")
    open_dispute(by=collector, item=invoice, claim=claim, opened_on=CALLED)

    with pytest.raises(NotPromisable, match=r"INV-1 has 700.00 GBP open apart from what is disputed"):
        promised(collector, hotels, (FRIDAY, "800.00"), parts=[(invoice, "800.00")])


def test_an_item_is_promised_once_and_another_promise_takes_its_place(
    collector: User, hotels: Customer, invoice: OpenItem, promise: Promise
) -> None:
    with pytest.raises(NotPromisable, match="INV-1 is promised already"):
        promised(collector, hotels, (MONDAY, "1000.00"))

    second = promised(collector, hotels, (MONDAY, "1000.00"), replaces=promise)
    promise.refresh_from_db()

    assert (promise.outcome, second.replaces) == (Outcome.REPLACED, promise)


def test_the_third_promise_of_the_same_documents_is_the_managers(
    collector: User, manager: User, hotels: Customer, system: User, promise: Promise
) -> None:
    judged(system, promise, TUESDAY)
    second = promised(collector, hotels, (date(2026, 11, 20), "1000.00"), on=TUESDAY)
    judged(system, second, date(2026, 11, 24))
    third = (date(2026, 11, 27), "1000.00")

    with pytest.raises(NotPromisable, match="promised 2 times and not paid"):
        promised(collector, hotels, third, on=date(2026, 11, 24))
    assert promised(manager, hotels, third, on=date(2026, 11, 24)).is_open


def test_a_promise_is_withdrawn_with_a_reason_and_a_broken_one_by_a_manager(
    collector: User, manager: User, system: User, hotels: Customer, promise: Promise
) -> None:
    with pytest.raises(Refused, match="Write why"):
        withdraw_promise(by=collector, promise=promise, reason=" ", withdrawn_on=CALLED)
    judged(system, promise, TUESDAY)
    with pytest.raises(PromiseEnded, match="Only a manager"):
        withdraw_promise(by=collector, promise=promise, reason="Wrong customer", withdrawn_on=TUESDAY)

    gone = withdraw_promise(by=manager, promise=promise, reason="Wrong customer", withdrawn_on=TUESDAY)

    assert gone.outcome == Outcome.WITHDRAWN
    assert (
        withdraw_promise(by=manager, promise=promise, reason="Again", withdrawn_on=TUESDAY).reason == "Wrong customer"
    )
    assert judged(system, promise, date(2026, 11, 20)) == Outcome.WITHDRAWN
    assert reliability(Promise.objects.all(), whose="customer", as_of=date(2026, 11, 20)) == []


def test_who_may_not_take_a_promise(hotels: Customer, invoice: OpenItem, auditor: User, stranger: User) -> None:
    for person in (auditor, stranger):
        with pytest.raises(NotAllowed):
            promised(person, hotels, (FRIDAY, "10.00"))


def test_the_database_keeps_what_was_said(promise: Promise) -> None:
    for change in ({"amount": Decimal(1)}, {"due_on": MONDAY}, {"said_by": "Somebody"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Promise.objects.filter(pk=promise.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        promise.items.all().delete()


def test_reliability_by_customer_contact_and_collector(
    account: Books,
    uk: LegalEntity,
    collector: User,
    system: User,
    hotels: Customer,
    invoice: OpenItem,
    promise: Promise,
) -> None:
    pay(account, invoice, "1000.00", FRIDAY)
    judged(system, promise, TUESDAY)
    second = account.invoice("INV-2", "500.00", date(2026, 10, 1), date(2026, 10, 31))
    judged(system, promised(collector, hotels, (FRIDAY, "500.00"), parts=[(second, "500.00")]), TUESDAY)

    for whose, name in (("customer", hotels.name), ("contact", "Priya Nair"), ("collector", "Colin")):
        [row] = reliability(Promise.objects.filter(entity=uk), whose=whose, as_of=TUESDAY)
        assert (row.name, row.kept, row.broken, row.share_kept) == (name, 1, 1, Decimal(50))
        assert (row.promised, row.received) == (Decimal(1500), Decimal(1000))


# The night -----------------------------------------------------------------------------------------------------------


def test_the_run_of_a_day_judges_once_and_can_be_repeated(
    uk: LegalEntity, promise: Promise, django_assert_max_num_queries: Any
) -> None:
    run = due_run(uk, TUESDAY)
    assert run is not None and due_run(uk, TUESDAY) is None

    with django_assert_max_num_queries(45):
        carry_out(run)
    promise.refresh_from_db()
    run.refresh_from_db()

    assert (promise.outcome, run.state, run.result["broken"]) == (Outcome.BROKEN, Run.State.DONE, 1)


@pytest.fixture
def for_tomorrow(collector: User, uk: LegalEntity, hotels: Customer, invoice: OpenItem) -> Promise:
    """Said last week, due on the next business day."""
    today = clock.today(uk)
    next_day = calendar_of(uk).add_business_days(today, 1)
    return promised(collector, hotels, (next_day, "1000.00"), on=today - timedelta(days=7))


def test_the_schedule_reminds_the_day_before_and_once(for_tomorrow: Promise, send: Callable[[], Any]) -> None:
    assert judge_due_promises() == 1
    assert judge_due_promises() == 0
    [message] = Message.objects.filter(kind="promise_reminder")
    Message.objects.update(not_before=clock.now())
    send()
    message.refresh_from_db()

    assert message.subject.startswith("Your payment of £1,000.00 on ")
    assert "INV-1" in message.text and message.to_addresses == ["ap@hotels.example"]


def test_whoever_paid_meanwhile_is_not_reminded(
    account: Books, uk: LegalEntity, invoice: OpenItem, for_tomorrow: Promise, send: Callable[[], Any]
) -> None:
    judge_due_promises()
    pay(account, invoice, "1000.00", clock.today(uk))
    Message.objects.update(not_before=clock.now())
    send()

    message = Message.objects.get(kind="promise_reminder")
    assert (message.state, message.reason) == ("cancelled", "The money has come.")


@pytest.mark.parametrize(("kind", "channel"), [("insolvent", ""), ("do_not_contact", "email")])
def test_whoever_is_not_to_be_written_to_meanwhile_is_not_reminded(
    collector: User, hotels: Customer, for_tomorrow: Promise, send: Callable[[], Any], kind: str, channel: str
) -> None:
    judge_due_promises()
    facts = HoldFacts(DunningHold.Kind(kind), "A lawyer called", channel=channel)
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=clock.today(hotels.entity))
    Message.objects.update(not_before=clock.now())
    send()

    message = Message.objects.get(kind="promise_reminder")
    assert message.state == "cancelled" and "A lawyer called" in message.reason


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_collector_writes_a_promise_down_and_takes_it_away(
    hotels: Customer, collector: User, account: Books, signed_in: Callable[[User], Client]
) -> None:
    today = clock.today(hotels.entity)
    item = account.invoice("INV-7", "250.00", date(2026, 9, 1), date(2026, 10, 1))
    browser, url = signed_in(collector), f"/customers/{hotels.pk}/promises/new/"
    assert b"INV-7" in browser.get(url).content
    facts = {"said_by": "Priya", "channel": "phone", "request_id": str(uuid4()), f"take_{item.pk}": "on"}

    assert browser.post(url, facts).status_code == 422
    answer = browser.post(url, {**facts, "due_1": today.isoformat()}, follow=True)

    promise = Promise.objects.get()
    assert (promise.amount, promise.due_on) == (Decimal(250), today)
    assert b"250.00" in answer.content
    for page in ("/promises/", "/promises/?state=all&q=INV-7", f"/customers/{hotels.pk}/promises/", "/promises/kept/"):
        assert browser.get(page).status_code == 200
    assert browser.get("/promises/?format=xlsx").status_code == 200
    browser.post(f"/promises/{promise.pk}/withdraw/", {"reason": "Misheard"})
    promise.refresh_from_db()
    assert promise.outcome == Outcome.WITHDRAWN


def test_the_list_asks_few_questions(
    hotels: Customer,
    collector: User,
    account: Books,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(30):
        item = account.invoice(f"INV-{number}", "100.00", date(2026, 9, 1), date(2026, 10, 1))
        promised(collector, hotels, (date(2027, 1, 4), "100.00"), parts=[(item, "100.00")], on=date(2027, 1, 1))
    browser = signed_in(collector)
    with django_assert_max_num_queries(15):
        browser.get("/promises/?state=all&as_at=2027-01-01")
