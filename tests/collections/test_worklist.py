"""The worklist: the policy's order with its reason in figures, views that add up, and what is done from it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.portfolios import NotAssignable
from ar_collections.actions.promises import Pledge, judge_promises, record_promise
from ar_collections.actions.worklist import (
    assign_customers,
    claim_customer,
    refresh_worklist,
    snooze_customer,
)
from ar_collections.calls import CallOutcome
from ar_collections.models import Call, DunningNotice, WorkAssignment, WorkClaim, WorklistEntry
from ar_collections.queries.worklist import entries, figures_of_list, in_order, in_view, why
from ar_collections.ranking import rank
from ar_collections.reasons import DeductionReason
from ar_collections.rules import Rules
from ar_collections.tasks import refresh_worklists
from ar_collections.worklist import Tier
from core import clock
from core.actions import save_view
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.models import OpenItem
from tests.collections.books import Books
from tests.collections.dunning import at, switch_all_on

NewCustomer = Callable[..., Customer]


@pytest.fixture
def today(uk: LegalEntity) -> date:
    return clock.today(uk)


@pytest.fixture
def owing(system: User, new_customer: NewCustomer, today: date) -> Callable[..., OpenItem]:
    """A customer with one invoice that is overdue by so many days."""

    def make(code: str, amount: str, days: int) -> OpenItem:
        customer = new_customer(code, f"Customer {code}")
        due = today - timedelta(days=days)
        return Books(system, customer).invoice(f"INV-{code}", amount, due - timedelta(days=30), due)

    return make


def ranked(uk: LegalEntity, system: User, today: date, **kinds: list[OpenItem]) -> dict[str, WorklistEntry]:
    items = {name: [item.pk for item in kinds.get(name, ())] for name in ("finals", "recurring")}
    rank(uk.pk, today, None, risks=Rules().risks, **items)
    return {entry.customer.code: entry for entry in entries(uk)}


def promised(by: User, item: OpenItem, due_on: date, on: date) -> Any:
    pledge = Pledge(
        currency=item.currency, instalments=[(due_on, item.amount)], parts=[(item, item.amount)], said_by="Priya"
    )
    return record_promise(by=by, customer=item.customer, pledge=pledge, taken_on=on)


def test_the_policys_order(
    uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date
) -> None:
    broken = owing("BROKEN", "100.00", 20)
    promise = promised(collector, broken, today - timedelta(days=6), today - timedelta(days=8))
    judge_promises(by=system, entity=uk, promises=[promise], as_of=today)
    final = owing("FINAL", "100.00", 2)
    month = [owing("MONTHS", "100.00", 25)]
    due = today - timedelta(days=60)
    month.append(Books(system, month[0].customer).invoice("INV-M2", "100.00", due - timedelta(days=30), due))
    owing("OLD", "100.00", 31)
    owing("WINDOW", "100.00", 10)
    owing("REST", "9000.00", 3)
    held = owing("HELD", "100.00", 40)
    promised(collector, held, today + timedelta(days=7), today)
    owing("FUTURE", "100.00", -5)

    found = ranked(uk, system, today, finals=[final], recurring=month)
    order = in_order(entries(uk), entity=uk, today=today).values_list("customer__code", flat=True)

    assert list(order) == ["BROKEN", "FINAL", "MONTHS", "OLD", "WINDOW", "REST", "HELD"]
    assert [found[code].tier for code in order] == list(Tier)
    priorities = [found[code].priority for code in order]
    assert priorities == sorted(priorities, reverse=True)


def test_why_adds_up_to_the_value_at_risk(
    uk: LegalEntity, system: User, owing: Callable[..., OpenItem], today: date
) -> None:
    item = owing("A", "1000.00", 40)
    Books(system, item.customer).invoice("INV-A2", "200.00", today - timedelta(days=40), today - timedelta(days=10))

    entry = ranked(uk, system, today)["A"]
    told = why(entry, entry.entity)

    assert [(part.age, part.amount, part.risk) for part in told.parts] == [
        ("1–30 days", Decimal(200), Decimal(30)), ("31–60 days", Decimal(1000), Decimal(350)),
    ]  # fmt: skip
    assert sum(part.risk for part in told.parts) == entry.at_risk
    assert (entry.overdue, entry.open_amount, entry.over_31) == (Decimal(1200), Decimal(1200), Decimal(1000))


def test_what_is_disputed_or_promised_does_not_rank_a_customer(
    uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date
) -> None:
    item = owing("A", "1000.00", 40)
    claim = Claim(DeductionReason.PRICE, money("600.00 GBP"), "Too dear")
    open_dispute(by=collector, item=item, claim=claim, opened_on=today)

    entry = ranked(uk, system, today)["A"]

    assert (entry.held, entry.over_31, entry.overdue) == (Decimal(600), Decimal(400), Decimal(1000))


def test_whoever_pays_leaves_the_list(
    uk: LegalEntity, system: User, owing: Callable[..., OpenItem], today: date
) -> None:
    item = owing("A", "1000.00", 40)
    ranked(uk, system, today)
    books = Books(system, item.customer)
    books.apply(books.receipt("RC-1", "1000.00", today), item, "1000.00", today)

    assert refresh_worklist(by=system, entity=uk, today=today, customers=[item.customer_id]) == 0
    assert not WorklistEntry.objects.exists()


def test_a_broken_promise_that_was_paid_since_is_none_any_more(
    uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date
) -> None:
    item = owing("A", "1000.00", 40)
    pledge = Pledge(
        currency="GBP", instalments=[(today - timedelta(days=6), Decimal(400))], parts=[(item, Decimal(400))],
        said_by="Priya",
    )  # fmt: skip
    promise = record_promise(by=collector, customer=item.customer, pledge=pledge, taken_on=today - timedelta(days=8))
    judge_promises(by=system, entity=uk, promises=[promise], as_of=today)
    assert ranked(uk, system, today)["A"].tier == Tier.BROKEN

    books = Books(system, item.customer)
    books.apply(books.receipt("RC-1", "400.00", today), item, "400.00", today)

    assert ranked(uk, system, today)["A"].tier == Tier.OVER_31


def test_views_count_what_they_show(
    uk: LegalEntity, system: User, collector: User, manager: User, owing: Callable[..., OpenItem], today: date
) -> None:
    customers = [owing(code, "100.00", days).customer for code, days in (("A", 40), ("B", 10), ("C", 3), ("D", 50))]
    ranked(uk, system, today)
    assign_customers(by=manager, entity=uk, customers=customers[:2], collector=collector)
    snooze_customer(by=collector, customer=customers[0], until_on=today + timedelta(days=2), snoozed_on=today)
    log_call(by=collector, customer=customers[2], log=CallLog(outcome=CallOutcome.SPOKE), on=today)
    back = CallLog(outcome=CallOutcome.CALLBACK, next_on=today)
    log_call(by=collector, customer=customers[3], log=back, on=today - timedelta(days=1))

    facts: dict[str, Any] = {"entity": uk, "by": collector, "today": today}
    counts = figures_of_list(entries(uk), **facts).counts

    assert counts == {
        "mine": 1, "all": 2, "finals": 0, "recurring": 0, "over31": 1, "window": 1, "broken": 0, "callbacks": 1,
        "waiting": 2, "nobody": 1,
    }  # fmt: skip
    for view, count in counts.items():
        assert in_view(entries(uk), view, **facts).count() == count
    first = in_order(in_view(entries(uk), "all", **facts), entity=uk, today=today).first()
    assert first is not None and first.customer == customers[3]


def test_a_customer_is_one_collectors_and_history_stays(
    uk: LegalEntity, manager: User, collector: User, clerk: User, auditor: User, hotels: Customer
) -> None:
    assign_customers(by=manager, entity=uk, customers=[hotels], collector=collector)
    assert assign_customers(by=manager, entity=uk, customers=[hotels], collector=collector) == []
    assign_customers(by=manager, entity=uk, customers=[hotels], collector=clerk)

    rows = WorkAssignment.objects.order_by("pk").values_list("collector__name", "ended_at")
    assert [(name, ended_at is None) for name, ended_at in rows] == [("Colin", False), ("Nora", True)]
    with pytest.raises(NotAssignable, match="Audrey holds no role"):
        assign_customers(by=manager, entity=uk, customers=[hotels], collector=auditor)
    with pytest.raises(NotAllowed):
        assign_customers(by=collector, entity=uk, customers=[hotels], collector=collector)


def test_put_off_and_brought_back(collector: User, hotels: Customer, today: date) -> None:
    with pytest.raises(Refused, match="isn't put off"):
        snooze_customer(by=collector, customer=hotels, until_on=today, snoozed_on=today)
    later = snooze_customer(by=collector, customer=hotels, until_on=today + timedelta(days=3), snoozed_on=today)
    assert snooze_customer(by=collector, customer=hotels, until_on=later.until_on, snoozed_on=today) == later
    assert snooze_customer(by=collector, customer=hotels, until_on=today, snoozed_on=today).until_on == today


def test_a_claim_warns_and_runs_out(collector: User, clerk: User, hotels: Customer) -> None:
    claim_customer(by=collector, customer=hotels)
    assert claim_customer(by=clerk, customer=hotels).by == collector

    WorkClaim.objects.update(at=clock.now() - timedelta(minutes=11))

    assert claim_customer(by=clerk, customer=hotels).by == clerk


def test_the_schedule_ranks_every_company(owing: Callable[..., OpenItem]) -> None:
    owing("A", "100.00", 40)

    assert refresh_worklists() == 1
    assert WorklistEntry.objects.get().tier == Tier.OVER_31


# The page ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def five(uk: LegalEntity, system: User, owing: Callable[..., OpenItem], today: date) -> list[Customer]:
    customers = [owing(f"C{number}", f"{1000 * (9 - number)}.00", 40).customer for number in range(5)]
    ranked(uk, system, today)
    return customers


def test_a_call_is_logged_and_the_next_customer_opens(
    five: list[Customer], collector: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(collector)
    page = browser.get("/worklist/").content.decode()
    assert page.count("data-row-link") == 5 and "Why priority" in page
    assert f"/worklist/{five[0].pk}/log/" in page

    facts = {"outcome": "spoke", "note": "Pays on Friday", "request_id": str(uuid4()), "next": five[1].pk, "go_on": "1"}
    answer = browser.post(f"/worklist/{five[0].pk}/log/?view=all", facts, follow=True)

    assert Call.objects.get().note == "Pays on Friday"
    text = answer.content.decode()
    assert f"/worklist/{five[1].pk}/log/" in text and text.count("data-row-link") == 4
    assert "Undo the last call" in text
    assert browser.post(f"/worklist/{five[1].pk}/log/", {"request_id": str(uuid4())}).status_code == 422


def test_the_panel_comes_alone_and_says_who_is_at_it(
    five: list[Customer], collector: User, clerk: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(collector)
    browser.post(f"/worklist/{five[2].pk}/claim/")
    panel = signed_in(clerk).get(f"/worklist/?customer={five[2].pk}", headers={"HX-Request": "true"}).content.decode()
    told = browser.post(f"/worklist/{five[2].pk}/claim/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in panel and 'id="panel"' in panel
    assert "Colin is on this since" in told


def test_several_are_assigned_and_one_is_put_off(
    five: list[Customer], manager: User, collector: User, signed_in: Callable[[User], Client], today: date
) -> None:
    browser = signed_in(manager)
    chosen = {"customers": [customer.pk for customer in five[:3]], "collector": collector.pk}
    browser.post("/worklist/assign/", chosen)
    later = (today + timedelta(days=5)).isoformat()
    browser.post(f"/worklist/{five[4].pk}/snooze/", {"until_on": later, "reason": "On holiday"})

    assert WorkAssignment.objects.filter(collector=collector, ended_at=None).count() == 3
    assert "Customer C4 comes back on" in browser.get("/worklist/").content.decode()
    assert "Customer C4" not in browser.get("/worklist/").content.decode()
    assert "Put off until" in browser.get("/worklist/?view=waiting").content.decode()
    assert browser.get("/worklist/?format=xlsx").status_code == 200


def test_a_notice_to_several_is_previewed_with_whom_not_and_why(
    uk: LegalEntity, system: User, manager: User, collector: User, owing: Callable[..., OpenItem], today: date,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    switch_all_on(system, uk)
    asked, held = owing("ASKED", "900.00", 8), owing("HELD", "900.00", 8)
    promised(collector, held, today + timedelta(days=7), today)
    monday = today + timedelta(days=(7 - today.weekday()) % 7)
    chosen = {"customers": [asked.customer_id, held.customer_id]}
    browser = signed_in(collector)
    with patch("core.clock.now", lambda: at(monday, 10)):
        preview = browser.post("/worklist/notice/", chosen).content.decode()
        assert not DunningNotice.objects.exists()
        done = browser.post("/worklist/notice/", {**chosen, "send": "1"}).content.decode()

    assert "Send 1 notice" in preview and "1 of 2 customers" in preview
    assert "In the outbox" in done and "Nothing can be asked of Customer HELD today" in done
    assert DunningNotice.objects.get().customer == asked.customer
    assert "Tick the customers first" in browser.post("/worklist/notice/", follow=True).content.decode()


def test_an_auditor_reads_and_is_offered_nothing(
    five: list[Customer], auditor: User, stranger: User, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(auditor).get("/worklist/").content.decode()
    assert "Save and next" not in page and "Customer C0" in page
    assert "Customer C0" not in signed_in(stranger).get("/worklist/").content.decode()
    assert signed_in(stranger).get(f"/worklist/?customer={five[0].pk}").status_code == 404


def test_the_page_asks_few_questions_however_many_customers_there_are(
    five: list[Customer], uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date,
    signed_in: Callable[[User], Client], django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(30):
        owing(f"D{number}", "500.00", 20)
    ranked(uk, system, today)
    browser = signed_in(collector)
    for number in range(8):
        save_view(by=collector, page="collections:worklist", name=f"Own {number}", query=f"view=all&q=D{number}")
    with django_assert_max_num_queries(24):
        shown = browser.get("/worklist/?q=d2")
    assert shown.context["rows"].paginator.count == len(shown.context["rows"]) == 11
    assert {own.count for own in shown.context["own"]} == {1, 11}
    with django_assert_max_num_queries(19):
        browser.get(f"/worklist/?customer={five[3].pk}", headers={"HX-Request": "true"})


def test_a_view_of_ones_own_is_kept_with_its_count_and_dropped(
    five: list[Customer], collector: User, manager: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(collector)
    facts = {"name": "The third", "view": "all", "q": "C3"}
    shown = browser.post("/worklist/views/keep/", facts, follow=True)
    [own] = shown.context["own"]
    assert (own.saved.name, own.count, own.is_current) == ("The third", 1, True)
    assert b"Write a name" in browser.post("/worklist/views/keep/", {"view": "all"}, follow=True).content

    assert signed_in(manager).post(f"/worklist/views/{own.saved.pk}/drop/").status_code == 404
    browser = signed_in(collector)
    browser.post(f"/worklist/views/{own.saved.pk}/drop/")
    assert browser.get("/worklist/").context["own"] == []
