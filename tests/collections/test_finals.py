"""Finals: asked about on the 6th business day or once they are declared, followed to the payment or the suspension."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from ar_collections import finals_runs, sources
from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.finals import (
    NotAboutAFinal,
    Question,
    answer_final_question,
    ask_final_question,
    record_final_receipt,
)
from ar_collections.calls import CallOutcome
from ar_collections.finals import Facts, QuestionKind, Task, contacts_of, months_from, next_task, starts_on
from ar_collections.models import DunningNotice, FinalQuestion, FinalReceipt, NoticeLine
from ar_collections.queries.finals import finals_calendar, finals_of_month, unpaid_finals
from ar_collections.segments import FINAL
from ar_collections.sources import FinalDocument, Source
from core.calendars import BusinessCalendar
from core.errors import NotAllowed
from core.models import LegalEntity, Run, User
from customers.models import Customer
from ledger.models import OpenItem
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, night, office_hours, switch_all_on
from tests.collections.suspending import clock_at

ENGLAND, BARE = BusinessCalendar("GB", "ENG"), BusinessCalendar()
SEPTEMBER = date(2026, 9, 1)
SIXTH = date(2026, 10, 8)
DUE = date(2026, 10, 29)


class Leavers(Source):
    """Stands for billing: these documents are the finals of September."""

    items: dict[int, date]
    declared: dict[date, date]

    def __init__(self) -> None:
        self.items, self.declared = {}, {}

    def finals(self, entity: LegalEntity, first_on: date, last_on: date, customers: Any = None) -> list[FinalDocument]:
        documents = [FinalDocument(item, left_on, SEPTEMBER) for item, left_on in self.items.items()]
        return [each for each in documents if first_on <= each.month_on <= last_on]

    def finals_declared(self, entity: LegalEntity, months: Any) -> dict[date, date]:
        return self.declared

    def kinds(self, customers: Any) -> dict[int, str]:
        return dict.fromkeys(self.items, FINAL)


@pytest.fixture
def leavers(monkeypatch: pytest.MonkeyPatch) -> Leavers:
    found = Leavers()
    monkeypatch.setattr(sources, "_made", lambda paths: (found,))
    return found


@pytest.fixture
def final(manager: User, uk: LegalEntity, account: Books, leavers: Leavers) -> OpenItem:
    switch_all_on(manager, uk)
    item = account.invoice("INV-F", "900.00", date(2026, 9, 29), DUE)
    leavers.items[item.pk] = date(2026, 9, 30)
    return item


def ask_all(entity: LegalEntity, on: date, hour: int = 4) -> Run | None:
    """The run of a day, as beat starts it."""
    with patch("core.clock.now", lambda: at(on, hour)):
        run = finals_runs.due_run(entity, at(on, hour))
        if run is not None:
            finals_runs.carry_out(run)
    return run


def call(by: User, customer: Customer, on: date) -> None:
    with clock_at(on):
        log_call(by=by, customer=customer, log=CallLog(outcome=CallOutcome.SPOKE), on=on)


def task(entity: LegalEntity, on: date) -> Task:
    [row] = finals_of_month(entity, SEPTEMBER, today=on)
    return row.task


@pytest.mark.parametrize(
    ("calendar", "month", "day"),
    [
        (ENGLAND, date(2025, 12, 1), date(2026, 1, 9)),
        (BARE, date(2025, 12, 1), date(2026, 1, 8)),
        (ENGLAND, date(2026, 4, 1), date(2026, 5, 11)),
        (BARE, date(2026, 10, 1), date(2026, 11, 9)),
        (BARE, date(2026, 11, 1), date(2026, 12, 8)),
    ],
)
def test_finals_are_contacted_from_the_sixth_business_day(calendar: BusinessCalendar, month: date, day: date) -> None:
    assert starts_on(calendar, month) == day
    assert starts_on(calendar, month, day - timedelta(days=3)) <= day
    assert starts_on(calendar, month, day + timedelta(days=9)) == day


def test_twelve_months_are_shown_from_the_one_before_this() -> None:
    months = months_from(date(2026, 1, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 12, 1), date(2026, 11, 1), 12)


def test_what_is_next_follows_what_was_done() -> None:
    facts: dict[str, Any] = {"due_on": DUE, "is_open": True, "starts_on": SIXTH}
    five, fifteen = DUE + timedelta(days=5), DUE + timedelta(days=15)
    both: dict[str, Any] = {"calls": [SIXTH], "mails": [SIXTH]}

    assert next_task(Facts(**facts), SIXTH - timedelta(days=1)) == Task.SOON
    assert next_task(Facts(**facts), SIXTH) == Task.CALL
    assert next_task(Facts(**facts, calls=[SIXTH]), SIXTH) == Task.MAIL
    assert next_task(Facts(**facts, **both), SIXTH) == Task.ASK
    assert next_task(Facts(**facts, **both, received=True), SIXTH) == Task.WAIT
    assert next_task(Facts(**facts, **both, received=True, open_questions=1), SIXTH) == Task.ANSWER
    assert next_task(Facts(**facts, **both, received=True), five) == Task.CALL_AGAIN
    assert next_task(Facts(**facts, calls=[SIXTH, five], mails=[SIXTH], received=True), five) == Task.MAIL_AGAIN
    assert next_task(Facts(**facts, calls=[SIXTH, five], mails=[SIXTH, five]), five) == Task.WAIT
    assert next_task(Facts(**facts, calls=[SIXTH, five], mails=[SIXTH, five]), fifteen) == Task.CALL_AGAIN
    assert next_task(Facts(**facts), DUE + timedelta(days=31)) == Task.SUSPEND
    assert next_task(Facts(**facts, has_case=True), DUE + timedelta(days=31)) == Task.WAIT
    assert next_task(Facts(**{**facts, "is_open": False}), five) == Task.DONE
    assert [contact.called_on for contact in contacts_of(Facts(**facts, calls=[SIXTH, fifteen]))] == [
        SIXTH, None, fifteen,
    ]  # fmt: skip


@pytest.mark.django_db
def test_everybody_with_a_final_is_asked_once_and_the_ladder_goes_on_from_there(
    uk: LegalEntity, final: OpenItem, hotels: Customer, collector: User, leavers: Leavers
) -> None:
    assert ask_all(uk, SIXTH - timedelta(days=1)) is None
    run = ask_all(uk, SIXTH)
    assert run is not None and run.state == Run.State.DONE and run.result["messages"] == 1
    assert ask_all(uk, SIXTH) is None and ask_all(uk, SIXTH + timedelta(days=1)) is None, "asked once"
    finals_runs.carry_out(run)
    office_hours(SIXTH)
    notice = DunningNotice.objects.get()
    assert (notice.step.code, notice.message and notice.message.kind) == ("received", "notice_received")
    assert notice.asks_call and task(uk, SIXTH) == Task.CALL

    for day in (10, 19, 20):
        night(uk, date(2026, 10, day))
    assert NoticeLine.objects.filter(step_code="received").count() == 1, "ten days before it is due nobody asks again"
    call(collector, hotels, SIXTH)
    assert task(uk, SIXTH) == Task.ASK
    assert not FinalReceipt.objects.exists()


@pytest.mark.django_db
def test_a_declared_month_is_asked_about_at_once_and_a_missed_day_is_made_up(
    uk: LegalEntity, final: OpenItem, leavers: Leavers
) -> None:
    leavers.declared[SEPTEMBER] = date(2026, 10, 2)
    assert finals_calendar(uk, date(2026, 10, 2))[0].starts_on == date(2026, 10, 2)

    run = ask_all(uk, date(2026, 10, 6))

    assert run is not None and Message.objects.filter(kind="notice_received").count() == 1
    assert ask_all(uk, date(2026, 10, 3)) is None, "a Saturday"


@pytest.mark.django_db
def test_nobody_is_asked_before_a_strategy_is_switched_on(
    uk: LegalEntity, account: Books, leavers: Leavers, hotels: Customer
) -> None:
    item = account.invoice("INV-F", "900.00", date(2026, 9, 29), DUE)
    leavers.items[item.pk] = date(2026, 9, 30)

    assert ask_all(uk, SIXTH) is None and not DunningNotice.objects.exists()
    assert task(uk, SIXTH) == Task.CALL, "people see it all the same"


@pytest.mark.django_db
def test_a_question_stands_in_the_list_until_it_is_answered(
    uk: LegalEntity, final: OpenItem, collector: User, manager: User, auditor: User
) -> None:
    asked = Question(QuestionKind.EXEMPTION, "They want to send their exemption certificate", manager)
    question = ask_final_question(by=collector, item=final, question=asked, asked_on=SIXTH)
    assert ask_final_question(by=collector, item=final, question=asked, asked_on=SIXTH) == question
    assert question.due_on == date(2026, 10, 13) and task(uk, SIXTH) == Task.ANSWER
    with pytest.raises(NotAllowed):
        ask_final_question(by=auditor, item=final, question=asked, asked_on=SIXTH)
    with pytest.raises(NotAboutAFinal, match="Write the answer"):
        answer_final_question(by=manager, question=question, answer=" ", on=SIXTH)

    file = ("certificate.pdf", b"%PDF-1.7 certificate")
    answered = answer_final_question(by=manager, question=question, answer="It is here", on=SIXTH, file=file)

    assert (answered.answered_by, answered.file and answered.file.name) == (manager, "certificate.pdf")
    assert task(uk, SIXTH) == Task.CALL
    with pytest.raises(DatabaseError), transaction.atomic():
        FinalQuestion.objects.filter(pk=question.pk).update(answer="something else")


@pytest.mark.django_db
def test_a_final_that_did_not_arrive_becomes_a_question(uk: LegalEntity, final: OpenItem, collector: User) -> None:
    for _ in range(2):
        record_final_receipt(by=collector, item=final, arrived=False, said_by="Priya Nair", said_on=SIXTH)

    assert FinalReceipt.objects.count() == FinalQuestion.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        FinalReceipt.objects.update(arrived=True)
    with pytest.raises(NotAboutAFinal, match="who says"):
        record_final_receipt(by=collector, item=final, arrived=True, said_by="", said_on=SIXTH)


@pytest.mark.django_db
def test_the_pages_lead_from_the_list_to_the_answer_without_scripts(
    uk: LegalEntity,
    final: OpenItem,
    collector: User,
    auditor: User,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    browser = signed_in(collector)
    with clock_at(SIXTH), django_assert_max_num_queries(45):
        page = browser.get("/finals/").content.decode()
    assert "INV-F" in page and "September 2026" in page and "August 2027" in page and "Call" in page
    with clock_at(SIXTH):
        assert browser.get("/finals/?month=2026-09-01&q=nobody").content.decode().count("No final has that") == 1
        assert browser.get("/finals/?format=xlsx").status_code == 200
        kept = {"question-kind": "exemption", "question-text": "Their certificate"}
        answer = browser.post(f"/finals/{final.pk}/questions/", kept, follow=True).content.decode()
        assert "Their certificate" in answer
        received = {"receipt-arrived": "yes", "receipt-said_by": "Priya Nair"}
        assert "It arrived" in browser.post(f"/finals/{final.pk}/received/", received, follow=True).content.decode()
        question = FinalQuestion.objects.get()
        file = SimpleUploadedFile("c.pdf", b"%PDF-1.7 c")
        done = browser.post(
            f"/finals/questions/{question.pk}/answer/", {"answer-answer": "Sent", "answer-file": file}, follow=True
        )
        assert "Answered" in done.content.decode()
        assert browser.post(f"/finals/questions/{question.pk}/answer/", {}).status_code == 422
        assert "Write it down" not in signed_in(auditor).get(f"/finals/{final.pk}/").content.decode()
        rows = unpaid_finals(uk, today=SIXTH)
    assert [row.item for row in rows] == [final]
    with clock_at(SIXTH + timedelta(days=240)):
        page = browser.get("/finals/").content.decode()
        assert "INV-F" not in page and 'href="?older=on"' in page, "what is older than six months is not lost"
        assert "INV-F" in browser.get("/finals/?older=on").content.decode()
        assert "INV-F" in browser.get("/finals/?month=2026-09-01").content.decode()
        assert browser.get("/finals/?month=0001-01-01").status_code == 200
