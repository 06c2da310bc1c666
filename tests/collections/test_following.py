"""What follows at once when money moves, and that one customer at whom it breaks stops no other."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.promises import Pledge, record_promise
from ar_collections.actions.rules import change_rules
from ar_collections.calls import CallOutcome
from ar_collections.models import Promise, WorklistEntry
from ar_collections.promise_runs import carry_out, due_run
from ar_collections.promises import Judgement, Outcome
from ar_collections.queries.asked import overdue_to_ask
from ar_collections.queries.moved import customers_to_rank
from ar_collections.queries.promises import judgements
from ar_collections.reasons import DeductionReason
from ar_collections.rules import Rules
from ar_collections.tasks import follow_money, judge_due_promises, refresh_worklists
from ar_collections.worklist import Tier
from core import clock
from core.calendars import calendar_of
from core.models import AuditEvent, LegalEntity, Run, RunError, User
from core.money import money
from customers.models import Customer
from ledger.models import OpenItem
from ledger.posting import reverse_entry
from messaging.models import Message
from messaging.sender import Tally
from tests.collections.books import Books


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    cache.clear()


@pytest.fixture
def today(uk: LegalEntity) -> date:
    return clock.today(uk)


@pytest.fixture
def owing(new_customer: Callable[..., Customer], system: User, today: date) -> Callable[..., OpenItem]:
    """A customer with one invoice, overdue by so many days."""

    def make(code: str, amount: str = "1000.00", days: int = 40) -> OpenItem:
        books = Books(system, new_customer(code, f"{code} Ltd"))
        due = today - timedelta(days=days)
        return books.invoice(f"INV-{code}", amount, due - timedelta(days=30), due)

    return make


def promised(by: User, item: OpenItem, due: date, on: date, amount: str = "1000.00") -> Promise:
    pledge = Pledge(
        currency="GBP", instalments=[(due, Decimal(amount))], parts=[(item, Decimal(amount))], said_by="Priya"
    )
    return record_promise(by=by, customer=item.customer, pledge=pledge, taken_on=on)


def outcome_of(promise: Promise) -> str:
    promise.refresh_from_db()
    return promise.outcome


def test_a_promise_is_kept_the_minute_its_money_is_posted_and_open_again_when_it_is_undone(
    uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date
) -> None:
    item, other = owing("PAYS"), owing("WAITS")
    promise = promised(collector, item, today + timedelta(days=3), today)
    waits = promised(collector, other, today + timedelta(days=3), today)
    books = Books(system, item.customer)
    refresh_worklists()
    receipt = books.receipt("RC-1", "1000.00", today)

    assert follow_money() == 1
    assert (outcome_of(promise), outcome_of(waits)) == (Outcome.KEPT, Outcome.OPEN)
    assert waits.judged_on == today, "its document was new, so it was looked at"
    assert follow_money() == 0
    assert AuditEvent.objects.filter(event="promise.judged").count() == 1

    reverse_entry(by=system, entry=receipt.line.entry, posted_on=today, reason="Returned by the bank")
    assert follow_money() == 1
    assert outcome_of(promise) == Outcome.OPEN
    assert WorklistEntry.objects.get(customer=item.customer).tier == Tier.WAITING, "ranked with the judgement"

    paid = Books(system, other.customer)
    paid.apply(paid.receipt("RC-2", "1000.00", today), other, "1000.00", today)
    assert follow_money() == 1
    assert not WorklistEntry.objects.filter(customer=other.customer).exists(), "nobody calls them any more"


def test_one_promise_that_breaks_is_reported_and_stops_no_other(
    uk: LegalEntity,
    collector: User,
    owing: Callable[..., OpenItem],
    today: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due = calendar_of(uk).add_business_days(today, -5)
    given = [promised(collector, owing(code), due, due) for code in ("GOOD", "SICK", "SOUND")]
    sick = given[1]

    def breaks(some: Sequence[Promise], *, as_of: date) -> dict[int, Judgement]:
        if any(promise.pk == sick.pk for promise in some):
            raise ArithmeticError("no sum")
        return judgements(some, as_of=as_of)

    monkeypatch.setattr("ar_collections.actions.promises.judgements", breaks)
    run = due_run(uk, today)
    assert run is not None
    carry_out(run)

    run.refresh_from_db()
    assert (run.state, run.failed, run.result["broken"]) == (Run.State.DONE, 1, 2)
    assert RunError.objects.get(run=run).label == "Promises of SICK"
    assert [outcome_of(promise) for promise in given] == [Outcome.BROKEN, Outcome.OPEN, Outcome.BROKEN]
    with pytest.raises(ExceptionGroup) as trouble:
        follow_money()
    assert trouble.group_contains(ArithmeticError)


# The worklist --------------------------------------------------------------------------------------------------------


def test_in_the_day_only_those_are_ranked_whose_account_moved(
    uk: LegalEntity, system: User, collector: User, manager: User, owing: Callable[..., OpenItem], today: date
) -> None:
    """Everybody was ranked an hour from now; only those who are named here count as ranked at the day's beginning."""
    items = {code: owing(code, "100.00") for code in ("QUIET", "PAYS", "PROMISES", "DISPUTES")}
    refresh_worklists()
    later, dawn = clock.now() + timedelta(hours=1), datetime.combine(today, time.min, uk.zone)
    WorklistEntry.objects.filter(customer__code="QUIET").update(refreshed_at=later, tier=Tier.REST)
    WorklistEntry.objects.exclude(customer__code="QUIET").update(refreshed_at=dawn)
    books = Books(system, items["PAYS"].customer)
    books.apply(books.receipt("RC-1", "100.00", today), items["PAYS"], "100.00", today)
    promised(collector, items["PROMISES"], today + timedelta(days=3), today, "100.00")
    claim = Claim(DeductionReason.PRICE, money("100.00 GBP"))
    open_dispute(by=collector, item=items["DISPUTES"], claim=claim, opened_on=today)
    owing("NEW", "100.00")

    assert refresh_worklists() == 3

    tiers = dict(WorklistEntry.objects.values_list("customer__code", "tier"))
    waiting = dict.fromkeys(("PROMISES", "DISPUTES"), Tier.WAITING)
    assert tiers == {"QUIET": Tier.REST, "NEW": Tier.OVER_31, **waiting}
    assert customers_to_rank(uk, today + timedelta(days=1), clock.now()) is None, "everybody, once a day"

    change_rules(by=manager, entity=uk, rules=Rules(daily_target=60), reason="Two are away")
    WorklistEntry.objects.update(refreshed_at=clock.now() - timedelta(seconds=5))
    assert customers_to_rank(uk, today, None) is None, "other rules rank everybody"


