"""At the second of sending: who has paid, promised, disputed or is held meanwhile gets nothing, or a shorter mail."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from ar_collections.actions import Claim, open_dispute
from ar_collections.actions.checking import check_notice
from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.promises import Pledge, record_promise
from ar_collections.models import DunningHold, DunningNotice
from ar_collections.reasons import DeductionReason
from ar_collections.sources import OnItsWay, Source
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.models import OpenItem
from messaging.actions import cancel_message, resend_message
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, night, office_hours, steps_of, switch_all_on

DAY = date(2026, 5, 11)
DUE = date(2026, 5, 4)
NEXT = DAY + timedelta(days=1)


class Seen(Source):
    """A room above that has seen money, or knows that a document never arrived."""

    money: tuple[OnItsWay, ...] = ()
    lost: dict[int, str] = {}  # noqa: RUF012 - set by each test

    def on_its_way(self, customers: object) -> tuple[OnItsWay, ...]:
        return self.money

    def undelivered(self, customers: object) -> dict[int, str]:
        return self.lost


@pytest.fixture(autouse=True)
def ladders(books: LegalEntity, manager: User, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_all_on(manager, books)
    settings.COLLECTION_SOURCES = ["tests.collections.test_truth_at_sending.Seen"]  # type: ignore[attr-defined]
    monkeypatch.setattr(Seen, "money", ())
    monkeypatch.setattr(Seen, "lost", {})


@pytest.fixture
def one(account: Books, books: LegalEntity) -> OpenItem:
    """One overdue invoice, and its reminder in the outbox."""
    item = account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    night(books, DAY)
    return item


def pay(account: Books, item: OpenItem, amount: str) -> None:
    account.apply(account.receipt("RC-1", amount, DAY), item, amount, DAY)


def is_held_back(reason: str) -> bool:
    """What stands on the customer's timeline, and in the notice."""
    office_hours(DAY)
    message, notice = Message.objects.get(), DunningNotice.objects.get()
    assert (message.state, message.reason) == ("cancelled", notice.held_back)
    assert not notice.lines.filter(fell_out="").exists()
    assert AuditEvent.objects.filter(event="notice.held_back").count() == 1
    return reason in notice.held_back


def test_nothing_changed_and_it_leaves(one: OpenItem) -> None:
    assert office_hours(DAY).sent == 1
    assert steps_of("INV-1") == [(DAY, "first_chase")]


def test_paid_meanwhile(one: OpenItem, account: Books) -> None:
    pay(account, one, "900.00")
    assert is_held_back("settled")


def test_paid_but_not_applied_yet(one: OpenItem, account: Books) -> None:
    account.receipt("RC-1", "900.00", DAY)
    assert is_held_back("INV-1: RC-1 waits to be applied")


def test_money_seen_at_the_bank(one: OpenItem, hotels: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = OnItsWay(hotels.pk, "GBP", Decimal("900.00"), "Bank line of 11 May 2026, not posted yet")
    monkeypatch.setattr(Seen, "money", (seen,))
    assert is_held_back("INV-1: Bank line of 11 May 2026, not posted yet")


def test_the_document_never_arrived(one: OpenItem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Seen, "lost", {one.pk: "INV-1 never arrived"})
    assert is_held_back("INV-1 never arrived")


def test_promised_meanwhile(one: OpenItem, hotels: Customer, collector: User) -> None:
    pledge = Pledge(currency="GBP", instalments=[(DAY + timedelta(days=3), Decimal("900.00"))], said_by="Priya Nair")
    record_promise(by=collector, customer=hotels, pledge=pledge, taken_on=DAY)
    assert is_held_back("INV-1: Promised until")


def test_disputed_meanwhile(one: OpenItem, collector: User) -> None:
    claim = Claim(DeductionReason.PRICE, money("900.00 GBP"))
    open_dispute(by=collector, item=one, claim=claim, opened_on=DAY)
    assert is_held_back("disputed")


@pytest.mark.parametrize("kind", list(DunningHold.Kind))
def test_held_meanwhile(one: OpenItem, hotels: Customer, collector: User, kind: DunningHold.Kind) -> None:
    place_hold(by=collector, customer=hotels, facts=HoldFacts(kind, "The manager asked for it"), placed_on=DAY)
    assert is_held_back("The manager asked for it")


def test_their_mailbox_is_closed_meanwhile(one: OpenItem, hotels: Customer, collector: User) -> None:
    facts = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "No mails please", channel="email")
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=DAY)
    assert is_held_back("No mails please")


def test_whoever_gets_all_by_post_and_wants_no_letters_gets_none(
    account: Books, books: LegalEntity, hotels: Customer, collector: User
) -> None:
    Customer.objects.filter(pk=hotels.pk).update(delivery="print")
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    night(books, DAY)
    assert Message.objects.get().channel == "print"
    facts = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "No letters please", channel="letter")
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=DAY)
    assert is_held_back("No letters please")

    night(books, NEXT)

    assert Message.objects.count() == 1


def test_whoever_gets_all_by_post_is_written_to_though_their_mailbox_is_closed(
    account: Books, books: LegalEntity, hotels: Customer, collector: User
) -> None:
    Customer.objects.filter(pk=hotels.pk).update(delivery="print")
    account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    facts = HoldFacts(DunningHold.Kind.DO_NOT_CONTACT, "No mails please", channel="email")
    place_hold(by=collector, customer=hotels, facts=facts, placed_on=DAY)

    night(books, DAY)
    office_hours(DAY)

    assert Message.objects.get().state == "to_print"


