"""The night's review: one message a customer and day, each step once, missed nights, kills, and who is left alone."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ar_collections import dunning_runs
from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.holds import HoldFacts, NotHeldSo, lift_hold, place_hold
from ar_collections.actions.notices import NothingToAsk, send_notice, write_notices
from ar_collections.models import DunningHold, DunningNotice, NoticeLine
from ar_collections.queries.cases import house_of, load_cases
from ar_collections.queries.preview import preview
from ar_collections.reasons import DeductionReason
from core.errors import NotAllowed
from core.models import LegalEntity, Run, User
from core.money import money
from customers.models import Contact, Customer
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, night, office_hours, steps_of, switch_all_on

DUE = date(2026, 5, 4)
"""A Monday, and a holiday in England."""


def past(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.fixture(autouse=True)
def ladders(books: LegalEntity, manager: User) -> None:
    switch_all_on(manager, books)


def test_an_invoice_climbs_its_ladder_night_by_night(account: Books, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)

    for days in range(-7, 40):
        night(books, past(days))
        office_hours(past(days))

    assert steps_of("INV-1") == [
        (date(2026, 4, 29), "pre_due"),
        (date(2026, 5, 5), "due_today"),
        (date(2026, 5, 11), "first_chase"),
        (date(2026, 5, 19), "second_chase"),
        (date(2026, 5, 29), "third_chase"),
    ]
    assert Message.objects.filter(state="sent", kind__startswith="notice_").count() == 5
    assert preview(books, past(40)).reasons == [("A manager sends this step", 1)]


def test_all_items_are_in_one_message(account: Books, books: LegalEntity, hotels: Customer) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    account.invoice("INV-2", "300.00", date(2026, 4, 1), past(-10))
    account.invoice("INV-3", "50.00", date(2026, 4, 1), past(30))

    night(books, past(7))

    [notice] = DunningNotice.objects.all()
    assert notice.step.code == "first_chase"
    assert sorted(notice.lines.values_list("item__number", "step_code")) == [
        ("INV-1", "first_chase"),
        ("INV-2", "first_chase"),
    ]
    office_hours(past(7))
    message = Message.objects.get()
    assert message.subject == "Reminder: £1,200.00 is overdue to Brightwater"
    assert "Invoice INV-2: £300.00, due 24 April 2026, 17 days past due" in message.text
    assert "INV-3" not in message.text
    assert message.to_addresses == ["ap@hotels.example"]


def test_the_same_night_twice_asks_once(account: Books, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    first = night(books, past(7))

    Run.objects.filter(pk=first.pk).update(state=Run.State.FAILED)
    again = night(books, past(7))

    assert first.result["notices"] == 1
    assert (again.pk, again.result["notices"], again.result["written_before"]) == (first.pk, 0, 1)
    assert Message.objects.count() == 1


def test_a_missed_week_is_caught_up_without_doubles(account: Books, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    account.invoice("INV-2", "300.00", date(2026, 4, 4), past(-4))
    night(books, past(1))
    office_hours(past(1))

    for days in (9, 10, 11, 14, 15, 17):
        night(books, past(days))
        office_hours(past(days))

    assert steps_of("INV-1") == [(past(1), "due_today"), (past(9), "first_chase"), (past(17), "second_chase")]
    assert steps_of("INV-2") == [(past(1), "first_chase"), (past(14), "second_chase")]


def test_a_clock_that_jumps_doubles_nothing(account: Books, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)

    for days in (7, 16, 7, 8, 16, 17):
        night(books, past(days))
        office_hours(past(days))

    assert steps_of("INV-1") == [(past(7), "first_chase"), (past(16), "second_chase")]


def test_a_night_whose_day_is_over_writes_nothing(account: Books, books: LegalEntity, system: User) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    run, _ = dunning_runs.start(system, books, past(7))

    dunning_runs.carry_out(run)

    run.refresh_from_db()
    assert (run.state, run.result) == (Run.State.DONE, {"late": 1})
    assert not DunningNotice.objects.exists()


def test_before_its_hour_and_without_a_strategy_nothing_is_due(books: LegalEntity, de: LegalEntity) -> None:
    assert dunning_runs.due_run(books, at(past(7), 2)) is None
    assert dunning_runs.due_run(de, at(past(7), 9)) is None
    run = dunning_runs.due_run(books, at(past(7), 9))
    assert run is not None and run.business_date == past(7)
    assert dunning_runs.due_run(books, at(past(7), 10)) is None


def test_the_database_keeps_it_to_one_a_day_and_each_step_to_once(account: Books, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    night(books, past(7))
    notice = DunningNotice.objects.get()
    line = notice.lines.get()

    with pytest.raises(IntegrityError, match="one_notice_a_customer_and_day"), transaction.atomic():
        DunningNotice.objects.create(
            entity=books, customer=notice.customer, decided_on=past(7), step=notice.step, decided_by=notice.decided_by
        )
    other = DunningNotice.objects.create(
        entity=books, customer=notice.customer, decided_on=past(8), step=notice.step, decided_by=notice.decided_by
    )
    with pytest.raises(IntegrityError, match="a_step_of_an_item_is_taken_once"), transaction.atomic():
        NoticeLine.objects.create(
            notice=other,
            item=line.item,
            strategy=line.strategy,
            step_code=line.step_code,
            step_day=line.step_day,
            asked=line.asked,
            currency=line.currency,
        )


def test_what_is_disputed_held_or_paid_on_account_is_not_asked_for(
    account: Books, hotels: Customer, books: LegalEntity, collector: User
) -> None:
    disputed = account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    held = account.invoice("INV-2", "300.00", date(2026, 4, 4), DUE)
    account.invoice("INV-3", "80.00", date(2026, 4, 4), DUE)
    claim = Claim(DeductionReason.PRICE, money("250.00 GBP"))
    open_dispute(by=collector, item=disputed, claim=claim, opened_on=past(2))
    hold = place_hold(
        by=collector,
        customer=hotels,
        facts=HoldFacts(DunningHold.Kind.HOLD, "Waits for the order number", held),
        placed_on=past(2),
    )
    account.receipt("RC-1", "80.00", past(3))

    night(books, past(7))

    lines = NoticeLine.objects.order_by("item__number").values_list("item__number", "asked")
    assert list(lines) == [("INV-1", Decimal("570.00")), ("INV-3", Decimal("80.00"))]
    found = preview(books, past(8))
    assert "On hold: Waits for the order number" in found.rows[0].reasons
    lift_hold(by=collector, hold=hold, reason="It came", lifted_on=past(9))
    night(books, past(10))
    assert steps_of("INV-2") == [(past(10), "first_chase")]


def test_whoever_is_insolvent_or_not_to_be_contacted_is_left_alone(
    account: Books, hotels: Customer, books: LegalEntity, collector: User
) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    facts = HoldFacts(DunningHold.Kind.INSOLVENT, "Administrator appointed")
    hold = place_hold(by=collector, customer=hotels, facts=facts, placed_on=past(2))
    assert place_hold(by=collector, customer=hotels, facts=facts, placed_on=past(2)) == hold
    night(books, past(7))
    assert preview(books, past(7)).reasons == [("Insolvent", 1)]
    lift_hold(by=collector, hold=hold, reason="Mistaken for another", lifted_on=past(8))

    by_phone = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "By phone only", channel="email")
    place_hold(by=collector, customer=hotels, facts=by_phone, placed_on=past(8))
    night(books, past(8))

    [notice] = DunningNotice.objects.all()
    assert (notice.message, notice.asks_call) == (None, True)
    with pytest.raises(NotHeldSo, match="is over already"):
        place_hold(
            by=collector,
            customer=hotels,
            facts=HoldFacts(DunningHold.Kind.HOLD, "Late", until=past(1)),
            placed_on=past(8),
        )


def test_a_day_off_at_the_customers_waits(
    new_customer: Callable[..., Customer], system: User, books: LegalEntity
) -> None:
    berlin = new_customer("C-2", "Halle GmbH", language="de")
    berlin.addresses.update(country="DE")
    Books(system, berlin).invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 9))

    night(books, date(2026, 5, 14))  # Ascension, a holiday in Germany
    assert not DunningNotice.objects.exists()
    night(books, date(2026, 5, 15))
    office_hours(date(2026, 5, 15), 5)
    assert Message.objects.get().state == "queued"
    office_hours(date(2026, 5, 15), 7)

    message = Message.objects.get()
    assert (message.state, message.language) == ("sent", "de")
    assert message.subject == "Zahlungserinnerung: 900,00 £ an Brightwater"


def test_nobody_to_write_to_is_said(account: Books, hotels: Customer, books: LegalEntity) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), past(6))
    Contact.objects.filter(customer=hotels).update(bounced_at=at(past(1)))

    night(books, past(7))

    assert preview(books, past(7)).reasons == [("There is nobody to write to", 1)]


def test_a_person_asks_now_and_a_manager_sends_what_the_night_may_not(
    account: Books, hotels: Customer, books: LegalEntity, collector: User, manager: User, auditor: User
) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    for days in (1, 7, 15, 25):
        night(books, past(days))
        office_hours(past(days))
    by_hand = send_notice(by=collector, customer=hotels, on=past(29), at=at(past(29), 10))
    assert (by_hand.step.code, by_hand.lines.get().step_code) == ("third_chase", "")
    assert send_notice(by=collector, customer=hotels, on=past(29), at=at(past(29), 11)) == by_hand

    final = send_notice(by=manager, customer=hotels, on=past(36), at=at(past(36), 10))

    assert (final.step.code, final.lines.get().step_code) == ("suspension_start", "suspension_start")
    with pytest.raises(NotAllowed):
        send_notice(by=auditor, customer=hotels, on=past(37), at=at(past(37), 10))
    account.receipt("RC-1", "900.00", past(37))
    with pytest.raises(NothingToAsk, match="RC-1 waits to be applied"):
        send_notice(by=manager, customer=hotels, on=past(37), at=at(past(37), 10))


def test_only_the_house_itself_reviews(books: LegalEntity, manager: User) -> None:
    with pytest.raises(NotAllowed):
        write_notices(by=manager, house=house_of(books), customers=[], on=past(7), at=at(past(7)))


def test_queries_do_not_grow_with_customers(
    new_customer: Callable[..., Customer],
    system: User,
    books: LegalEntity,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    keys = []
    for number in range(12):
        customer = new_customer(f"C-{number}", f"Customer {number}")
        Books(system, customer).invoice(f"INV-{number}", "900.00", date(2026, 4, 4), DUE)
        keys.append(customer.pk)
    house = house_of(books)

    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        assert len(list(load_cases(house, keys, on=past(7)))) == 12
    with django_assert_max_num_queries(38):  # type: ignore[attr-defined]
        write_notices(by=system, house=house, customers=keys, on=past(7), at=at(past(7)))