# What is asked along the way -----------------------------------------------------------------------------------------


def test_the_eve_s_reminder_and_the_mail_after_three_calls_leave_out_what_is_contested(
    uk: LegalEntity, collector: User, owing: Callable[..., OpenItem], today: date, send: Callable[[], Tally]
) -> None:
    said, next_day = today - timedelta(days=7), calendar_of(uk).add_business_days(today, 1)
    part, whole = owing("PART"), owing("WHOLE")
    for item in (part, whole):
        promised(collector, item, next_day, said)
    for item, amount in ((part, "400.00 GBP"), (whole, "1000.00 GBP")):
        claim = Claim(DeductionReason.PRICE, money(amount))
        open_dispute(by=collector, item=item, claim=claim, opened_on=today)
    called = owing("CALLED")
    claim = Claim(DeductionReason.PRICE, money("250.00 GBP"))
    open_dispute(by=collector, item=called, claim=claim, opened_on=today)
    for _ in range(3):
        log_call(by=collector, customer=called.customer, log=CallLog(outcome=CallOutcome.NO_ANSWER), on=today)
    judge_due_promises()
    Message.objects.update(not_before=clock.now())
    send()

    mails = {message.about.code: message for message in Message.objects.select_related("customer")}
    assert mails["PART"].subject.startswith("Your payment of £600.00 on ")
    assert (mails["WHOLE"].state, mails["WHOLE"].reason) == ("cancelled", "What is left of it is disputed.")
    assert "£750.00" in mails["CALLED"].text


def test_money_on_account_is_not_used_up_by_what_is_contested(
    uk: LegalEntity, system: User, collector: User, owing: Callable[..., OpenItem], today: date
) -> None:
    contested = owing("C", days=60)
    books = Books(system, contested.customer)
    due = today - timedelta(days=20)
    books.invoice("INV-C2", "500.00", due - timedelta(days=30), due)
    claim = Claim(DeductionReason.PRICE, money("900.00 GBP"))
    open_dispute(by=collector, item=contested, claim=claim, opened_on=today)
    books.receipt("RC-C", "450.00", today)

    assert overdue_to_ask(contested.customer, today) == [money("150.00 GBP")]


# The rules as data ---------------------------------------------------------------------------------------------------


def test_other_rules_count_for_what_is_promised_from_then_on(
    uk: LegalEntity,
    system: User,
    collector: User,
    manager: User,
    owing: Callable[..., OpenItem],
    today: date,
    signed_in: Callable[[User], Any],
) -> None:
    due = calendar_of(uk).add_business_days(today, -6)
    before = promised(collector, owing("BEFORE"), due, due)
    page = signed_in(manager)
    shown = page.get("/collections/rules/")
    facts = {name: str(value) for name, value in shown.context["form"].initial.items()}
    facts |= {"grace_days": "3", "kept_from": "90.0", "daily_target": "60", "reason": "The bank is slow this month"}
    assert page.post("/collections/rules/", {**facts, "risk_to_30": "90.0"}).status_code == 422
    assert page.post("/collections/rules/", facts).status_code == 302
    after = promised(collector, owing("AFTER"), due, due)

    assert (after.until_on - before.until_on).days >= 2
    for promise in (before, after):
        books = Books(system, promise.customer)
        books.receipt(f"RC-{promise.customer.code}", "950.00", due)
    follow_money()
    assert (outcome_of(before), outcome_of(after)) == (Outcome.PARTLY, Outcome.KEPT)

    event = AuditEvent.objects.get(event="rules.changed")
    assert event.before == {"grace_days": 1, "kept_from": "0.99", "daily_target": 75}
    assert b"The bank is slow this month" in page.get("/collections/rules/").content
    assert b"of 60" in page.get("/worklist/").content
    colin = signed_in(collector)
    assert colin.get("/collections/rules/").status_code == 200
    assert colin.post("/collections/rules/", facts).status_code == 403
