"""Calls: written down with all that follows, counted once a customer and day, told by the telephone system."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from ar_collections.actions import Claim
from ar_collections.actions.calls import CallEvent, CallLog, NotLoggable, log_call, record_call_event, take_back_call
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.promises import Pledge
from ar_collections.calls import CallOutcome
from ar_collections.models import Call, Dispute, DunningHold, Promise
from ar_collections.queries.calls import contact_with_number, counts_by_agent, day_count, to_return
from ar_collections.reasons import DeductionReason
from core import clock
from core.actions import issue_token
from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.money import money
from customers.models import Contact, Customer
from ledger.models import OpenItem
from messaging.models import Message
from tests.collections.books import Books

TODAY = date(2026, 11, 10)
O = CallOutcome  # noqa: E741 - a table of outcomes


@pytest.fixture
def invoice(account: Books) -> OpenItem:
    return account.invoice("INV-1", "1000.00", date(2026, 9, 10), date(2026, 10, 10))


@pytest.fixture
def priya(hotels: Customer) -> Contact:
    contact = hotels.contacts.get()
    contact.phone = "+44 1632 960147"
    contact.save()
    return contact


def called(by: User, customer: Customer, outcome: CallOutcome, on: date = TODAY, **more: Any) -> Call:
    return log_call(by=by, customer=customer, log=CallLog(outcome=outcome, **more), on=on)


def test_three_attempts_then_the_mail_writes_itself(
    collector: User, hotels: Customer, invoice: OpenItem, send: Callable[[], Any]
) -> None:
    today = clock.today(hotels.entity)
    tries = [called(collector, hotels, outcome, on=today) for outcome in (O.NO_ANSWER, O.BUSY, O.VOICEMAIL_LEFT)]

    assert [call.attempt for call in tries] == [1, 2, 3]
    [message] = Message.objects.filter(kind="missed_you")
    assert message.not_before > clock.now() + timedelta(minutes=10)
    with pytest.raises(NotLoggable, match="3 attempts were made today"):
        called(collector, hotels, O.NO_ANSWER, on=today)

    Message.objects.update(not_before=clock.now())
    send()
    message.refresh_from_db()
    assert message.state == "sent"
    assert "£1,000.00" in message.text and "Colin, Brightwater" in message.text


def test_whoever_is_reached_gets_no_such_mail(
    collector: User, hotels: Customer, invoice: OpenItem, send: Callable[[], Any]
) -> None:
    today = clock.today(hotels.entity)
    for _ in range(3):
        called(collector, hotels, O.NO_ANSWER, on=today)
    called(collector, hotels, O.SPOKE, on=today)
    Message.objects.update(not_before=clock.now())
    send()

    assert Message.objects.get(kind="missed_you").reason == "They were reached after all."


def test_whoever_wants_no_mails_gets_none_after_the_third_attempt(
    collector: User, hotels: Customer, invoice: OpenItem, send: Callable[[], Any]
) -> None:
    today = clock.today(hotels.entity)
    for _ in range(3):
        called(collector, hotels, O.NO_ANSWER, on=today)
    facts = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "No mails please", channel="email")
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=today)
    Message.objects.update(not_before=clock.now())
    send()

    assert "No mails please" in Message.objects.get(kind="missed_you").reason


def test_a_customer_counts_once_a_day_however_often_they_are_called(
    uk: LegalEntity, collector: User, clerk: User, hotels: Customer, new_customer: Callable[..., Customer]
) -> None:
    called(collector, hotels, O.NO_ANSWER)
    called(collector, hotels, O.SPOKE)
    called(collector, new_customer("C-2", "Castle Fibre"), O.BUSY)
    called(clerk, hotels, O.SPOKE)

    count = day_count(entity=uk, on=TODAY, agent=collector)
    assert (count.called, count.reached, count.attempts, count.target) == (2, 1, 3, 75)
    assert counts_by_agent(entity=uk, on=TODAY) == [("Colin", 2, 1, 3), ("Nora", 1, 1, 1)]
    assert day_count(entity=uk, on=TODAY - timedelta(days=1), agent=collector).called == 0


def test_a_promise_or_a_dispute_comes_with_its_call(collector: User, hotels: Customer, invoice: OpenItem) -> None:
    pledge = Pledge(currency="GBP", instalments=[(TODAY, Decimal(600))], said_by="Priya")
    claim = Claim(DeductionReason.PRICE, money("400.00 GBP"), "Too dear")
    promise = called(collector, hotels, O.PROMISE, pledge=pledge)
    dispute = called(collector, hotels, O.DISPUTE, claim=(invoice, claim))

    assert promise.promise == Promise.objects.get()
    assert dispute.dispute == Dispute.objects.get()
    with pytest.raises(NotLoggable, match="Write what was promised"):
        called(collector, hotels, O.PROMISE)
    with pytest.raises(NotLoggable, match="Write what is disputed"):
        called(collector, hotels, O.DISPUTE)
    with pytest.raises(NotLoggable, match="the day on which to call back"):
        called(collector, hotels, O.CALLBACK)


def test_when_the_promise_is_refused_the_call_is_not_kept_either(
    collector: User, hotels: Customer, invoice: OpenItem
) -> None:
    pledge = Pledge(currency="GBP", instalments=[(TODAY, Decimal(6000))], said_by="Priya")
    with pytest.raises(Exception, match="is open"):
        called(collector, hotels, O.PROMISE, pledge=pledge)

    assert not Call.objects.exists()


def test_the_contact_is_put_right_in_the_same_step(collector: User, hotels: Customer, priya: Contact) -> None:
    called(collector, hotels, O.WRONG_NUMBER, contact=priya, correction={"phone": "+44 1632 960999", "name": ""})
    new = called(collector, hotels, O.SPOKE, correction={"name": "Tom Reed", "phone": "01632 960555"})

    priya.refresh_from_db()
    assert (priya.phone, priya.name) == ("+44 1632 960999", "Priya Nair")
    assert new.contact is not None and new.contact.name == "Tom Reed"


def test_the_manager_hears_of_difficult_conversations(
    collector: User, manager: User, hotels: Customer, invoice: OpenItem, send: Callable[[], Any]
) -> None:
    called(collector, hotels, O.SPOKE, is_difficult=True, note="Threatens to leave.")
    called(collector, hotels, O.CANNOT_PAY, note="No cash until spring.")
    called(collector, hotels, O.SPOKE)
    Message.objects.update(not_before=clock.now())
    send()

    told = Message.objects.filter(kind="difficult_conversation").order_by("pk")
    assert [message.to_addresses for message in told] == [["maya@o2c.example"]] * 2
    assert "Threatens to leave." in told[0].text and "Cannot pay" in told[1].text


def test_sent_twice_it_is_one_call_and_a_mistake_is_taken_back(
    uk: LegalEntity, collector: User, clerk: User, hotels: Customer
) -> None:
    key = str(uuid4())
    call = called(collector, hotels, O.NO_ANSWER, request_id=key)
    assert called(collector, hotels, O.NO_ANSWER, request_id=key) == call

    with pytest.raises(NotLoggable, match="Only who wrote the call down"):
        take_back_call(by=clerk, call=call)
    take_back_call(by=collector, call=call)
    take_back_call(by=collector, call=call)

    assert day_count(entity=uk, on=TODAY).called == 0
    assert called(collector, hotels, O.NO_ANSWER).attempt == 1


def test_the_database_keeps_what_was_written_down(collector: User, hotels: Customer) -> None:
    call = called(collector, hotels, O.SPOKE, note="Will pay")
    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(note="Will not pay")
    with pytest.raises(DatabaseError), transaction.atomic():
        call.delete()


def test_who_may_not_write_calls_down(hotels: Customer, auditor: User, stranger: User) -> None:
    for person in (auditor, stranger):
        with pytest.raises(NotAllowed):
            called(person, hotels, O.SPOKE)


# The telephone system ------------------------------------------------------------------------------------------------


def told(by: User, entity: LegalEntity, **facts: Any) -> Call:
    event = CallEvent(
        **{
            "external_id": str(uuid4()),
            "direction": Call.Direction.IN,
            "number": "01632 960147",
            "started_at": clock.now(),
            "seconds": 0,
            "is_answered": False,
            **facts,
        }
    )
    return record_call_event(by=by, entity=entity, event=event)


def test_a_voicemail_waits_with_its_deadline_until_somebody_calls_back(
    uk: LegalEntity, collector: User, hotels: Customer, priya: Contact
) -> None:
    call = told(collector, uk, has_voicemail=True)

    assert (call.customer, call.contact, call.outcome) == (hotels, priya, O.VOICEMAIL)
    assert call.next_on is not None and call.next_on > clock.today(uk)
    assert list(to_return(uk)) == [call]

    back = called(collector, hotels, O.SPOKE, on=clock.today(uk))

    call.refresh_from_db()
    assert call.returned_by == back
    assert not to_return(uk).exists()


def test_the_same_event_is_taken_in_once_and_an_unknown_number_is_kept(
    uk: LegalEntity, collector: User, hotels: Customer
) -> None:
    first = told(collector, uk, external_id="A-1", number="0999 1234567")
    assert told(collector, uk, external_id="A-1", number="0999 1234567") == first
    assert (first.customer, first.outcome) == (None, O.MISSED)


def test_a_number_of_two_customers_is_nobodys(
    uk: LegalEntity, hotels: Customer, priya: Contact, new_customer: Callable[..., Customer]
) -> None:
    assert contact_with_number(uk, "(01632) 960-147") == priya
    Contact.objects.filter(customer=new_customer("C-2", "Castle Fibre")).update(phone=priya.phone)
    Contact.objects.get(customer__code="C-2").save()

    assert contact_with_number(uk, "(01632) 960-147") is None
    assert contact_with_number(uk, "147") is None


def test_an_answered_call_waits_for_its_outcome_and_gets_it_once(
    uk: LegalEntity, collector: User, hotels: Customer, priya: Contact
) -> None:
    event = told(collector, uk, direction=Call.Direction.OUT, is_answered=True, seconds=95)
    assert event.outcome == O.UNKNOWN

    written = called(collector, hotels, O.SPOKE, on=clock.today(uk), told=event, note="Pays on Friday")

    assert (written.pk, written.seconds, written.agent) == (event.pk, 95, collector)
    with pytest.raises(NotLoggable, match="written down already"):
        called(collector, hotels, O.SPOKE, on=clock.today(uk), told=written)


def test_a_call_that_was_told_and_written_down_is_one_attempt(
    collector: User, hotels: Customer, priya: Contact, invoice: OpenItem, uk: LegalEntity
) -> None:
    now, today = clock.now(), clock.today(uk)
    facts: dict[str, Any] = {"direction": Call.Direction.OUT, "is_answered": True, "seconds": 20, "started_at": now}
    for number in (1, 2):
        event = told(collector, uk, external_id=f"A-{number}", **facts)
        written = called(collector, hotels, O.VOICEMAIL_LEFT, on=today, told=event)
        assert written.attempt == number

    assert not Message.objects.filter(kind="missed_you").exists()
    called(collector, hotels, O.NO_ANSWER, on=today)
    assert Message.objects.filter(kind="missed_you").count() == 1


def test_the_telephone_system_tells_over_the_api(
    client: Client, uk: LegalEntity, collector: User, hotels: Customer, priya: Contact
) -> None:
    _, secret = issue_token(by=collector, name="Telephone", scopes=["calls:read", "calls:write"])
    head = {"Authorization": f"Bearer {secret}"}
    facts = {
        "external_id": "T-77", "direction": "out", "number": "+441632960147", "is_answered": False,
        "started_at": "2026-11-10T09:12:00Z", "agent": collector.email,
    }  # fmt: skip

    answers = [client.post("/api/v1/calls/", facts, content_type="application/json", headers=head) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["customer"] == "C-10420" and answers[0].json()["outcome"] == "no_answer"
    assert Call.objects.count() == 1
    listed = client.get("/api/v1/calls/?customer=C-10420", headers=head).json()["results"]
    assert [row["external_id"] for row in listed] == ["T-77"]


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_collector_writes_a_call_down_on_its_page(
    collector: User, hotels: Customer, priya: Contact, invoice: OpenItem, signed_in: Callable[[User], Client]
) -> None:
    browser, url = signed_in(collector), f"/customers/{hotels.pk}/calls/new/"
    page = browser.get(url).content.decode()
    assert "tel:+441632960147" in page and "RF98 C104 20" in page and "INV-1" in page

    assert browser.post(url, {"outcome": "promise", "request_id": str(uuid4())}).status_code == 422
    browser.post(url, {"outcome": "callback", "next_on": "2027-01-04", "request_id": str(uuid4())})

    assert Call.objects.get().outcome == O.CALLBACK
    for address in ("/calls/", "/calls/?view=return", "/calls/?view=open", f"/customers/{hotels.pk}/calls/"):
        assert browser.get(address).status_code == 200
    assert browser.get("/calls/?format=xlsx").status_code == 200
