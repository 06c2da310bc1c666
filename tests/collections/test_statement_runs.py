"""Statements for everybody: on the day of the rule, once, with catch-up, for groups together, and to whom not."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from ar_collections import statement_runs
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.statements import (
    NothingToState,
    RuleFacts,
    change_statement_rule,
    send_group_statement,
    send_statement,
    send_statements,
)
from ar_collections.models import DunningHold, StatementRule
from ar_collections.queries.statement_runs import period_start, rule_of
from ar_collections.statement_days import DayRule, Shift
from core.calendars import BusinessCalendar
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, Run, RunError, User
from customers.models import Contact, Customer
from messaging.models import Message
from messaging.sender import deliver
from tests.collections.books import Books
from tests.collections.suspending import at, clock_at

FIFTEENTH = date(2026, 5, 15)
ENGLAND = BusinessCalendar("GB", "ENG")


def browser_of(person: User) -> Client:
    """A browser of their own, beside those of the others."""
    client = Client()
    client.force_login(person)
    return client


def rule(by: User, entity: LegalEntity, on: date = date(2026, 5, 4), **facts: Any) -> StatementRule:
    given = {"style": StatementRule.Style.OPEN_ITEM, "by_group": False, "is_on": True, "days": DayRule(), **facts}
    return change_statement_rule(by=by, entity=entity, facts=RuleFacts(**given), changed_on=on)


def morning(entity: LegalEntity, day: date, hour: int = 7) -> Run | None:
    """What beat does on a day."""
    with clock_at(day, hour):
        run = statement_runs.due_run(entity, at(day, hour))
        if run is not None:
            statement_runs.carry_out(run)
            run.refresh_from_db()
    return run


def test_the_day_of_the_rule_for_a_year_and_what_holidays_do() -> None:
    days = DayRule().days_from(date(2026, 1, 1), ENGLAND)
    year = [next(days) for _ in range(12)]
    assert [(day.month, day.day) for day in year] == [
        (1, 15), (2, 16), (3, 16), (4, 15), (5, 15), (6, 15), (7, 15), (8, 14), (9, 15), (10, 15), (11, 16), (12, 15),
    ]  # fmt: skip
    closed = BusinessCalendar("GB", "ENG", {date(2026, 8, 14): False, date(2026, 4, 15): False})
    assert DayRule().day_in(2026, 8, closed) == date(2026, 8, 13), "off a Saturday it goes on backwards"
    assert DayRule().day_in(2026, 4, closed) == date(2026, 4, 16)
    assert DayRule(holiday=Shift.STAY).day_in(2026, 4, closed) == date(2026, 4, 15)
    assert DayRule(day=31).day_in(2026, 2, ENGLAND) == date(2026, 2, 27), "Saturday the 28th goes to the day before"
    assert DayRule(saturday=Shift.STAY).day_in(2026, 8, closed) == date(2026, 8, 15)
    first = DayRule(day=1).days_from(date(2026, 8, 3), ENGLAND)
    assert next(first) == date(2026, 9, 1)


def test_a_day_is_stated_once_and_a_missed_one_is_made_up(
    books: LegalEntity,
    manager: User,
    collector: User,
    account: Books,
    system: User,
    new_customer: Callable[..., Customer],
    django_assert_max_num_queries: Any,
) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    credit, held, nobody = (new_customer(code, f"{code} Ltd") for code in ("CREDIT", "HELD", "NOBODY"))
    Books(system, credit).receipt("RC-9", "50.00", date(2026, 5, 2))
    for customer in (held, nobody):
        Books(system, customer).invoice(f"INV-{customer.code}", "10.00", date(2026, 4, 4), date(2026, 5, 4))
    place_hold(
        by=collector,
        customer=held,
        facts=HoldFacts(DunningHold.Kind.INSOLVENT, "Administrator appointed"),
        placed_on=date(2026, 5, 4),
    )
    Contact.objects.filter(customer=nobody).update(receives_statements=False, is_active=False)
    new_customer("EMPTY", "Empty Ltd")
    assert morning(books, FIFTEENTH) is None, "without a rule nothing goes out"
    rule(manager, books)
    assert morning(books, date(2026, 5, 14)) is None
    assert morning(books, FIFTEENTH, 4) is None, "not before six"

    with django_assert_max_num_queries(45):
        run = morning(books, date(2026, 5, 18))  # the fifteenth was missed

    assert run is not None and run.business_date == FIFTEENTH
    assert (run.state, run.total, run.result) == (Run.State.DONE, 4, {"sent": 2, "not_sent": 2})
    assert morning(books, date(2026, 5, 19)) is None
    messages = {message.about.code: message for message in Message.objects.select_related("customer")}
    assert sorted(messages) == ["C-10420", "CREDIT"]
    assert messages["C-10420"].context["balances"] == {"GBP": "900.000"}
    statement_runs.carry_out(run)
    assert Message.objects.count() == 2 and AuditEvent.objects.filter(event="statement.sent").count() == 2
    Message.objects.update(not_before=datetime(2026, 1, 1, tzinfo=UTC))
    deliver(by=system)
    sent = Message.objects.get(customer__code="C-10420")
    assert sent.state == "sent"
    assert sorted(row.file.name.rsplit(".")[-1] for row in sent.attachments.all()) == ["pdf", "xlsx"]


def test_balance_forward_goes_on_where_the_last_one_ended_and_a_rule_that_is_off_stops(
    books: LegalEntity, manager: User, account: Books
) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    forward = rule(manager, books, style=StatementRule.Style.BALANCE_FORWARD)
    assert period_start(forward, FIFTEENTH) == date(2026, 4, 16)
    run = morning(books, FIFTEENTH)
    assert run is not None and Message.objects.get().context["starts_on"] == "2026-04-16"

    rule(manager, books, on=date(2026, 6, 1), is_on=False)
    assert morning(books, date(2026, 6, 15)) is None
    assert StatementRule.objects.count() == 2
    assert AuditEvent.objects.filter(event="statement_rule.changed").count() == 2


def test_a_group_is_told_together_and_one_customer_at_whom_it_breaks_stops_no_other(
    books: LegalEntity,
    manager: User,
    collector: User,
    account: Books,
    system: User,
    hotels: Customer,
    new_customer: Callable[..., Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bath = new_customer("BATH", "Hotels Bath", parent=hotels)
    sick = new_customer("SICK", "Sick Ltd")
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    for customer in (bath, sick):
        Books(system, customer).invoice(f"INV-{customer.code}", "100.00", date(2026, 4, 4), date(2026, 5, 4))
    rule(manager, books, by_group=True)

    def breaks(*, customers: Any, **facts: Any) -> int:
        if sick.pk in customers:
            raise ArithmeticError("no sum")
        return send_statements(customers=customers, **facts)

    monkeypatch.setattr("ar_collections.statement_runs.send_statements", breaks)
    run = morning(books, FIFTEENTH)
    assert run is not None and (run.state, run.failed, run.result["sent"]) == (Run.State.DONE, 1, 1)
    assert "ArithmeticError" in RunError.objects.get().message

    [message] = Message.objects.all()
    assert (message.kind, message.customer) == ("group_statement", hotels)
    Message.objects.update(not_before=datetime(2026, 1, 1, tzinfo=UTC))
    deliver(by=system)
    message.refresh_from_db()
    assert message.state == "sent" and "Hotels Bath: £100.00" in message.text and "Together: £1,000.00" in message.text
    assert message.attachments.count() == 2
    assert send_group_statement(by=collector, customer=hotels, as_of=date(2026, 5, 20)).kind == "group_statement"
    browser = Client()
    browser.force_login(collector)
    assert b"Send for the whole group" in browser.get(f"/customers/{hotels.pk}/statement/").content
    assert b"Send for the whole group" not in browser.get(f"/customers/{sick.pk}/statement/").content
    with pytest.raises(NothingToState, match="is the parent of no group"):
        send_group_statement(by=collector, customer=sick, as_of=FIFTEENTH)


def test_the_pages_show_rule_preview_and_runs(
    books: LegalEntity, manager: User, collector: User, account: Books
) -> None:
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))
    maya, colin = browser_of(manager), browser_of(collector)
    facts = {
        "day": "15",
        "saturday": "before",
        "sunday": "after",
        "holiday": "after",
        "style": "open_item",
        "is_on": "1",
    }
    tried = maya.post("/statements/rule/", {**facts, "day": "10", "try": "1"})
    assert tried.status_code == 200 and len(tried.context["days"]) == 12 and rule_of(books) is None
    assert maya.post("/statements/rule/", facts).status_code == 302
    page = colin.get("/statements/")
    assert page.status_code == 200 and len(page.context["days"]) == 12
    assert colin.get("/statements/rule/").status_code == 403
    preview = colin.get("/statements/preview/?as_of=2026-05-20")
    assert b"Brightwater Hotels" in preview.content and b"Send them" not in preview.content
    assert colin.post("/statements/start/", {"as_of": "2026-05-20"}).status_code == 403
    assert maya.get("/statements/preview/?as_of=2026-13-40").status_code == 409
    assert maya.post("/statements/start/", {"as_of": "2199-01-01"}).status_code == 409

    done = maya.post("/statements/start/", {"as_of": "2026-05-20"}, follow=True)

    assert done.status_code == 200 and Message.objects.get().document == "2026-05-20"
    maya.post("/statements/start/", {"as_of": "2026-05-20"})
    assert Message.objects.count() == 1
    with pytest.raises(NotAllowed):
        rule(collector, books)


def test_a_group_of_three_levels_is_one_statement_and_holds_are_asked_today_and_once_more_at_sending(
    books: LegalEntity,
    manager: User,
    collector: User,
    account: Books,
    system: User,
    hotels: Customer,
    new_customer: Callable[..., Customer],
) -> None:
    bath = new_customer("BATH", "Hotels Bath", parent=hotels)
    spa = new_customer("SPA", "Bath Spa", parent=bath)
    gone, falls = (new_customer(code, name, parent=bath) for code, name in (("GONE", "Gone"), ("FALLS", "Falls")))
    alone, asked = new_customer("ALONE", "Alone Ltd"), new_customer("ASKED", "Asked Ltd")
    for customer in (spa, gone, falls, alone, asked):
        Books(system, customer).invoice(f"INV-{customer.code}", "100.00", date(2026, 4, 4), date(2026, 5, 4))
    account.invoice("INV-1", "900.00", date(2026, 4, 4), date(2026, 5, 4))

    def falls_insolvent(customer: Customer, on: date) -> None:
        facts = HoldFacts(DunningHold.Kind.INSOLVENT, f"{customer.name}: administrator appointed")
        place_hold(by=collector, customer=customer, facts=facts, placed_on=on)

    falls_insolvent(gone, date(2026, 5, 16))
    rule(manager, books, by_group=True)
    monday = date(2026, 5, 18)
    with clock_at(monday, 9):
        page = browser_of(manager).get("/statements/preview/?as_of=2026-05-15").content
    assert b"a group of 4" in page and b"Without Gone: " in page and b"\xc2\xa31,100.00" in page

    run = morning(books, monday)  # as at the fifteenth, a day before the hold

    assert run is not None and run.result == {"sent": 3, "not_sent": 0}
    group = Message.objects.get(kind="group_statement")
    assert group.about == hotels and group.context["members"] == [hotels.pk, bath.pk, falls.pk, spa.pk]
    assert group.context["balances"] == {"GBP": "1100.000"}
    with clock_at(monday, 9):
        by_hand = send_statement(by=collector, customer=asked, as_of=monday)
    for customer in (falls, alone, asked):
        falls_insolvent(customer, monday)
    Message.objects.update(not_before=datetime(2026, 1, 1, tzinfo=UTC))
    with clock_at(monday, 9):
        deliver(by=system)

    group.refresh_from_db()
    assert group.state == "sent" and "Together: £1,000.00" in group.text
    assert "Bath Spa: £100.00" in group.text and "Falls" not in group.text and "Gone" not in group.text
    states = {message.pk: (message.state, message.reason) for message in Message.objects.exclude(pk=group.pk)}
    assert states.pop(by_hand.pk) == ("sent", ""), "what somebody asks for is theirs to decide"
    assert [state for state, _ in states.values()] == ["cancelled", "cancelled"]
    assert all("administrator appointed" in reason for _, reason in states.values())


def test_a_run_that_died_counts_what_was_sent_before_its_death(
    books: LegalEntity,
    manager: User,
    system: User,
    new_customer: Callable[..., Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        customer = new_customer(f"C{number}", f"Customer {number}")
        Books(system, customer).invoice(f"INV-{number}", "100.00", date(2026, 4, 4), date(2026, 5, 4))
    rule(manager, books)
    monkeypatch.setattr(statement_runs, "BATCH", 1)
    sent: list[int] = []

    def dies(**facts: Any) -> int:
        if len(sent) == 2:
            raise KeyboardInterrupt
        sent.append(send_statements(**facts))
        return sent[-1]

    monkeypatch.setattr(statement_runs, "send_statements", dies)
    with pytest.raises(KeyboardInterrupt):
        morning(books, FIFTEENTH)
    assert Message.objects.count() == 2
    monkeypatch.setattr(statement_runs, "send_statements", send_statements)
    run = Run.objects.get()
    Run.objects.update(last_seen_at=datetime(2026, 5, 15, 5, tzinfo=UTC))

    with clock_at(FIFTEENTH, 8):
        statement_runs.carry_out(run)

    run.refresh_from_db()
    assert (run.state, run.result) == (Run.State.DONE, {"sent": 3, "not_sent": 0})
    assert Message.objects.count() == AuditEvent.objects.filter(event="statement.sent").count() == 3