def test_what_was_held_back_is_asked_for_once_it_is_true_again(
    one: OpenItem, books: LegalEntity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seen, "lost", {one.pk: "INV-1 never arrived"})
    office_hours(DAY)
    monkeypatch.setattr(Seen, "lost", {})

    night(books, NEXT)
    office_hours(NEXT)

    assert steps_of("INV-1") == [(NEXT, "first_chase")]
    assert Message.objects.filter(state="sent").count() == 1


def test_what_fell_out_is_not_in_the_text_and_the_rest_is(account: Books, books: LegalEntity, collector: User) -> None:
    paid = account.invoice("INV-1", "900.00", date(2026, 4, 4), DUE)
    contested = account.invoice("INV-2", "300.00", date(2026, 4, 4), DUE)
    account.invoice("INV-3", "80.00", date(2026, 4, 4), DUE)
    night(books, DAY)
    pay(account, paid, "900.00")
    claim = Claim(DeductionReason.PRICE, money("100.00 GBP"))
    open_dispute(by=collector, item=contested, claim=claim, opened_on=DAY)

    assert office_hours(DAY).sent == 1

    message = Message.objects.get()
    assert message.subject == "Reminder: £280.00 is overdue to Brightwater"
    assert "INV-1" not in message.text
    assert "Invoice INV-2: £200.00" in message.text
    assert steps_of("INV-1") == []
    assert "INV-1: It is settled" in AuditEvent.objects.get(event="notice.shortened").reason


def test_a_sharp_letter_does_not_go_for_what_is_only_at_the_first_step(account: Books, books: LegalEntity) -> None:
    old = account.invoice("INV-1", "900.00", date(2026, 4, 4), DAY - timedelta(days=12))
    night(books, DAY - timedelta(days=6))
    office_hours(DAY - timedelta(days=6))
    account.invoice("INV-2", "300.00", date(2026, 4, 4), DAY - timedelta(days=3))
    later = DAY + timedelta(days=3)
    night(books, later)
    assert DunningNotice.objects.get(decided_on=later).step.code == "second_chase"
    account.apply(account.receipt("RC-1", "900.00", later), old, "900.00", later)
    office_hours(later)

    assert "“Second reminder” was about is settled" in DunningNotice.objects.get(decided_on=later).held_back
    assert steps_of("INV-2") == []
    night(books, later + timedelta(days=1))
    assert steps_of("INV-2") == [(later + timedelta(days=1), "first_chase")]


@pytest.mark.parametrize(("hour", "reason"), [(6, ""), (17, "working hours"), (23, "was over")])
def test_nothing_leaves_outside_the_working_hours(one: OpenItem, hour: int, reason: str) -> None:
    """08:00 to 18:00 in London are 07:00 to 17:00 UTC in May; 23:00 UTC is the next day there."""
    office_hours(DAY, hour)

    message = Message.objects.get()
    assert message.state == ("cancelled" if reason else "queued")
    assert reason in message.reason


def test_a_mail_that_stood_for_a_week_is_decided_anew(one: OpenItem, books: LegalEntity) -> None:
    week = DAY + timedelta(days=7)

    run = night(books, week)
    office_hours(week)

    assert run.result["stale"] == 1
    assert steps_of("INV-1") == [(week, "first_chase")]
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "sent"]


def test_a_mail_that_came_back_takes_no_step(one: OpenItem, books: LegalEntity) -> None:
    office_hours(DAY)
    Message.objects.update(state="bounced", reason="550 No such user.")

    night(books, NEXT)
    office_hours(NEXT)

    assert steps_of("INV-1") == [(NEXT, "first_chase")]
    lost = DunningNotice.objects.get(decided_on=DAY)
    assert lost.held_back == "It reached nobody: 550 No such user. The next review decides anew."
    assert Message.objects.filter(state="sent").count() == 1


def test_a_mail_that_came_back_and_was_sent_to_another_address_stays_taken(
    one: OpenItem, books: LegalEntity, collector: User
) -> None:
    office_hours(DAY)
    message = Message.objects.get()
    Message.objects.update(state="bounced", reason="550 No such user.")
    resend_message(by=collector, message=message, to=["boss@hotels.example"], request_id=uuid4())
    office_hours(DAY, 10)

    night(books, NEXT)

    assert steps_of("INV-1") == [(DAY, "first_chase")]


def test_a_mail_that_a_person_held_back_stays_decided(one: OpenItem, books: LegalEntity, collector: User) -> None:
    cancel_message(by=collector, message=Message.objects.get(), reason="I speak to them this afternoon")

    night(books, NEXT)

    assert steps_of("INV-1") == [(DAY, "first_chase")]
    assert Message.objects.count() == 1


def test_only_the_sender_checks(one: OpenItem, manager: User) -> None:
    with pytest.raises(NotAllowed):
        check_notice(by=manager, message=Message.objects.get(), at=at(DAY, 9))


def test_the_check_asks_few_questions(
    one: OpenItem, system: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        assert check_notice(by=system, message=Message.objects.get(), at=at(DAY, 9)) == ""
