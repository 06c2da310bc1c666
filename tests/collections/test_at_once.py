"""Two hands at once, and forms that come twice: one effect and a clear sentence, never an error page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from ar_collections.actions.calls import CallEvent, CallLog, NotLoggable, log_call, record_call_event
from ar_collections.actions.promises import NotPromisable, Pledge, record_promise
from ar_collections.calls import CallOutcome
from ar_collections.models import Call, Promise
from core import clock
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from customers.models import Customer
from tests.collections.books import Books


def both(*work: Callable[[], Any]) -> list[str]:
    """Do all at once, each in a connection of its own; what each came to, in a word or the refusal's sentence."""
    ready = Barrier(len(work))

    def one(each: Callable[[], Any]) -> str:
        try:
            ready.wait(10)
            return str(each())
        except Refused as refusal:
            return refusal.message
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


@pytest.mark.django_db(transaction=True)
def test_two_people_replace_a_promise_write_a_call_down_and_a_telephone_tells_twice(
    collector: User, clerk: User, uk: LegalEntity, hotels: Customer, account: Books
) -> None:
    today = clock.today(uk)
    account.invoice("INV-1", "1000.00", today - timedelta(days=60), today - timedelta(days=30))

    def pledge(replaces: Promise | None) -> Pledge:
        payments = [(today + timedelta(days=3), Decimal(1000))]
        return Pledge(currency="GBP", instalments=payments, said_by="Priya", replaces=replaces)

    first = record_promise(by=collector, customer=hotels, pledge=pledge(None), taken_on=today)

    def replace(by: User) -> Callable[[], int]:
        seen = Promise.objects.get(pk=first.pk)
        return lambda: record_promise(by=by, customer=hotels, pledge=pledge(seen), taken_on=today).pk

    answers = both(replace(collector), replace(clerk))
    assert sorted(answer.isdecimal() for answer in answers) == [False, True]
    assert any("isn't open any more; nothing takes its place" in answer for answer in answers)
    assert Promise.objects.filter(outcome="").count() == 1

    def tell() -> int:
        event = CallEvent(
            external_id="pbx-1",
            direction=Call.Direction.OUT,
            number="+44 1632 960147",
            started_at=clock.now(),
            seconds=40,
            is_answered=True,
        )
        return record_call_event(by=collector, entity=uk, event=event).pk

    assert len(set(both(tell, tell))) == 1
    told = Call.objects.get(external_id="pbx-1")

    def write_down(by: User, outcome: CallOutcome) -> Callable[[], int]:
        log = CallLog(outcome=outcome, told=Call.objects.get(pk=told.pk))
        return lambda: log_call(by=by, customer=hotels, log=log, on=today).pk

    answers = both(write_down(collector, CallOutcome.SPOKE), write_down(clerk, CallOutcome.NEEDS_DOCUMENT))
    assert sorted(answers)[1] == "This call was written down already."
    told.refresh_from_db()
    again = CallLog(outcome=CallOutcome(told.outcome), told=told)
    assert log_call(by=told.agent or collector, customer=hotels, log=again, on=today) == told, "a form sent twice"


def test_the_same_form_with_other_content_is_refused_and_not_taken_for_the_first(
    collector: User, hotels: Customer, account: Books, new_customer: Callable[..., Customer]
) -> None:
    today = clock.today(hotels.entity)
    account.invoice("INV-1", "1000.00", today - timedelta(days=60), today - timedelta(days=30))
    castle, key = new_customer("C-2", "Castle Fibre"), str(uuid4())

    def promise(customer: Customer, amount: int) -> Promise:
        payments = [(today, Decimal(amount))]
        pledge = Pledge(currency="GBP", instalments=payments, said_by="Priya", request_id=key)
        return record_promise(by=collector, customer=customer, pledge=pledge, taken_on=today)

    first = promise(hotels, 400)
    assert promise(hotels, 400) == first
    for customer, amount in ((hotels, 500), (castle, 400)):
        with pytest.raises(SameKeyOtherContent, match=r"has taken the promise of 400\.00 GBP"):
            promise(customer, amount)

    def call(customer: Customer, outcome: CallOutcome) -> Call:
        log = CallLog(outcome=outcome, request_id=key)
        return log_call(by=collector, customer=customer, log=log, on=today)

    spoken = call(hotels, CallOutcome.SPOKE)
    assert call(hotels, CallOutcome.SPOKE) == spoken
    for customer, outcome in ((hotels, CallOutcome.BUSY), (castle, CallOutcome.SPOKE)):
        with pytest.raises(SameKeyOtherContent):
            call(customer, outcome)


def test_the_end_of_all_times_is_no_day(
    collector: User, uk: LegalEntity, hotels: Customer, account: Books, signed_in: Callable[[User], Client]
) -> None:
    item = account.invoice("INV-7", "250.00", date(2026, 9, 1), date(2026, 10, 1))
    browser, end = signed_in(collector), "9999-12-31"
    facts = {"said_by": "Priya", "channel": "phone", "request_id": str(uuid4()), f"take_{item.pk}": "on", "due_1": end}
    answer = browser.post(f"/customers/{hotels.pk}/promises/new/", facts)
    assert answer.status_code == 422 and b"between 1970 and 2199" in answer.content
    logged = {"outcome": "callback", "next_on": end, "request_id": str(uuid4())}
    assert browser.post(f"/customers/{hotels.pk}/calls/new/", logged).status_code == 422
    held = {"kind": "hold", "reason": "x", "until": end}
    assert browser.post(f"/customers/{hotels.pk}/holds/new/", held).status_code == 422
    preview = browser.get(f"/reminders/preview/?on={end}")
    assert preview.status_code == 409 and b"is no day" in preview.content
    early = CallEvent(
        external_id="x",
        direction=Call.Direction.IN,
        number="+441632960147",
        started_at=clock.now() + timedelta(days=9000),
        seconds=0,
        is_answered=False,
    )
    with pytest.raises(NotLoggable, match="look at the telephone's clock"):
        record_call_event(by=collector, entity=uk, event=early)
    with pytest.raises(NotPromisable):
        pledge = Pledge(currency="GBP", instalments=[(date(2199, 12, 31), Decimal(250))], said_by="Priya")
        record_promise(by=collector, customer=hotels, pledge=pledge, taken_on=clock.today(uk))
